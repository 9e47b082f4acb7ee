/** There is no memory for the pixels, or the file is broken inside. */
export class DecodeError extends Error {
  override readonly name: string = "DecodeError";
}

/** The file is broken inside, whatever memory there is. */
export class DamageError extends DecodeError {
  override readonly name = "DamageError";
}

/** There is no memory for the pixels, or the file is broken inside. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;
/** Encrypted at a time, so that a large picture needs no second one beside it in memory. */
const pieceBytes = 1024 * 1024;

/** 32 bytes, as hex. */
export function createKey(): string {
  return randomBytes(32).toString("hex");
}

/** AES-256-GCM: nonce, ciphertext, tag. */
export function* seal(bytes: Uint8Array, key: string): Generator<Uint8Array> {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, Buffer.from(key, "hex"), nonce, { authTagLength: tagBytes });
  yield nonce;
  for (let start = 0; start < bytes.byteLength; start += pieceBytes)
    yield cipher.update(bytes.subarray(start, start + pieceBytes));
  yield Buffer.concat([cipher.final(), cipher.getAuthTag()]);
}

/** Undefined when it is not what was sealed with this key, to the last bit. */
export function unseal(sealed: Uint8Array, key: string): Uint8Array | undefined {
  if (sealed.byteLength < nonceBytes + tagBytes) return undefined;
  const nonce = sealed.subarray(0, nonceBytes);
  const decipher = createDecipheriv(algorithm, Buffer.from(key, "hex"), nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const bytes = decipher.update(sealed.subarray(nonceBytes, -tagBytes));
  try {
    decipher.final();
    return bytes;
  } catch {
    return undefined;
  }
}

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

/** Of what is sealed piece by piece: so much of it is in memory at a time. */
export const sealedPieceBytes = 64 * 1024;
export const sealedExtraBytes = tagBytes;

/** A key seals one file, so that a piece's number and whether it is the last tell its nonce from every other: the STREAM construction. */
function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(nonceBytes);
  nonce.writeUInt32BE(number, nonceBytes - 5);
  nonce.writeUInt8(isLast ? 1 : 0, nonceBytes - 1);
  return nonce;
}

/** One piece, of `sealedPieceBytes` but for the last, and its tag. */
function sealPiece(piece: Uint8Array, key: Buffer, number: number, isLast: boolean): Buffer {
  const cipher = createCipheriv(algorithm, key, nonceOf(number, isLast), { authTagLength: tagBytes });
  return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
}

/** Seals what comes in pieces of any length, so that each can be opened without the others and none can be left out. */
export async function* sealPieces(pieces: AsyncIterable<Uint8Array>, key: string): AsyncGenerator<Uint8Array> {
  const secret = Buffer.from(key, "hex");
  const buffer = Buffer.allocUnsafeSlow(sealedPieceBytes);
  let size = 0;
  let number = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      // Only now it is known not to be the last.
      if (size === sealedPieceBytes) {
        yield sealPiece(buffer, secret, number, false);
        number += 1;
        size = 0;
      }
      const part = piece.subarray(at, at + sealedPieceBytes - size);
      buffer.set(part, size);
      size += part.length;
      at += part.length;
    }
  }
  yield sealPiece(buffer.subarray(0, size), secret, number, true);
}

/** Undefined when it is not the piece that was sealed there, to the last bit. */
export function unsealPiece(sealed: Uint8Array, key: string, number: number, isLast: boolean): Uint8Array | undefined {
  if (sealed.byteLength < tagBytes) return undefined;
  const nonce = nonceOf(number, isLast);
  const decipher = createDecipheriv(algorithm, Buffer.from(key, "hex"), nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const bytes = decipher.update(sealed.subarray(0, -tagBytes));
  try {
    decipher.final();
    return bytes;
  } catch {
    return undefined;
  }
}

/**
 * Gives large memory back now; the bytes are gone, for everybody. Left to the collector, two pictures' worth for each upload
 * brings a full collection every few uploads. Small bytes, which may lie in Node's shared pool, are left alone.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (byteLength > Buffer.poolSize && buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}

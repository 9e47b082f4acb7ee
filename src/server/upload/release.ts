/**
 * Gives large memory back now; the bytes are gone, for everybody. Left to the collector, the memory of one upload after another
 * brings a full collection every eight of them. What may lie in Node's shared pool is left alone.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (byteLength >= Buffer.poolSize / 2 && buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}

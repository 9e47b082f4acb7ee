/** Pictures by content. What `put` has returned survives a crash and a power cut. */
export interface BlobStore {
  /**
   * Keeps the bytes under their SHA-256 (lower-case hex), which is computed unless the caller has computed it. Storing the same
   * bytes again is harmless.
   */
  put(bytes: Uint8Array, sha256?: string): Promise<{ readonly sha256: string; readonly size: number }>;
  /** The bytes, checked against their address. Throws when they cannot be read at this moment. */
  get(sha256: string): Promise<Uint8Array | "absent" | "damaged">;
  has(sha256: string): Promise<boolean>;
  /** The addresses of all blobs, a hundred at most at a time; those that come or go meanwhile may be missing. */
  list(): AsyncIterable<readonly string[]>;
  /** Removes what was last put before `before` (epoch ms). False when it is younger or absent. */
  removeIfOlder(sha256: string, before: number): Promise<boolean>;
  /** Removes what crashes left half-written, unless it may still be being written; gives how many there were. */
  removeLeftovers(): Promise<number>;
}

/** Where a sealed picture lies, and what opens it: both 64 hex digits, at random. */
export interface Sealed {
  readonly file: string;
  readonly key: string;
}

/** Pictures, each sealed with a key of its own that is kept elsewhere: without it nobody can read any copy of the file. */
export interface BlobStore {
  /** Seals the bytes into a new file; none that are readable ever lie on the disk. What has been returned survives a crash and a power cut. */
  put(bytes: Uint8Array): Promise<Sealed>;
  /** The same for what comes in pieces, of which a few are in memory at a time. What `pieces` throws is thrown, and nothing is left. */
  putPieces(pieces: AsyncIterable<Uint8Array>): Promise<Sealed>;
  /** What `putPieces` has put, piece by piece. Throws, before the first or between two, when it is absent, damaged or cannot be read. */
  readPieces(sealed: Sealed): AsyncIterable<Uint8Array>;
  /** Seals what lies readable in a file of before, whole or not, into a new one, and leaves the old one as it is. */
  sealAgain(file: string): Promise<Sealed | "absent">;
  /** The bytes, if they are those of this SHA-256 (hex). Throws when they cannot be read at this moment. Without a key: of a file of before. */
  get(picture: { readonly file: string; readonly key: string | null }, sha256: string): Promise<Found>;
  has(file: string): Promise<boolean>;
  /** The names of all files, a hundred at most at a time; those that come or go meanwhile may be missing. */
  list(): AsyncIterable<readonly string[]>;
  /** Has no effect when it is absent. */
  remove(file: string): Promise<void>;
  /** Removes what was written before `before` (epoch ms). False when it is younger or absent. */
  removeIfOlder(file: string, before: number): Promise<boolean>;
  /** Removes what crashes left half-written, unless it may still be being written; gives how many there were. */
  removeLeftovers(): Promise<number>;
}

export type Found = Uint8Array | "absent" | "damaged";

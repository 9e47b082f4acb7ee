import type { Sync } from "./draft-store.ts";

/** Every wait for the database ends by then: Safari has been known to say nothing at all. */
const timeoutMs = 10_000;
/** What a slow phone's storage takes at least. */
const bytesPerMs = 1_000;

const databaseName = "fullbleed";
const storeNames = ["designs", "photos"] as const;

export type DraftId = readonly [scope: string, productId: string];

/** A card without a photo has an empty file of this name. */
export const noPhoto = "none";

/** A design as it lies in the database, whichever version of the designer has written it. */
export interface KeptDesign {
  /** Of one writing. */
  readonly id: string;
  readonly document: unknown;
  readonly photoSha256: string;
  /** Epoch milliseconds, by the clock of the device. */
  readonly at: number;
  readonly sync: Sync;
}

/** A photo's file; its bytes where the browser keeps no files, as Safari in a private window. */
export type KeptFile = Blob | ArrayBuffer;

/**
 * Designs by scope and product; their photos' files, which are written once however often a photo is moved, by SHA-256 as well. Each
 * method is one transaction. All reject where it has failed, and with NoDatabase where there is no use in trying again.
 */
export interface DeviceDatabase {
  read(id: DraftId): Promise<{ readonly design: KeptDesign; readonly file: KeptFile } | undefined>;
  /** `isThere`: the file was written before, and nobody is known to have taken it away. */
  put(id: DraftId, design: KeptDesign, file: KeptFile, isThere: boolean): Promise<void>;
  /** Puts what `change` makes of the design that is there, if one is; null deletes it with its photos. */
  change(id: DraftId, change: (design: KeptDesign) => KeptDesign | null): Promise<void>;
  /** Deletes whatever is there, readable or not. */
  remove(id: DraftId): Promise<void>;
  /** Deletes all designs from before then (epoch ms), whoever's they are, which it names, and photos that no design names any more. */
  removeOld(before: number): Promise<readonly DraftId[]>;
}

/** The browser denies it, or says nothing. */
export class NoDatabase extends Error {
  constructor(options?: ErrorOptions) {
    super("no database", options);
    this.name = "NoDatabase";
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(databaseName, 1);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      reject(new Error("the database was not opened in time"));
    }, timeoutMs);
    opening.onupgradeneeded = () => {
      for (const name of storeNames) opening.result.createObjectStore(name);
    };
    opening.onsuccess = () => {
      clearTimeout(timer);
      // Nobody would let go of it for another tab's next version.
      if (isLate) opening.result.close();
      else resolve(opening.result);
    };
    opening.onerror = () => {
      clearTimeout(timer);
      reject(opening.error ?? new Error("the database was not opened"));
    };
  });
}

let database: Promise<IDBDatabase> | undefined;

/** Stays open, so that what is written while the page is being left needs to wait for nothing. */
function useDatabase(): Promise<IDBDatabase> {
  if (database !== undefined) return database;
  const own = openDatabase();
  database = own;
  const forget = (): void => {
    if (database === own) database = undefined;
  };
  own.then((opened) => {
    opened.onclose = forget;
    // Another tab brings the next version.
    opened.onversionchange = () => {
      forget();
      opened.close();
    };
  }, forget);
  return own;
}

type Stores = Readonly<Record<(typeof storeNames)[number], IDBObjectStore>>;

/**
 * Calls when the browser has kept the page meanwhile, brought it back, and the transaction is over: Firefox never tells a page of one that
 * has ended while it was kept. Until the returned function is called.
 */
function onceReturned(transaction: IDBTransaction, call: () => void): () => void {
  const waiting = new AbortController();
  const callUnlessStopped = (): void => {
    if (!waiting.signal.aborted) call();
  };
  const onShow = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) return;
    try {
      // It has its turn when all those before it have ended and, where the browser does tell, have been told of.
      const next = transaction.db.transaction(storeNames, "readwrite");
      next.oncomplete = callUnlessStopped;
      next.onabort = callUnlessStopped;
    } catch {
      // The database was closed.
      callUnlessStopped();
    }
  };
  addEventListener("pageshow", onShow, { signal: waiting.signal });
  return () => waiting.abort();
}

/** Runs `work` in one transaction and resolves with what it has answered by the end. When it rejects, nothing has changed. */
async function transact<Answer = never>(
  mode: IDBTransactionMode,
  work: (stores: Stores, answer: (value: Answer) => void) => void,
  withinMs = timeoutMs,
): Promise<Answer | undefined> {
  const transaction = await useDatabase()
    .then((opened) => opened.transaction(storeNames, mode))
    .catch((cause: unknown) => Promise.reject(new NoDatabase({ cause })));
  return new Promise((resolve, reject) => {
    let answered: Answer | undefined;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      stop();
      // One that hangs may not even say that it was ended.
      reject(new NoDatabase());
      transaction.abort();
    }, withinMs);
    const stopReturn = onceReturned(transaction, () => {
      stop();
      reject(new Error("the page was left before the transaction had ended"));
    });
    const stop = (): void => {
      clearTimeout(timer);
      stopReturn();
    };
    transaction.oncomplete = () => {
      stop();
      resolve(answered);
    };
    transaction.onabort = () => {
      stop();
      if (!isLate) reject(transaction.error ?? new Error("the transaction was ended"));
    };
    const [designs, photos] = [transaction.objectStore("designs"), transaction.objectStore("photos")];
    try {
      work({ designs, photos }, (value) => {
        answered = value;
      });
    } catch (cause) {
      reject(cause);
      transaction.abort();
    }
  });
}

interface OtherDesign {
  readonly document: unknown;
  readonly file: KeptFile | undefined;
}

/** The newest design of another product in the same scope, with its photo's file. Rejects as the methods do. */
export function readOtherDesign([scope, productId]: DraftId): Promise<OtherDesign | undefined> {
  return transact("readonly", ({ designs, photos }, answer) => {
    let newest: { readonly id: DraftId; readonly design: KeptDesign } | undefined;
    const walking = designs.openCursor(IDBKeyRange.bound([scope], [scope, []]));
    walking.onsuccess = () => {
      const cursor = walking.result;
      if (cursor !== null) {
        const [id, design] = [cursor.primaryKey, cursor.value as KeptDesign] as unknown as [DraftId, KeptDesign];
        const isOther = id[1] !== productId && design.photoSha256 !== noPhoto;
        if (isOther && !(newest !== undefined && newest.design.at > design.at)) newest = { id, design };
        cursor.continue();
      } else if (newest !== undefined) {
        const { document, photoSha256 } = newest.design;
        const opening = photos.get(photoId(newest.id, photoSha256));
        opening.onsuccess = () => answer({ document, file: opening.result as KeptFile | undefined });
      }
    };
  });
}

const photoId = (id: DraftId, sha256: string): string[] => [...id, sha256];
/** An array comes after every text. */
const photosOf = (id: DraftId): IDBKeyRange => IDBKeyRange.bound(id, [...id, []]);

function deleteNameless({ photos }: Stores, named: ReadonlySet<string>): void {
  const listing = photos.getAllKeys();
  listing.onsuccess = () => {
    for (const key of listing.result) if (!named.has(JSON.stringify(key))) photos.delete(key);
  };
}

/** The browser's own. */
export const deviceDatabase: DeviceDatabase = {
  read: (id) =>
    transact("readonly", ({ designs, photos }, answer) => {
      const finding = designs.get([...id]);
      finding.onsuccess = () => {
        const design = finding.result as KeptDesign | undefined;
        if (design === undefined) return;
        const opening = photos.get(photoId(id, design.photoSha256));
        opening.onsuccess = () => {
          if (opening.result !== undefined) answer({ design, file: opening.result as KeptFile });
        };
      };
    }),
  put: async (id, design, file, isThere) => {
    const key = photoId(id, design.photoSha256);
    const withinMs = timeoutMs + (file instanceof Blob ? file.size : file.byteLength) / bytesPerMs;
    const putAll = ({ designs, photos }: Stores): void => {
      if (!isThere) {
        // That of the card before.
        photos.delete(photosOf(id));
        photos.put(file, key);
      }
      // Nothing waits for an answer, so that it is done though the page is being left.
      designs.put(design, [...id]).transaction?.commit?.();
    };
    await transact("readwrite", putAll, withinMs);
    if (!isThere) return;
    const putMissing = ({ photos }: Stores): void => {
      const counting = photos.count(key);
      counting.onsuccess = () => {
        if (counting.result === 0) photos.put(file, key);
      };
    };
    // Another tab may have taken it away with its own card.
    await transact("readwrite", putMissing, withinMs);
  },
  change: (id, change) =>
    transact("readwrite", ({ designs, photos }) => {
      const finding = designs.get([...id]);
      finding.onsuccess = () => {
        const before = finding.result as KeptDesign | undefined;
        if (before === undefined) return;
        const after = change(before);
        if (after !== null) return void designs.put(after, [...id]);
        designs.delete([...id]);
        photos.delete(photosOf(id));
      };
    }),
  remove: (id) =>
    transact("readwrite", ({ designs, photos }) => {
      designs.delete([...id]);
      photos.delete(photosOf(id));
    }),
  removeOld: async (before) => {
    const old: DraftId[] = [];
    await transact("readwrite", (stores) => {
      const named = new Set<string>();
      const walking = stores.designs.openCursor();
      walking.onsuccess = () => {
        const cursor = walking.result;
        if (cursor === null) return deleteNameless(stores, named);
        const id = cursor.primaryKey as unknown as DraftId;
        const { at, photoSha256 } = cursor.value as KeptDesign;
        if (at < before) {
          old.push(id);
          cursor.delete();
        } else named.add(JSON.stringify(photoId(id, photoSha256)));
        cursor.continue();
      };
    });
    return old;
  },
};

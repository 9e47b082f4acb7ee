/** Every wait for the database ends by then: Safari has been known to say nothing at all. */
const timeoutMs = 10_000;

const databaseName = "fullbleed";
const storeNames = ["designs", "photos"] as const;

/** Designs by scope and product; their photos' files, which are written once however often a photo is moved, by SHA-256 as well. */
export type Stores = Readonly<Record<(typeof storeNames)[number], IDBObjectStore>>;

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(databaseName, 1);
    const timer = setTimeout(() => reject(new Error("the database was not opened in time")), timeoutMs);
    opening.onupgradeneeded = () => {
      for (const name of storeNames) opening.result.createObjectStore(name);
    };
    opening.onsuccess = () => {
      clearTimeout(timer);
      resolve(opening.result);
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

/**
 * Runs `work` in one transaction and resolves with what it has answered by the end. Rejects when the browser denies the database, has
 * no room, does not take a value, or says nothing; then nothing has changed.
 */
export async function transact<Answer>(
  mode: IDBTransactionMode,
  work: (stores: Stores, answer: (value: Answer) => void) => void,
): Promise<Answer | undefined> {
  const opened = await useDatabase();
  return new Promise((resolve, reject) => {
    const transaction = opened.transaction(storeNames, mode);
    let answered: Answer | undefined;
    const timer = setTimeout(() => transaction.abort(), timeoutMs);
    transaction.oncomplete = () => {
      clearTimeout(timer);
      resolve(answered);
    };
    transaction.onabort = () => {
      clearTimeout(timer);
      reject(transaction.error ?? new Error("the transaction was ended"));
    };
    const [designs, photos] = [transaction.objectStore("designs"), transaction.objectStore("photos")];
    try {
      work({ designs, photos }, (value) => {
        answered = value;
      });
    } catch (cause) {
      transaction.abort();
      reject(cause);
    }
  });
}

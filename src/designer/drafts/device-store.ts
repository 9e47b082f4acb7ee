import { photoOf } from "#design/design.ts";
import { type Stores, transact } from "./device-database.ts";
import { type DraftKey, markDraft } from "./draft-mark.ts";
import { createMemoryStore, type Draft, type DraftStore } from "./draft-store.ts";
import { readDesign } from "./read-design.ts";

/** As long as the server keeps one unless its operator has said otherwise. */
export const keptDays = 30;
const keptMs = keptDays * 24 * 60 * 60_000;

interface KeptDesign {
  readonly document: unknown;
  readonly photoSha256: string;
  /** Epoch milliseconds, by the clock of the device. */
  readonly at: number;
  readonly sync?: Draft["sync"];
}

/** A photo's file; its bytes where the browser keeps no files, as Safari in a private window. */
type KeptFile = Blob | ArrayBuffer;

/** Such a copy is made while nothing else can happen: of so many bytes it takes less than 50 ms. */
const mostCopied = 30_000_000;

type Id = readonly [scope: string, productId: string];

const photoId = (id: Id, sha256: string): string[] => [...id, sha256];
/** An array comes after every text. */
const photosOf = (id: Id): IDBKeyRange => IDBKeyRange.bound(id, [...id, []]);

async function readDraft(id: Id): Promise<Draft | null> {
  const kept = await transact<KeptDesign & { readonly file: KeptFile }>("readonly", ({ designs, photos }, answer) => {
    const finding = designs.get([...id]);
    finding.onsuccess = () => {
      const design = finding.result as KeptDesign | undefined;
      if (design === undefined) return;
      const opening = photos.get(photoId(id, design.photoSha256));
      opening.onsuccess = () => {
        if (opening.result !== undefined) answer({ ...design, file: opening.result as KeptFile });
      };
    };
  });
  const design = kept === undefined ? null : await readDesign(kept.document);
  if (kept === undefined || design === null || photoOf(design)?.sha256 !== kept.photoSha256) return null;
  const photo = { sha256: kept.photoSha256, bytes: new Blob([kept.file]) };
  return { design, photo, ...(kept.sync && { sync: kept.sync }) };
}

/** Takes away what is too old, whoever's it is, since nobody may ever come for it again, and photos that no design names any more. */
function removeOld(now: number): Promise<unknown> {
  const keepNamed = ({ photos }: Stores, named: ReadonlySet<string>): void => {
    const listing = photos.getAllKeys();
    listing.onsuccess = () => {
      for (const key of listing.result) if (!named.has(JSON.stringify(key))) photos.delete(key);
    };
  };
  return transact("readwrite", (stores) => {
    const named = new Set<string>();
    const walking = stores.designs.openCursor();
    walking.onsuccess = () => {
      const cursor = walking.result;
      if (cursor === null) return keepNamed(stores, named);
      const { at, photoSha256 } = cursor.value as KeptDesign;
      if (at < now - keptMs) cursor.delete();
      else named.add(JSON.stringify(photoId(cursor.primaryKey as unknown as Id, photoSha256)));
      cursor.continue();
    };
  });
}

/** One after the other, so that the last to come is the last to be kept. */
function createTurns(): <Answer>(work: () => Promise<Answer>) => Promise<Answer> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const own = last.then(work);
    last = own.catch(() => {});
    return own;
  };
}

/**
 * Keeps the draft on the device, for 30 days after its last change. Where the browser denies that, as it may in a frame of another
 * site, has no room or has thrown it away, it is kept for as long as the page is there.
 */
export function createDeviceStore(key: DraftKey): DraftStore {
  const id: Id = [key.scope, key.productId];
  const inMemory = createMemoryStore();
  /** The photo that is known to be there. */
  let writtenSha256: string | undefined;

  const put = async ({ design, photo: { sha256 }, sync }: Draft, file: KeptFile): Promise<void> => {
    const kept: KeptDesign = { document: design, photoSha256: sha256, at: Date.now(), ...(sync && { sync }) };
    await transact("readwrite", ({ designs, photos }) => {
      if (writtenSha256 !== sha256) photos.put(file, photoId(id, sha256));
      // Nothing waits for an answer, so that it is done though the page is being left.
      designs.put(kept, [...id]).transaction?.commit?.();
    });
    writtenSha256 = sha256;
    markDraft(key, true);
    await inMemory.remove();
  };
  const remove = async (): Promise<void> => {
    markDraft(key, false);
    writtenSha256 = undefined;
    await inMemory.remove();
    const clear = transact("readwrite", ({ designs, photos }) => {
      designs.delete([...id]);
      photos.delete(photosOf(id));
    });
    await clear.catch(() => {});
  };
  const write = async (draft: Draft): Promise<void> => {
    const { bytes } = draft.photo;
    const copies = bytes.size > mostCopied ? [] : [() => bytes.arrayBuffer()];
    for (const readFile of [() => bytes, ...copies]) {
      try {
        return await put(draft, await readFile());
      } catch {
        // An older card would be taken for this one, and is in the way where there is no room.
        await remove();
      }
    }
    await inMemory.write(draft);
  };
  const read = async (): Promise<Draft | null> => {
    const known = await inMemory.read();
    if (known !== null) return known;
    try {
      await removeOld(Date.now());
      const draft = await readDraft(id);
      if (draft === null) markDraft(key, false);
      else writtenSha256 = draft.photo.sha256;
      return draft;
    } catch {
      return null;
    }
  };

  const inTurn = createTurns();
  return {
    read: () => inTurn(read),
    write: (draft) => inTurn(() => write(draft)),
    remove: () => inTurn(remove),
  };
}

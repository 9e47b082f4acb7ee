import { type Design, photoOf } from "#design/design.ts";
import {
  type DeviceDatabase,
  deviceDatabase,
  type DraftId,
  type KeptFile,
  NoDatabase,
  noPhoto,
} from "./device-database.ts";
import { type DraftKey, hasDraftMark, markDraft } from "./draft-mark.ts";
import { createMemoryStore, type DeviceStore, type KeptDraft, type Sync } from "./draft-store.ts";
import { LaterVersion, readDesign } from "./read-design.ts";

/** After so many without a change a draft is taken away, whenever the designer is next opened on the device. */
export const keptDays = 30;
const keptMs = keptDays * 24 * 60 * 60_000;

/** Such a copy is made while nothing else can happen: of so many bytes it takes less than 50 ms. */
const mostCopied = 30_000_000;

/** A draft that waits for its turn to be written. */
interface Waiting {
  draft: KeptDraft;
  done: Promise<void>;
}

class OnDevice implements DeviceStore {
  readonly #key: DraftKey;
  readonly #id: DraftId;
  readonly #database: DeviceDatabase;
  readonly #memory = createMemoryStore();
  /** One after the other, so that the last to come is the last to be kept. */
  #turns: Promise<unknown> = Promise.resolve();
  /** Behind it nothing waits yet, so that a newer draft takes its place. */
  #last: Waiting | null = null;
  /** The database has failed once: a page that tried again with each edit would wait each time. Or what lies there is not to be written over. */
  #isLost = false;
  /** What this page has written or read last. */
  #row: { readonly id: string; readonly photoSha256: string } | undefined;
  /** What lies in the row of this page. */
  #design: Design | null = null;
  #mayBeThere: boolean;

  constructor(key: DraftKey, database: DeviceDatabase) {
    this.#key = key;
    this.#id = [key.scope, key.productId];
    this.#database = database;
    this.#mayBeThere = hasDraftMark(key);
    void this.#inTurn(async () => {
      const old = (await this.#attempt(() => database.removeOld(Date.now() - keptMs))) ?? [];
      for (const [scope, productId] of old) markDraft({ scope, productId }, false);
    });
  }

  read(): Promise<KeptDraft | null> {
    return this.#inTurn(async () => (await this.#memory.read()) ?? (await this.#attempt(() => this.#find())) ?? null);
  }

  write(draft: KeptDraft): Promise<void> {
    if (this.#last !== null) {
      this.#last.draft = draft;
      return this.#last.done;
    }
    const own: Waiting = { draft, done: Promise.resolve() };
    own.done = this.#inTurn(async () => {
      if (this.#last === own) this.#last = null;
      if (!this.#isLost && (await this.#put(own.draft))) return;
      await this.#memory.write(own.draft);
    });
    this.#last = own;
    return own.done;
  }

  note(sync: Sync): Promise<void> {
    return this.#inTurn(async () => {
      await this.#memory.note(sync);
      const own = this.#row?.id;
      if (own === undefined) return;
      await this.#attempt(() => this.#database.change(this.#id, (row) => (row.id === own ? { ...row, sync } : row)));
    });
  }

  has(design: Design): boolean {
    return this.#design === design;
  }

  isReplaced(): Promise<boolean> {
    return this.#inTurn(async () => {
      const found = await this.#attempt(() => this.#database.read(this.#id));
      return found !== undefined && found.design.id !== this.#row?.id;
    });
  }

  remove(isMeant?: (sync: Sync) => boolean): Promise<boolean> {
    return this.#inTurn(async () => {
      await this.#memory.remove(isMeant);
      try {
        if (isMeant === undefined) await this.#removeRow();
        else await this.#database.change(this.#id, (row) => (isMeant(row.sync) ? this.#forget() : row));
        return true;
      } catch {
        return !this.#mayBeThere;
      }
    });
  }

  #inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    this.#last = null;
    const own = this.#turns.then(work);
    this.#turns = own.catch(() => {});
    return own;
  }

  async #attempt<Answer>(work: () => Promise<Answer>): Promise<Answer | undefined> {
    if (this.#isLost) return undefined;
    try {
      return await work();
    } catch (error) {
      if (error instanceof NoDatabase || error instanceof LaterVersion) this.#isLost = true;
      if (error instanceof LaterVersion) throw error;
      return undefined;
    }
  }

  #forget(): null {
    this.#row = undefined;
    this.#design = null;
    this.#mayBeThere = false;
    markDraft(this.#key, false);
    return null;
  }

  async #removeRow(): Promise<void> {
    await this.#database.remove(this.#id);
    this.#forget();
  }

  async #find(): Promise<KeptDraft | null> {
    const found = await this.#database.read(this.#id);
    const design = found === undefined ? null : await readDesign(found.design.document);
    if (found === undefined || design === null || (photoOf(design)?.sha256 ?? noPhoto) !== found.design.photoSha256) {
      markDraft(this.#key, false);
      return null;
    }
    const { id, photoSha256, sync } = found.design;
    this.#row = { id, photoSha256 };
    this.#design = design;
    this.#mayBeThere = true;
    const photo = photoSha256 === noPhoto ? null : { sha256: photoSha256, bytes: new Blob([found.file]) };
    return { design, photo, sync };
  }

  /** False where the database does not take it: then it is not tried again, and no older card lies there to be taken for this one. */
  async #put({ design, photo, sync }: KeptDraft): Promise<boolean> {
    const { sha256, bytes } = photo ?? { sha256: noPhoto, bytes: new Blob([]) };
    const put = async (file: KeptFile): Promise<boolean> => {
      const row = { id: crypto.randomUUID(), document: design, photoSha256: sha256, at: Date.now(), sync };
      await this.#database.put(this.#id, row, file, this.#row?.photoSha256 === sha256);
      this.#row = row;
      this.#design = design;
      this.#mayBeThere = true;
      markDraft(this.#key, true, photo !== null);
      return true;
    };
    const attempt = async (readFile: () => KeptFile | Promise<KeptFile>): Promise<boolean> =>
      (await this.#attempt(async () => put(await readFile()))) === true;
    // Safari in a private window takes bytes where it takes no file.
    const again = bytes.size > mostCopied ? () => bytes : () => bytes.arrayBuffer();
    if ((await attempt(() => bytes)) || (await attempt(again))) return true;
    // The card before is in the way where there is no room.
    await this.#attempt(() => this.#removeRow());
    if (await attempt(again)) return true;
    this.#isLost = true;
    this.#row = undefined;
    return false;
  }
}

/**
 * Keeps the draft on the device. Where the browser denies that, as it may in a frame of another site, has no room or has thrown it
 * away, it is kept for as long as the page is there. What is old is taken away at once.
 */
export function createDeviceStore(key: DraftKey, database: DeviceDatabase = deviceDatabase): DeviceStore {
  return new OnDevice(key, database);
}

import { Problem } from "#contracts/problem.ts";
import { type Design, photoOf, sameDesign } from "#design/design.ts";
import type { PhotoFile } from "#image/client.ts";
import { makeBare } from "./bare-photo.ts";
import type { Draft, DraftStore, SharedDrafts } from "./draft-store.ts";
import { readDesign } from "./read-design.ts";
import type { KeptDocument, ServerDrafts } from "./server-drafts.ts";

const isProblem = (error: unknown, code: Problem["code"]): boolean => error instanceof Problem && error.code === code;

/** The design with its photo under the name of the file that the server has. */
function rename(design: Design, sha256: string): Design {
  return {
    ...design,
    elements: design.elements.map((element) => (element.kind === "photo" ? { ...element, sha256 } : element)),
  };
}

class SharedStore implements SharedDrafts {
  readonly #device: DraftStore;
  readonly #server: ServerDrafts;
  readonly #onOvertaken: () => void;
  /** The server's document that what lies here was made from. */
  #base: string | null = null;
  /** What that document says. */
  #seen: Design | null = null;
  #isOvertaken = false;
  #waiting: Draft | null = null;
  /** Aborted while the line is somebody else's. */
  #line = new AbortController();
  #sending: Promise<void> | null = null;
  readonly #sentPhotos = new Set<string>();
  #bare: { readonly of: string; readonly made: Promise<PhotoFile | null> } | undefined;

  constructor(device: DraftStore, server: ServerDrafts, onOvertaken: () => void) {
    this.#device = device;
    this.#server = server;
    this.#onOvertaken = onOvertaken;
  }

  async read(): Promise<Draft | null> {
    const own = await this.#device.read();
    this.#base = own?.sync?.base ?? null;
    // What the server has not seen is newer, or never goes there.
    if (own !== null && own.sync?.isSent !== true) return own;
    try {
      const kept = await this.#server.read();
      if (kept !== null && (own === null || kept.etag !== this.#base)) return await this.#take(kept);
      if (kept !== null) {
        this.#seen = await readDesign(kept.document);
        return own;
      }
    } catch {
      return own;
    }
    // Deleted elsewhere.
    await this.#device.remove();
    return null;
  }

  async write(draft: Draft): Promise<void> {
    await this.#device.write({ ...draft, sync: { base: this.#base, isSent: false } });
    this.#waiting = draft;
    void this.sendWaiting();
  }

  async remove(): Promise<void> {
    await this.deleteAll();
    await this.#device.remove();
  }

  async keepOwn(): Promise<void> {
    try {
      this.#base = (await this.#server.read())?.etag ?? null;
      this.#seen = null;
    } catch {
      // Then it is asked again after the next edit.
    }
    this.#isOvertaken = false;
    await this.sendWaiting();
  }

  async readOther(): Promise<Draft | null> {
    const kept = await this.#server.read().catch(() => null);
    const draft = kept === null ? null : await this.#take(kept).catch(() => null);
    if (draft === null) return null;
    this.#waiting = null;
    this.#isOvertaken = false;
    return draft;
  }

  yieldLine(isBusy: boolean): void {
    if (isBusy) return this.#line.abort();
    if (this.#line.signal.aborted) this.#line = new AbortController();
    void this.sendWaiting();
  }

  /** With what is on its way just now, which would be there afterwards. */
  async deleteAll(): Promise<boolean> {
    const unsent = this.#waiting;
    this.#waiting = null;
    await this.#sending;
    try {
      await this.#server.remove();
    } catch {
      this.#waiting ??= unsent;
      return false;
    }
    [this.#base, this.#seen, this.#waiting] = [null, null, null];
    this.#sentPhotos.clear();
    await this.#device.remove();
    return true;
  }

  /** Sends what has not been sent yet. */
  sendWaiting(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting !== null && !this.#isOvertaken && !this.#line.signal.aborted) {
      const draft: Draft = this.#waiting;
      this.#waiting = null;
      try {
        await this.#send(draft);
      } catch (error) {
        this.#waiting ??= draft;
        if (isProblem(error, "asset-unknown")) this.#sentPhotos.clear();
        if (!isProblem(error, "draft-changed")) break;
        this.#isOvertaken = true;
        this.#onOvertaken();
      }
    }
  }

  async #send(draft: Draft): Promise<void> {
    const photo = await this.#bareOf(draft.photo);
    if (photo === null) {
      // The card before this one would be taken for it elsewhere.
      if (this.#base !== null) await this.#server.remove();
      this.#base = null;
      return;
    }
    if (!this.#sentPhotos.has(photo.sha256)) await this.#server.writePhoto(photo, this.#line.signal);
    this.#sentPhotos.add(photo.sha256);
    const design = rename(draft.design, photo.sha256);
    // Whoever has only opened it has not changed it, and nobody is to be told so.
    const isSeen = this.#base !== null && this.#seen !== null && sameDesign(design, this.#seen);
    if (!isSeen) await this.#replace(JSON.stringify(design));
    this.#seen = design;
    if (this.#waiting === null) await this.#device.write({ ...draft, sync: { base: this.#base, isSent: true } });
  }

  /** Of two that both were made from the one before, the later is told, unless what it would replace has gone. */
  async #replace(document: string): Promise<void> {
    try {
      this.#base = await this.#server.write(document, this.#base);
    } catch (error) {
      if (!isProblem(error, "draft-changed") || (await this.#server.read()) !== null) throw error;
      this.#base = await this.#server.write(document, null);
    }
  }

  async #take({ document, etag }: KeptDocument): Promise<Draft | null> {
    const design = await readDesign(document);
    const sha256 = design === null ? undefined : photoOf(design)?.sha256;
    if (design === null || sha256 === undefined) return null;
    const bytes = await this.#server.readPhoto(sha256);
    this.#sentPhotos.add(sha256);
    [this.#base, this.#seen] = [etag, design];
    return { design, photo: { sha256, bytes }, sync: { base: etag, isSent: true } };
  }

  #bareOf(photo: PhotoFile): Promise<PhotoFile | null> {
    if (this.#bare?.of !== photo.sha256) this.#bare = { of: photo.sha256, made: makeBare(photo) };
    return this.#bare.made;
  }
}

/**
 * Keeps the draft on the device and, in the background, at the server, where the cardholder's other devices and sessions find it.
 * What cannot be sent now is sent after the next edit, or when the connection is back. `onOvertaken` is told once when another device
 * has changed the card meanwhile; nothing is sent then until the cardholder has chosen by `keepOwn` or `readOther`.
 */
export function createSharedStore(device: DraftStore, server: ServerDrafts, onOvertaken: () => void): SharedDrafts {
  const store = new SharedStore(device, server, onOvertaken);
  addEventListener("online", () => void store.sendWaiting());
  return store;
}

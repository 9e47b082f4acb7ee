import { sameDesign } from "#design/design.ts";
import { hashSha256 } from "#image/checksums.ts";
import type { ImageClient } from "#image/client.ts";
import { NoAnswer } from "../api/request.ts";
import {
  type DeviceStore,
  type Draft,
  type FoundDraft,
  type KeptDraft,
  type Left,
  notSynced,
  type SharedDrafts,
  type Sync,
} from "./draft-store.ts";
import { findLatest, openKept, type Other } from "./find-latest.ts";
import { createPhotoSender, type PhotoSender } from "./photo-sender.ts";
import { LaterVersion } from "./read-design.ts";
import { documentOf, isProblem, listKnown, replaceDocument } from "./replace-document.ts";
import type { ServerDrafts } from "./server-drafts.ts";

/** So many names fit into a header that the server takes. */
const mostOffered = 10;

/** What could not be sent is tried again after a minute, then after twice as long each time: for an hour and a half in all. */
const mostPauses = 12;
const pauseMs = (failures: number): number => 60_000 * Math.min(2 ** failures, 10);

interface Deps {
  readonly device: DeviceStore;
  readonly server: ServerDrafts;
  readonly makeBare: ImageClient["makeBare"];
  /** Something is likely to be kept, as the device or the server says. */
  readonly hasDraft: boolean;
  /** Somebody else has changed the card. */
  readonly onOvertaken: () => void;
  /** The server does not take what lies here: the issuer does not offer all of it any more. */
  readonly onNotOffered?: () => void;
}

/**
 * What lies here (`#current`) and how far the server knows of it (`#sync`) change together and at once; the device is told each time.
 * One loop sends, one request at a time, while that is "unsent" and nothing speaks against it.
 */
class SyncedStore implements SharedDrafts {
  readonly #deps: Deps;
  readonly #photos: PhotoSender;
  #current: Draft | null = null;
  #sync: Sync = notSynced;
  #hasRead = false;
  /** It has been looked for, and not found out yet, whether something is kept. */
  #isUnread = false;
  /** How often something else came to lie here: who has waited sees by it whether the answer is still wanted. */
  #changes = 0;
  /** SHA-256 of the other card, until the cardholder has chosen. */
  #overtakenBy: string | null = null;
  #other: Other | null = null;
  #isBusy = false;
  #deletion: Promise<Left> | null = null;
  /** Not everything could be deleted. */
  #isLeft = false;
  #sending: Promise<void> | null = null;
  #line = new AbortController();
  /** Since something was last sent. */
  #failures = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#photos = createPhotoSender(deps.server, deps.makeBare);
  }

  async read(signal?: AbortSignal): Promise<FoundDraft | null> {
    this.#isUnread = true;
    const own = await this.#readOwn();
    // Another card lies here by now.
    if (this.#current !== own) return null;
    const begun = this.#changes;
    const found = await findLatest(this.#deps.server, own, signal).catch((error: unknown) => {
      // Who would go on with what is older here is to know that there is more.
      if (own !== null && !(error instanceof LaterVersion)) return "own" as const;
      // It stays unknown whether something is kept, but nothing speaks for it.
      if (!this.#deps.hasDraft) this.#isUnread = false;
      throw error;
    });
    if (begun !== this.#changes) return null;
    if (found === "own-again") this.noteSubmission(null);
    if (found === "own" || found === "own-again") return own;
    if (found !== "nothing") return this.#take(found);
    this.#set(null, notSynced);
    // Another tab may have written since.
    if (own !== null) await this.#deps.device.remove((sync) => JSON.stringify(sync) === JSON.stringify(own.sync));
    return null;
  }

  async write(draft: Draft, notOf?: string): Promise<void> {
    if (this.#deletion !== null) await this.#deletion;
    // Who has only opened a card has not changed it.
    if (this.#current === null || !sameDesign(this.#current.design, draft.design)) {
      if (!this.#hasRead) void this.#readOwn().catch(() => {});
      const isSamePhoto = this.#current !== null && this.#current.photo?.sha256 === draft.photo?.sha256;
      const photoChosenAfter = isSamePhoto ? this.#sync.photoChosenAfter : notOf;
      this.#set(draft, { ...this.#sync, state: "unsent", submissionId: null, photoChosenAfter });
      await this.#deps.device.write({ ...draft, sync: this.#sync });
    }
    this.#send();
  }

  isKept(): boolean {
    return this.#current !== null || this.#isLeft || this.#deletion !== null;
  }

  async makeSafe(): Promise<void> {
    await this.#deletion;
    if (this.isSafe()) return;
    this.#send();
    await this.#sending;
  }

  isSafe(): boolean {
    if (this.#isLeft || this.#deletion !== null || this.#isUnread) return true;
    return this.#current !== null && (this.#deps.device.has(this.#current.design) || this.#sync.state === "sent");
  }

  isReplaced(): Promise<boolean> {
    return this.#deps.device.isReplaced();
  }

  isOvertaken(): boolean {
    return this.#overtakenBy !== null;
  }

  keepOwn(): void {
    if (this.#overtakenBy === null) return;
    this.#note({ ...this.#sync, base: this.#overtakenBy, offered: [], state: "unsent" });
    this.#overtakenBy = null;
    this.#send();
  }

  async readOther(signal?: AbortSignal): Promise<Draft | null> {
    const begun = this.#changes;
    const kept = await this.#deps.server.read(signal);
    if (kept !== null) {
      const other = await openKept(this.#deps.server, kept, signal);
      if (begun !== this.#changes) return null;
      this.#other = other;
      return other.draft;
    }
    this.#overtakenBy = null;
    this.#leaveHere();
    return null;
  }

  takeOther(draft: Draft): void {
    if (this.#other?.draft === draft) void this.#take(this.#other);
  }

  yieldLine(isBusy: boolean): void {
    this.#isBusy = isBusy;
    if (isBusy) this.#cutLine();
    else this.#send();
  }

  noteSubmission(submissionId: string | null): void {
    if (this.#current === null || this.#sync.submissionId === submissionId) return;
    this.#note({ ...this.#sync, submissionId });
    this.#send();
  }

  async removeSubmitted(submissionId: string): Promise<void> {
    if (this.#sync.submissionId === submissionId) this.#set(null, notSynced);
    await this.#deps.device.remove((sync) => sync.submissionId === submissionId);
  }

  deleteAll(): Promise<Left> {
    this.#deletion ??= this.#deleteAll().finally(() => {
      this.#deletion = null;
    });
    return this.#deletion;
  }

  async #deleteAll(): Promise<Left> {
    const { device, server } = this.#deps;
    // What is still there in the end is what the next card takes the place of.
    this.#set(null, { ...this.#sync, submissionId: null });
    await this.#sending;
    const removing = server.remove().then(
      () => false,
      () => true,
    );
    const left = { onDevice: !(await device.remove()), atServer: await removing };
    if (!left.atServer) this.#sync = notSynced;
    this.#isLeft = left.onDevice || left.atServer;
    return left;
  }

  /** The connection is back: what was under way may hang. */
  tryAgain(): void {
    this.#failures = 0;
    this.#photos.stopPausing();
    this.#cutLine();
    this.#send();
  }

  /** Something else lies here. */
  #set(draft: Draft | null, sync: Sync): void {
    this.#changes += 1;
    this.#isUnread = false;
    [this.#current, this.#sync, this.#other] = [draft, sync, null];
    if (draft !== null) return;
    this.#overtakenBy = null;
    this.#cutLine();
  }

  /** The same lies here. */
  #note(sync: Sync): void {
    this.#sync = sync;
    void this.#deps.device.note(sync);
  }

  /** The server has nothing of what lies here. If that is still this draft, it gets nothing of it until it is changed. */
  #leaveHere(draft = this.#current): void {
    const { state, submissionId, photoChosenAfter } = this.#sync;
    this.#note({ ...notSynced, photoChosenAfter, state: draft === this.#current ? "here" : state, submissionId });
  }

  async #take({ draft, sha256 }: Other): Promise<Draft> {
    this.#overtakenBy = null;
    this.#set(draft, { ...notSynced, base: sha256, photoSha256: draft.photo?.sha256 ?? null, state: "sent" });
    await this.#deps.device.write({ ...draft, sync: this.#sync });
    return draft;
  }

  async #readOwn(): Promise<KeptDraft | null> {
    this.#hasRead = true;
    const begun = this.#changes;
    const own = await this.#deps.device.read();
    if (own === null) return null;
    if (begun === this.#changes) this.#set(own, own.sync);
    // What was written meanwhile takes its place at the server as well.
    else if (this.#current !== null && listKnown(this.#sync).length === 0) {
      const { state, submissionId, photoChosenAfter } = this.#sync;
      this.#note({ ...own.sync, state, submissionId, photoChosenAfter });
    }
    return own;
  }

  /** Ends what is being sent. */
  #cutLine(): void {
    this.#line.abort();
    this.#line = new AbortController();
  }

  #isWanted(): boolean {
    return !this.#isBusy && this.#overtakenBy === null && this.#sync.state === "unsent";
  }

  #send(): void {
    if (this.#sending !== null || this.#current === null || !this.#isWanted()) return;
    clearTimeout(this.#pause);
    this.#sending = this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    let isHopeless = false;
    while (this.#current !== null && this.#isWanted() && !isHopeless) {
      const [draft, { signal }]: [Draft, AbortController] = [this.#current, this.#line];
      try {
        await this.#sendOne(draft, signal);
        this.#failures = 0;
      } catch (error) {
        if (isProblem(error, "not-offered") || isProblem(error, "template-broken")) this.#keepUnoffered(draft);
        else isHopeless = !signal.aborted && draft === this.#current;
      }
    }
    this.#sending = null;
    if (!isHopeless || this.#failures >= mostPauses) return;
    this.#pause = setTimeout(() => this.#send(), pauseMs(this.#failures));
    this.#failures += 1;
  }

  async #sendOne(draft: Draft, signal: AbortSignal, isAgain = false): Promise<void> {
    const photoSha256 = draft.photo && (await this.#photos.send(draft.photo, this.#sync.photoSha256, signal));
    signal.throwIfAborted();
    if (draft.photo !== null && photoSha256 === null) return this.#keepHere(draft, signal);
    this.#sync = { ...this.#sync, photoSha256 };
    if (draft !== this.#current) return;
    const document = documentOf(draft.design, photoSha256);
    const sha256 = await hashSha256(new TextEncoder().encode(document));
    const before = this.#sync;
    const offered = [...before.offered.filter((one) => one !== sha256), sha256].slice(-mostOffered);
    this.#sync = { ...before, offered };
    await this.#deps.device.note(this.#sync);
    const replaced = await replaceDocument(this.#deps.server, document, before, signal);
    signal.throwIfAborted();
    if (replaced.kind === "stored") {
      const state = draft === this.#current ? "sent" : this.#sync.state;
      this.#note({ ...this.#sync, base: sha256, offered: [], state });
    } else if (replaced.kind === "deleted") this.#leaveHere(draft);
    else if (replaced.kind === "changed") {
      this.#overtakenBy = replaced.sha256;
      this.#deps.onOvertaken();
    } else {
      this.#sync = { ...this.#sync, photoSha256: null };
      if (isAgain) throw new NoAnswer();
      await this.#sendOne(draft, signal, true);
    }
  }

  /** As it is it will not be taken at another try either. */
  #keepUnoffered(draft: Draft): void {
    if (draft !== this.#current) return;
    this.#note({ ...this.#sync, state: "here" });
    this.#deps.onNotOffered?.();
  }

  /** The card before this one would be taken for it elsewhere. */
  async #keepHere(draft: Draft, signal: AbortSignal): Promise<void> {
    const known = listKnown(this.#sync);
    try {
      if (known.length > 0) await this.#deps.server.remove(known, signal);
    } catch (error) {
      // It is another one by now.
      if (!isProblem(error, "draft-changed")) throw error;
    }
    signal.throwIfAborted();
    this.#leaveHere(draft);
  }
}

/**
 * Keeps the draft on the device and, in the background, at the server, where the cardholder's other devices and sessions find it.
 * What cannot be sent now is sent after a while, after the next edit, or when the connection is back. `onOvertaken` is told once when
 * somebody else has changed the card meanwhile; nothing is sent then until the cardholder has chosen by `keepOwn` or `takeOther`.
 */
export function createSyncedStore(deps: Deps): SharedDrafts {
  const store = new SyncedStore(deps);
  addEventListener("online", () => store.tryAgain());
  return store;
}

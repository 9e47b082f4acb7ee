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

/**
 * Keeps the draft on the device and, in the background, at the server, where the cardholder's other devices and sessions find it.
 * What cannot be sent now is sent after the next edit, or when the connection is back. `onOvertaken` is told once when another device
 * has changed the card meanwhile; nothing is sent then until the cardholder has chosen by `keepOwn` or `readOther`.
 */
export function createSharedStore(device: DraftStore, server: ServerDrafts, onOvertaken: () => void): SharedDrafts {
  /** The server's document that what lies here was made from. */
  let base: string | null = null;
  /** What that document says. */
  let seen: Design | null = null;
  let isOvertaken = false;
  let waiting: Draft | null = null;
  /** Aborted while the line is somebody else's. */
  let line = new AbortController();
  let sending: Promise<void> | null = null;
  const sentPhotos = new Set<string>();
  let bare: { readonly of: string; readonly made: Promise<PhotoFile | null> } | undefined;

  const bareOf = (photo: PhotoFile): Promise<PhotoFile | null> => {
    if (bare?.of !== photo.sha256) bare = { of: photo.sha256, made: makeBare(photo) };
    return bare.made;
  };
  const take = async ({ document, etag }: KeptDocument): Promise<Draft | null> => {
    const design = await readDesign(document);
    const sha256 = design === null ? undefined : photoOf(design)?.sha256;
    if (design === null || sha256 === undefined) return null;
    const bytes = await server.readPhoto(sha256);
    sentPhotos.add(sha256);
    [base, seen] = [etag, design];
    return { design, photo: { sha256, bytes }, sync: { base, isSent: true } };
  };

  /** Of two that both were made from the one before, the later is told, unless what it would replace has gone. */
  const replace = async (document: string): Promise<void> => {
    try {
      base = await server.write(document, base);
    } catch (error) {
      if (!isProblem(error, "draft-changed") || (await server.read()) !== null) throw error;
      base = await server.write(document, null);
    }
  };
  const send = async (draft: Draft): Promise<void> => {
    const photo = await bareOf(draft.photo);
    if (photo === null) {
      // The card before this one would be taken for it elsewhere.
      if (base !== null) await server.remove();
      base = null;
      return;
    }
    if (!sentPhotos.has(photo.sha256)) await server.writePhoto(photo, line.signal);
    sentPhotos.add(photo.sha256);
    const design = rename(draft.design, photo.sha256);
    // Whoever has only opened it has not changed it, and nobody is to be told so.
    if (base === null || seen === null || !sameDesign(design, seen)) await replace(JSON.stringify(design));
    seen = design;
    if (waiting === null) await device.write({ ...draft, sync: { base, isSent: true } });
  };
  const sendAll = async (): Promise<void> => {
    while (waiting !== null && !isOvertaken && !line.signal.aborted) {
      const draft: Draft = waiting;
      waiting = null;
      try {
        await send(draft);
      } catch (error) {
        waiting ??= draft;
        if (isProblem(error, "asset-unknown")) sentPhotos.clear();
        if (!isProblem(error, "draft-changed")) break;
        isOvertaken = true;
        onOvertaken();
      }
    }
  };
  const sendWaiting = (): Promise<void> =>
    (sending ??= sendAll().finally(() => {
      sending = null;
    }));
  /** With what is on its way just now, which would be there afterwards. */
  const deleteAll = async (): Promise<boolean> => {
    const unsent = waiting;
    waiting = null;
    await sending;
    try {
      await server.remove();
    } catch {
      waiting ??= unsent;
      return false;
    }
    [base, seen, waiting] = [null, null, null];
    sentPhotos.clear();
    await device.remove();
    return true;
  };
  const readBoth = async (): Promise<Draft | null> => {
    const own = await device.read();
    base = own?.sync?.base ?? null;
    // What the server has not seen is newer, or never goes there.
    if (own !== null && own.sync?.isSent !== true) return own;
    try {
      const kept = await server.read();
      if (kept !== null && (own === null || kept.etag !== base)) return await take(kept);
      if (kept !== null) {
        seen = await readDesign(kept.document);
        return own;
      }
    } catch {
      return own;
    }
    // Deleted elsewhere.
    await device.remove();
    return null;
  };
  addEventListener("online", () => void sendWaiting());
  return {
    read: readBoth,
    write: async (draft) => {
      await device.write({ ...draft, sync: { base, isSent: false } });
      waiting = draft;
      void sendWaiting();
    },
    deleteAll,
    yieldLine: (isBusy) => {
      if (isBusy) return line.abort();
      if (line.signal.aborted) line = new AbortController();
      void sendWaiting();
    },
    remove: async () => {
      await deleteAll();
      await device.remove();
    },
    keepOwn: async () => {
      try {
        base = (await server.read())?.etag ?? null;
        seen = null;
      } catch {
        // Then it is asked again after the next edit.
      }
      isOvertaken = false;
      await sendWaiting();
    },
    readOther: async () => {
      const kept = await server.read().catch(() => null);
      const draft = kept === null ? null : await take(kept).catch(() => null);
      if (draft === null) return null;
      waiting = null;
      isOvertaken = false;
      return draft;
    },
  };
}

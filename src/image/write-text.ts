import type { Writing } from "#design/elements.ts";
import { type FontName, listFonts } from "#lettering/faces.ts";
import type { TextArt } from "#lettering/set-text.ts";
import { unpackWoff } from "#lettering/woff.ts";
import { nextTask } from "./next-task.ts";
import { loadDecoder } from "./rare/load-decoder.ts";

const loadTimeoutMs = 30_000;

const addresses = import.meta.glob<string>("../lettering/fonts/*.woff", {
  query: "?url",
  import: "default",
  eager: true,
});

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function loadFont(name: FontName): Promise<Uint8Array<ArrayBuffer>> {
  const address = addresses[`../lettering/fonts/${name}.woff`];
  if (address === undefined) throw new Error(`there is no font ${name}`);
  const response = await fetch(address, { signal: AbortSignal.timeout(loadTimeoutMs) });
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  return unpackWoff(new Uint8Array(await response.arrayBuffer()), inflate);
}

const fonts = new Map<FontName, Promise<Uint8Array<ArrayBuffer>>>();

/** Each font once; one that could not be loaded is asked for again. */
function findFont(name: FontName): Promise<Uint8Array<ArrayBuffer>> {
  const font = fonts.get(name) ?? loadFont(name);
  fonts.set(name, font);
  font.catch(() => fonts.delete(name));
  return font;
}

/** The outlines of a text. Rejects with PhotoProblem "decoder-not-loaded" where the shaper or a font cannot be loaded, and with the signal's reason. */
export async function writeText(writing: Writing, signal: AbortSignal): Promise<TextArt> {
  const names = listFonts(writing.text, writing.face);
  const [{ setText }, ...loaded] = await loadDecoder(() =>
    Promise.all([import("#lettering/set-text.ts"), ...names.map(findFont)]),
  );
  // Lets in that nobody waits for it any more, as when one types on.
  await nextTask();
  signal.throwIfAborted();
  return setText(writing, new Map(names.map((name, at) => [name, loaded[at] as Uint8Array<ArrayBuffer>])));
}

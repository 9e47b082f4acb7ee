import type { Writing } from "#design/elements.ts";
import { type FontName, listFonts } from "#lettering/faces.ts";
import type { Fonts, TextArt } from "#lettering/set-text.ts";
import { listSlices, type SliceName, type SlicedFont } from "#lettering/slices.ts";
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

async function load(address: string | undefined, name: string): Promise<Response> {
  if (address === undefined) throw new Error(`there is no font ${name}`);
  const response = await fetch(address, { signal: AbortSignal.timeout(loadTimeoutMs) });
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  return response;
}

/** Each once; one that could not be loaded is asked for again. */
function remember<Name, Loaded>(loadOne: (name: Name) => Promise<Loaded>): (name: Name) => Promise<Loaded> {
  const loaded = new Map<Name, Promise<Loaded>>();
  return (name) => {
    const one = loaded.get(name) ?? loadOne(name);
    loaded.set(name, one);
    one.catch(() => loaded.delete(name));
    return one;
  };
}

// Hundreds of addresses, which few texts need.
const loadSliceAddresses = () => import("./slice-addresses.ts");

async function addressOf(name: FontName | SliceName): Promise<string | undefined> {
  const ofFace = addresses[`../lettering/fonts/${name}.woff`];
  return ofFace ?? (await loadSliceAddresses()).slices[`../lettering/fonts/slices/${name}.woff`];
}

const findFont = remember(async (name: FontName | SliceName) => {
  const response = await load(await addressOf(name), name);
  return unpackWoff(new Uint8Array(await response.arrayBuffer()), inflate);
});

const findRanges = remember(async (font: SlicedFont) => {
  const { ranges } = await loadSliceAddresses();
  return (await load(ranges[`../lettering/fonts/slices/${font}.txt`], font)).text();
});

async function loadFonts({ text, face }: Writing): Promise<Fonts> {
  const names = [...listFonts(text, face), ...(await listSlices(text, findRanges))];
  return new Map(await Promise.all(names.map(async (name) => [name, await findFont(name)] as const)));
}

/** The outlines of a text. Rejects with PhotoProblem "decoder-not-loaded" where the shaper or a font cannot be loaded, and with the signal's reason. */
export async function writeText(writing: Writing, signal: AbortSignal): Promise<TextArt> {
  const [{ setText }, fonts] = await loadDecoder(() =>
    Promise.all([import("#lettering/set-text.ts"), loadFonts(writing)]),
  );
  // Lets in that nobody waits for it any more, as when one types on.
  await nextTask();
  signal.throwIfAborted();
  return setText(writing, fonts);
}

import type { Writing } from "#design/elements.ts";
import type { FontName } from "#lettering/faces.ts";
import { createFontGatherer } from "#lettering/gather-fonts.ts";
import type { TextArt } from "#lettering/set-text.ts";
import type { SliceName } from "#lettering/slices.ts";
import { nextTask } from "./next-task.ts";
import { loadDecoder } from "./rare/load-decoder.ts";

const loadTimeoutMs = 30_000;

const addresses = import.meta.glob<string>("../lettering/fonts/*.woff", {
  query: "?url",
  import: "default",
  eager: true,
});

async function load(address: string | undefined, name: string): Promise<Response> {
  if (address === undefined) throw new Error(`there is no font ${name}`);
  const response = await fetch(address, { signal: AbortSignal.timeout(loadTimeoutMs) });
  if (!response.ok) throw new Error(`${address} answers ${response.status}`);
  return response;
}

// Hundreds of addresses, which few texts need.
const loadSliceAddresses = () => import("./slice-addresses.ts");

async function addressOf(name: FontName | SliceName): Promise<string | undefined> {
  const ofFace = addresses[`../lettering/fonts/${name}.woff`];
  return ofFace ?? (await loadSliceAddresses()).slices[`../lettering/fonts/slices/${name}.woff`];
}

const gatherFonts = createFontGatherer({
  async readWoff(name) {
    const response = await load(await addressOf(name), name);
    return new Uint8Array(await response.arrayBuffer());
  },
  async readRanges(font) {
    const { ranges } = await loadSliceAddresses();
    return (await load(ranges[`../lettering/fonts/slices/${font}.txt`], font)).text();
  },
  async inflate(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  },
});

/** The outlines of a text. Rejects with PhotoProblem "decoder-not-loaded" where the shaper or a font cannot be loaded, and with the signal's reason. */
export async function writeText(writing: Writing, signal: AbortSignal): Promise<TextArt> {
  const [{ setText }, fonts] = await loadDecoder(() =>
    Promise.all([import("#lettering/set-text.ts"), gatherFonts(writing)]),
  );
  // Lets in that nobody waits for it any more, as when one types on.
  await nextTask();
  signal.throwIfAborted();
  return setText(writing, fonts);
}

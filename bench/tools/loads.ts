// What the tools cost everybody before anything is painted, and what the first text costs who writes one.
import { listFonts } from "#lettering/faces.ts";
import { faceNames } from "#design/elements.ts";
import {
  buildInMemory,
  bytesOf,
  type Files,
  findFirstPaint,
  findScript,
  sumGzip,
  withImports,
} from "../../scripts/built-files.mjs";

/** What the first screen waited for before there were texts and stickers, in kB of gzip. */
const formerlyKb = 106.5;

/** The files whose names stand in this script. */
function filesNamedIn(files: Files, script: string): readonly string[] {
  const file = files.get(script);
  const text = file === undefined ? "" : bytesOf(file).toString();
  return [...files.keys()].filter((name) => !name.endsWith(".js") && text.includes(name.replace("assets/", "")));
}

/** What is not there yet when the text tool is opened, and is once a text in Latin letters lies on the card. */
function findFirstText(files: Files): readonly string[] {
  const page = withImports(files, [...findFirstPaint(files), findScript(files, "DesignStep")]);
  const worker = withImports(files, [findScript(files, "worker")]);
  const [write, set, hints] = ["write-text", "set-text", "text-hints"].map((name) => findScript(files, name));
  const scripts = [...withImports(files, [write as string, set as string, hints as string])];
  const wasm = filesNamedIn(files, set as string).filter((name) => name.endsWith(".wasm"));
  const wanted = new Set<string>(faceNames.flatMap((face) => listFonts("Text", face)));
  const isWanted = (name: string): boolean => wanted.has(name.replace(/^assets\/(.+)-.{8}\.woff$/, "$1"));
  const fonts = filesNamedIn(files, write as string).filter(isWanted);
  if (wasm.length !== 1 || fonts.length !== wanted.size)
    throw new Error(`Of a text are loaded ${[...wasm, ...fonts].join(", ")}.`);
  return [...scripts.filter((name) => !page.has(name) && !worker.has(name)), ...wasm, ...fonts];
}

export async function measureLoads(): Promise<{ keys: Record<string, string>; table: string }> {
  const files = await buildInMemory("production");
  const paintKb = (await sumGzip(files, findFirstPaint(files))) / 1000;
  const text = findFirstText(files);
  const textKb = (await sumGzip(files, text)) / 1000;
  const sizes = await Promise.all(
    text.map(async (name) => `${name} ${((await sumGzip(files, [name])) / 1000).toFixed(1)}`),
  );
  return {
    keys: { first_paint_grew_kb: (paintKb - formerlyKb).toFixed(1), first_tool_kb: textKb.toFixed(0) },
    table: `first screen: ${paintKb.toFixed(1)} kB, ${formerlyKb} before there were texts and stickers\nfirst text, kB: ${sizes.join(", ")}`,
  };
}

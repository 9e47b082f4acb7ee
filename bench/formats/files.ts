import { makeCutFiles, makeForgivenFiles } from "./damaged-files.ts";
import { makeJpegFiles } from "./jpeg-files.ts";
import { makeAvifFiles, makeBitmapFiles, makeGifFiles, makeWebpFiles } from "./other-files.ts";
import { makePngFiles } from "./png-files.ts";
import { makeHeicFiles, makeTiffFiles } from "./rare-files.ts";
import { makeRefusedFiles } from "./refused-files.ts";
import type { TableFile } from "./table.ts";

const makers = {
  JPEG: makeJpegFiles,
  PNG: makePngFiles,
  WebP: makeWebpFiles,
  AVIF: makeAvifFiles,
  GIF: makeGifFiles,
  BMP: makeBitmapFiles,
  TIFF: makeTiffFiles,
  HEIC: makeHeicFiles,
  Damage: makeForgivenFiles,
} as const;

/** Containers, colours and turns; then damage, and what has a name. Those in whose names the text stands. */
export async function makeFiles(only: string): Promise<TableFile[]> {
  const isWanted = ({ name }: TableFile): boolean => name.includes(only);
  const [container = ""] = only.split(",");
  if (container in makers) return (await makers[container as keyof typeof makers]()).filter(isWanted);
  const good: TableFile[] = [];
  // One after the other: each uses all processors.
  for (const make of Object.values(makers)) good.push(...(await make()));
  return [...good, ...(await makeCutFiles(good)), ...(await makeRefusedFiles())].filter(isWanted);
}

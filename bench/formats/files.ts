import { makeCutFiles, makeForgivenFiles } from "./damaged-files.ts";
import { makeJpegFiles } from "./jpeg-files.ts";
import { makeAvifFiles, makeBitmapFiles, makeGifFiles, makeWebpFiles } from "./other-files.ts";
import { makePngFiles } from "./png-files.ts";
import { makeHeicFiles, makeTiffFiles } from "./rare-files.ts";
import { makeRefusedFiles } from "./refused-files.ts";
import type { TableFile } from "./table.ts";

/** Containers, colours and turns; then damage, and what has a name. */
export async function makeFiles(): Promise<TableFile[]> {
  const makers = [
    makeJpegFiles,
    makePngFiles,
    makeWebpFiles,
    makeAvifFiles,
    makeGifFiles,
    makeTiffFiles,
    makeHeicFiles,
  ];
  const good: TableFile[] = makeBitmapFiles();
  // One after the other: each uses all processors.
  for (const make of makers) good.push(...(await make()));
  return [...good, ...(await makeForgivenFiles()), ...(await makeCutFiles(good)), ...(await makeRefusedFiles())];
}

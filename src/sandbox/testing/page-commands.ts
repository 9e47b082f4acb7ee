import { readFile } from "node:fs/promises";
import path from "node:path";

/** The commands under this heading of a page in `docs`, block by block, in the order in which they stand there. */
export async function readCommands(page: string, heading: string): Promise<string[]> {
  const text = await readFile(path.join(import.meta.dirname, "../../../docs", page), "utf8");
  const section = text.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/^```sh\n(.*?)^```/gms)].map(([, commands = ""]) => commands);
}

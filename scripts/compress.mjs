// What browsers fetch is compressed once, when it is built, and as far as it goes; the server only sends it.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** Pictures are compressed already, the designer's page is made for each session, source maps are not sent. */
const compressible = new Set([".css", ".js", ".json", ".svg", ".txt", ".wasm", ".webmanifest"]);

/** @param {string} file */
export function isCompressible(file) {
  return compressible.has(extname(file));
}

/** @param {Uint8Array} bytes */
export async function compress(bytes) {
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  const [br, gz] = await Promise.all([promisify(brotliCompress)(bytes, brotli), promisify(gzip)(bytes, { level: 9 })]);
  return { br, gz };
}

/** Writes `NAME.br` and `NAME.gz` beside every compressible file in the folder. @param {string} folder */
export async function compressFolder(folder) {
  const files = await readdir(folder, { recursive: true });
  const wanted = files.filter(isCompressible);
  await Promise.all(
    wanted.map(async (file) => {
      const path = join(folder, file);
      const { br, gz } = await compress(await readFile(path));
      await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
    }),
  );
}

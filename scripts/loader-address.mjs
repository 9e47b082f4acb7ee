// An issuer's page may pin the loader: each is also served under a name made of its content, which never means another.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** At a release the built loader is put there under its exact name; the build takes all of them along. */
export const releasedFolder = "released";

const floating = "card-designer.js";

/**
 * Of a loader: the name under which it never changes, and what a page writes as `integrity`.
 * @param {string | Uint8Array} script
 */
export function addressOf(script) {
  const sha256 = createHash("sha256").update(script).digest("hex");
  const sha384 = createHash("sha384").update(script).digest("base64");
  return { name: `card-designer-${sha256.slice(0, 16)}.js`, integrity: `sha384-${sha384}` };
}

/**
 * Writes beside the loader the same under its exact name, and in `card-designer.json` what a page needs to pin it. After every
 * plugin that changes the script.
 * @type {import("vite").Plugin}
 */
export const exactAddress = {
  name: "exact-address",
  generateBundle(_options, bundle) {
    const loader = bundle[floating];
    if (loader?.type !== "chunk") throw new Error(`The build has no ${floating}.`);
    const { name, integrity } = addressOf(loader.code);
    const pinned = `${JSON.stringify({ src: `/embed/${name}`, integrity })}\n`;
    this.emitFile({ type: "asset", fileName: name, source: loader.code });
    this.emitFile({ type: "asset", fileName: "card-designer.json", source: pinned });
  },
  async writeBundle({ dir = "" }) {
    const pinned = (await readdir(dir)).filter((file) => file.endsWith(".js") && file !== floating);
    for (const file of pinned) {
      const { name } = addressOf(await readFile(join(dir, file)));
      if (name === file) continue;
      throw new Error(`${releasedFolder}/${file} is not a loader as it was released: its content is that of ${name}.`);
    }
  },
};

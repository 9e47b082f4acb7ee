import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Design } from "#design/design.ts";
import { openTestApp } from "./app.ts";
import { enterSession } from "./issuer.ts";

export interface BrandedApp {
  /** Keeps a design of one session, as `design` or `draft`. */
  put(design: Design, at?: string): Promise<Response>;
  close(): Promise<void>;
}

/** A server with this brand file, and these files beside it, by name. */
export async function openBranded(brand: object, files: Readonly<Record<string, object>>): Promise<BrandedApp> {
  const folder = await mkdtemp(path.join(tmpdir(), "fullbleed-"));
  for (const [name, content] of Object.entries({ ...files, "brand.json": brand }))
    await writeFile(path.join(folder, name), JSON.stringify(content));
  const server = await openTestApp({ env: { FULLBLEED_BRAND: path.join(folder, "brand.json") } });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const frame = await enterSession(url);
  return {
    put(design, at = "design") {
      const address = `/v1/sessions/${frame.sessionId}/${at}`;
      const headers = { "content-type": "application/json", "if-none-match": "*", ...frame.show("PUT", address) };
      return fetch(url + address, { method: "PUT", headers, body: JSON.stringify(design) });
    },
    async close() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}

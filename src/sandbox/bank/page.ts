import { readFileSync } from "node:fs";
import path from "node:path";
import type { BankConfig } from "./config.ts";

const folder = path.join(import.meta.dirname, "page");

/** The page's own files, by address. */
export const pageFiles = {
  "/app.js": { file: "app.js", type: "text/javascript; charset=utf-8" },
  "/texts.js": { file: "texts.js", type: "text/javascript; charset=utf-8" },
  "/styles.css": { file: "styles.css", type: "text/css; charset=utf-8" },
  "/logo.svg": { file: "logo.svg", type: "image/svg+xml" },
} as const satisfies Record<string, { file: string; type: string }>;

export function readPageFile(file: string): string {
  return readFileSync(path.join(folder, file), "utf8");
}

/** The page, with the addresses of the loader script and of the platform's page. */
export function readPage({ designerUrl, platformUrl }: BankConfig): string {
  // Both are origins as `URL` writes them: nothing in them needs escaping.
  return readPageFile("index.html").replaceAll("{{designer}}", designerUrl).replaceAll("{{platform}}", platformUrl);
}

import { readFileSync } from "node:fs";
import path from "node:path";
import { bleedPerSideMm, type Product, products } from "#card/products.ts";
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

/** "photo-wide-bleed" becomes "Wide bleed"; the page's texts may have a better name, and have the other languages'. */
function nameOf({ id }: Product): string {
  const words = id.replace(/^photo-/, "").replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const ordinaryDpi = 300;
const ordinaryBleedMm = 1.5;

/** The small drawing beside a card's name. */
function shapeOf(product: Product): string {
  if (product.heightPx > product.widthPx) return "shape portrait";
  if (product.dpi > ordinaryDpi) return "shape fine";
  return bleedPerSideMm(product).xMm > ordinaryBleedMm ? "shape wide" : "shape";
}

function writeChoice(product: Product, index: number): string {
  const input = `<input type="radio" name="product" value="${product.id}"${index === 0 ? " checked" : ""} />`;
  const shape = `<i class="${shapeOf(product)}" aria-hidden="true"></i>`;
  const name = `<span data-text="${product.id}">${nameOf(product)}</span>`;
  return `<label>${input}<span class="choice">${shape}${name}</span></label>`;
}

/** The page, with every card to choose from and the addresses of the loader script and of the platform's page. */
export function readPage({ designerUrl, platformUrl }: BankConfig): string {
  // Origins as `URL` writes them, and ids of products: nothing in them needs escaping.
  return readPageFile("index.html")
    .replaceAll("{{designer}}", designerUrl)
    .replaceAll("{{platform}}", platformUrl)
    .replace("{{products}}", products.map(writeChoice).join("\n          "));
}

/** The bank page's own strict policy: its files, the designer's loader script and the designer's frame. */
export function pageHeaders(designerUrl: string): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${designerUrl}`,
    "style-src 'self'",
    `frame-src ${designerUrl}`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  };
}

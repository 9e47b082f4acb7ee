import { readFileSync } from "node:fs";
import path from "node:path";
import { bleedPerSideMm, findProduct, type Product, products } from "#card/products.ts";
import { type Brand, type ByLanguage, type Language, languages } from "./brands/brand.ts";
import { otherBrand } from "./brands/brands.ts";
import type { BankConfig } from "./config.ts";

const folder = path.join(import.meta.dirname, "page");

const script = "text/javascript; charset=utf-8";
const style = "text/css; charset=utf-8";

interface PageFile {
  readonly file: string;
  readonly type: string;
}

/** The page's own files, by address. */
export function listPageFiles({ id, decides }: Brand): Readonly<Record<string, PageFile>> {
  return {
    "/app.js": { file: "app.js", type: script },
    "/ask.js": { file: "ask.js", type: script },
    "/texts.js": { file: "texts.js", type: script },
    ...Object.fromEntries(languages.map((each) => [`/texts/${each}.js`, { file: `texts/${each}.js`, type: script }])),
    "/words.js": { file: "words.js", type: script },
    "/ways.js": { file: "ways.js", type: script },
    "/in-app.js": { file: "in-app.js", type: script },
    "/in-app.css": { file: "in-app.css", type: style },
    // Built from react.jsx and the package for issuers.
    "/react.js": { file: path.join("..", "..", "..", "..", "dist", "bank", "react.js"), type: script },
    "/styles.css": { file: "styles.css", type: style },
    "/brand.css": { file: `${id}.css`, type: style },
    "/logo.svg": { file: `${id}.svg`, type: "image/svg+xml" },
    ...(decides && {
      "/desk.js": { file: "desk.js", type: script },
      "/desk.css": { file: "desk.css", type: style },
    }),
  };
}

export function readPageFile(file: string): string {
  return readFileSync(path.join(folder, file), "utf8");
}

/** The products that this bank has cards of, in our order. */
export function offeredProducts({ cards }: Brand): readonly Product[] {
  return products.filter(({ id }) => cards === undefined || Object.hasOwn(cards, id));
}

/** Of its cards, the one that is this the other way round. */
export function turnedProducts(brand: Brand, productId: string): readonly string[] {
  const turnedId = findProduct(productId)?.turnedId;
  return offeredProducts(brand).flatMap(({ id }) => (id === turnedId ? [id] : []));
}

/** "photo-wide-bleed" becomes "Wide bleed" until the page's texts, which have a better name, are there. */
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

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (letter) => entities[letter] ?? letter);
}

function writeChoice({ cards }: Brand, product: Product, index: number): string {
  const input = `<input type="radio" name="product" value="${product.id}"${index === 0 ? " checked" : ""} />`;
  const shape = `<i class="${shapeOf(product)}" aria-hidden="true"></i>`;
  const name = `<span data-text="${product.id}">${escape(cards?.[product.id]?.en.name ?? nameOf(product))}</span>`;
  return `<label>${input}<span class="choice">${shape}${name}</span></label>`;
}

const otherBank = {
  en: (bank: string) => `The other demo bank: ${bank}, whose cards are made by another platform`,
  de: (bank: string) => `Die andere Demobank: ${bank}, deren Karten eine andere Plattform herstellt`,
  fr: (bank: string) =>
    `L’autre banque de démonstration : ${bank}, dont les cartes sont fabriquées par une autre plateforme`,
  es: (bank: string) => `El otro banco de prueba: ${bank}, cuyas tarjetas fabrica otra plataforma`,
  ar: (bank: string) => `البنك التجريبي الآخر: ${bank}، وتصنع بطاقاته منصة أخرى`,
} as const satisfies ByLanguage<(bank: string) => string>;

/** Everything that this bank says in its own words, by language: it goes over the page's texts. */
function writeTexts(brand: Brand) {
  const other = otherBrand(brand);
  const inLanguage = (language: Language) => ({
    ...brand.texts[language],
    ...Object.fromEntries(Object.entries(brand.cards ?? {}).map(([id, card]) => [id, card[language].name])),
    otherBank: otherBank[language](other.texts[language].bank),
  });
  return Object.fromEntries(languages.map((language) => [language, inLanguage(language)]));
}

const deskLink = `<a href="#desk"><span data-text="navDesk">Reviewer’s desk</span> <span class="count" id="desk-count" hidden></span></a>`;
const deskFiles = `<link rel="stylesheet" href="/desk.css" />\n    <script type="module" src="/desk.js"></script>`;
const runs = (file: string): string => `<script type="module" src="/${file}"></script>`;

/** The ways in which the bank's pages show the designer, each with its address and what it is made of. */
export const ways = {
  plain: { address: "/", shell: "index.html", main: () => readPageFile("plain.html") },
  react: { address: "/react", shell: "index.html", main: () => `<main id="root" aria-labelledby="title"></main>` },
  app: { address: "/in-app", shell: "in-app.html", main: () => "" },
} as const;
export type Way = keyof typeof ways;

/** What the head of the page loads. React's component loads the designer's script by itself, and in the app there is none. */
function listFiles(way: Way, { brand, designerUrl }: BankConfig): string {
  if (way === "react") return `<meta name="designer" content="${designerUrl}" />\n    ${runs("react.js")}`;
  if (way === "app") return `<link rel="stylesheet" href="/in-app.css" />\n    ${runs("in-app.js")}`;
  const loader = `<script defer src="${designerUrl}/embed/card-designer.js"></script>`;
  return [brand.decides ? deskFiles : "", loader, runs("app.js")].join("\n    ");
}

/** The bank's page: its own words in English, every card to choose from, and the addresses of all that it links to. */
export function readPage(config: BankConfig, way: Way): string {
  const { brand, platformUrl, otherBankUrl } = config;
  const texts = writeTexts(brand);
  const offered = offeredProducts(brand);
  const isDesk = brand.decides && way === "plain";
  const parts: Readonly<Record<string, string>> = {
    way,
    platform: platformUrl,
    other: otherBankUrl,
    brand: escape(JSON.stringify({ texts, theme: brand.theme, products: offered.map(({ id }) => id) })),
    products: offered.map((product, index) => writeChoice(brand, product, index)).join("\n          "),
    first: offered[0]?.id ?? "",
    files: listFiles(way, config),
    current: way === "plain" ? `aria-current="page"` : "",
    "desk link": isDesk ? deskLink : "",
    desk: isDesk ? readPageFile("desk.html").trim() : "",
  };
  const ownTexts: Readonly<Record<string, unknown>> = texts["en"] ?? {};
  return readPageFile(ways[way].shell)
    .replace("{{main}}", () => ways[way].main().trim())
    .replace("{{ways}}", () => readPageFile("ways.html").trim())
    .replaceAll(/\{\{(?:text (\w+)|([\w ]+))\}\}/g, (_all, text, part) =>
      text === undefined ? (parts[part] ?? "") : escape(String(ownTexts[text])),
    );
}

/** The bank page's own strict policy: its files, the designer's loader script and the designer's frame. The package has a policy of its own for Trusted Types. */
export function pageHeaders(designerUrl: string, way: Way): Readonly<Record<string, string>> {
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
    `trusted-types ${way === "react" ? "fullbleed" : "'none'"}`,
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  };
}

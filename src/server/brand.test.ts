import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { SessionSecret } from "#contracts/session.ts";
import { ConfigError, readConfig } from "./config.ts";
import { openTestApp } from "./testing/app.ts";
import { testEnv } from "./testing/env.ts";
import { listIssuer } from "./testing/listed.ts";
import { createProver } from "./testing/prover.ts";

const xmlns = 'xmlns="http://www.w3.org/2000/svg"';
const svg = (fill: string): string => `<svg ${xmlns} viewBox="0 0 4 4"><path fill="${fill}" d="M0 0h4v4z"/></svg>`;
const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const addressOf = (content: string | Buffer, ending: string): string =>
  `/logos/${createHash("sha256").update(content).digest("hex")}.${ending}`;

let folder: string;
const write = (name: string, content: string | Buffer | object): Promise<void> =>
  writeFile(
    path.join(folder, name),
    typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content),
  );
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "fullbleed-"));
  await write("light.svg", svg("#000"));
  await write("dark.png", png);
});
afterEach(() => rm(folder, { recursive: true }));

/** The lines about the file, without the variable's name. */
async function refusals(variable: string, content: unknown, env: Record<string, string> = {}): Promise<string[]> {
  await write("file.json", content as object);
  try {
    readConfig({ ...testEnv, ...env, [variable]: path.join(folder, "file.json") });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const lines = (error as ConfigError).message.split("\n").slice(1);
    return lines.map((line) => line.replace(`  ${variable}: `, ""));
  }
  return [];
}

/** What an issuer shows, as its files say it and as the frame is told. Nothing of one is as with the other. */
const shown = {
  "of the environment": {
    names: { en: "Harbour Bank", de: "Hafenbank" },
    dark: png,
    light: svg("#000"),
    card: "Harbour Card",
    art: { ink: "gold", chip: "silver", contacts: 6, logo: "top-right" },
    ink: "#e3c170",
    wordless: true,
  },
  "of the file": {
    names: { en: "River Bank", fr: "Banque du fleuve" },
    dark: Buffer.concat([png, Buffer.from("river")]),
    light: svg("#00f"),
    card: "River Card",
    art: { ink: "#102A43", chip: "gold", contacts: 8, logo: "top-left" },
    ink: "#102a43",
    wordless: false,
  },
} as const;
type Whose = keyof typeof shown;

/** Writes the files of one, and gives its entry in the file that names them. */
async function writeBrand(whose: Whose) {
  const { names: name, light, dark, wordless, card, art } = shown[whose];
  const prefix = whose.replaceAll(" ", "-");
  await write(`${prefix}.svg`, light);
  await write(`${prefix}.png`, dark);
  const at = (ending: string) => path.join(folder, `${prefix}.${ending}`);
  return {
    name,
    logo: { light: at("svg"), dark: at("png"), card: at("svg"), wordless },
    products: { "photo-landscape": { art, texts: { en: { name: card } } } },
  };
}

function toldOf(whose: Whose) {
  const { names, light, dark, wordless, card, art, ink } = shown[whose];
  const onLight = addressOf(light, "svg");
  return {
    issuerName: names.en,
    issuerNames: names,
    issuerLogo: { light: onLight, dark: addressOf(dark, "png"), card: onLight, ...(wordless && { wordless }) },
    productTexts: { en: { name: card } },
    cardArt: { ...art, ink },
  };
}

describe("an issuer's brand", () => {
  test.each(["of the environment", "of the file"] as const)("reaches the frame of the issuer %s", async (whose) => {
    await write("brand.json", await writeBrand("of the environment"));
    const { products, ...ofFile } = await writeBrand("of the file");
    const product = { provider: "thales", ...products["photo-landscape"] };
    const listed = listIssuer("river", { ...ofFile, products: { "photo-landscape": product } });
    const server = await openTestApp({
      issuers: [listed.entry],
      env: { FULLBLEED_BRAND: path.join(folder, "brand.json") },
    });
    onTestFinished(() => server.close());
    const ask = (method: "GET" | "POST", url: string, headers = {}, payload?: object) =>
      server.app.inject({ method, url, headers, ...(payload && { payload }) });
    const key = whose === "of the environment" ? testEnv.FULLBLEED_ISSUER_KEY : listed.key;
    const wanted = { cardholderId: "c-1", productId: "photo-landscape", origins: ["https://river.example"] };
    const opened = await ask("POST", "/v1/sessions", { authorization: `Bearer ${key}` }, wanted);
    const { sessionId, clientSecret } = opened.json<SessionSecret>();
    const tokens = `/v1/sessions/${sessionId}/tokens`;
    const dpop = createProver().prove({ method: "POST", path: tokens });
    const told = (await ask("POST", tokens, { dpop }, { clientSecret })).json().session;
    expect(told).toMatchObject(toldOf(whose));
    expect(told.issuerLogo).toEqual(toldOf(whose).issuerLogo);

    const picture = await ask("GET", told.issuerLogo.light);
    expect(picture.body).toBe(shown[whose].light);
    expect(picture.headers).toMatchObject({
      "content-type": "image/svg+xml",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      "x-content-type-options": "nosniff",
      "cache-control": "public, max-age=31536000, immutable",
      "cross-origin-resource-policy": "same-origin",
    });
    expect((await ask("GET", told.issuerLogo.dark)).rawPayload).toEqual(shown[whose].dark);
    expect((await ask("GET", addressOf("another", "svg"))).statusCode).toBe(404);
  });

  test("that cannot be used stops the start: each place, what is expected, and no value", async () => {
    await write("page.svg", "<html>canary</html>");
    await write("shapeless.svg", `<svg ${xmlns} width="4"></svg>`);
    await write("large.svg", `${svg("#000")}<!--${"-".repeat(64 * 1024)}-->`);
    const usable =
      "cannot be used: expected an SVG in UTF-8 with its xmlns and a viewBox and no entities of its own, or a PNG, of at most 64 kB.";
    const entry = (logo: object) => ({ logo });
    expect(await refusals("FULLBLEED_BRAND", entry({ light: "canary.svg" }))).toEqual([
      "logo.light cannot be read (ENOENT): expected the path of a file, as seen from the folder of this one.",
    ]);
    const unusable = { light: "page.svg", dark: "shapeless.svg", card: "large.svg" };
    expect(await refusals("FULLBLEED_BRAND", entry(unusable))).toEqual(
      ["light", "dark", "card"].map((field) => `logo.${field} ${usable}`),
    );
    const wrong = { ink: "canary", chip: "canary", contacts: 7, logo: "canary" };
    const products = { "photo-landscape": { art: wrong } };
    expect(await refusals("FULLBLEED_BRAND", { name: { de: "canary" }, products })).toEqual([
      "name is not valid: expected 1 to 100 characters in one line, or an object from language, such as en, to such a text, with English among them.",
      "products.photo-landscape.art.ink is not valid: expected white, black, gold, silver or a colour such as #102a43.",
      "products.photo-landscape.art.chip is not valid: expected gold or silver.",
      "products.photo-landscape.art.contacts is not valid: expected 6 or 8.",
      "products.photo-landscape.art.logo is not valid: expected top-left or top-right.",
    ]);
    await write("entities.svg", `<!DOCTYPE svg [ <!ENTITY ns "http://www.w3.org/2000/svg"> ]>\n${svg("#000")}`);
    await write("other.svg", svg("#000").replace("2000", "1999"));
    expect(await refusals("FULLBLEED_BRAND", entry({ light: "entities.svg", dark: "other.svg" }))).toEqual(
      ["light", "dark"].map((field) => `logo.${field} ${usable}`),
    );
    const { entry: listed } = listIssuer("river", { logo: { light: "page.svg" } });
    expect(await refusals("FULLBLEED_ISSUERS", { issuers: [listed] })).toEqual([`issuers[0].logo.light ${usable}`]);
  });

  test("may have notes and declarations before its picture", async () => {
    await write("light.svg", `<?xml version="1.0"?>\n<!-- drawn --><!-- twice -->\n<!DOCTYPE svg>\n${svg("#123")}`);
    expect(await refusals("FULLBLEED_BRAND", { logo: { light: "light.svg" } })).toEqual([]);
  });

  test("may have its namespace in single quotes, as some programs write it", async () => {
    await write("light.svg", svg("#123").replaceAll('"', "'"));
    expect(await refusals("FULLBLEED_BRAND", { logo: { light: "light.svg" } })).toEqual([]);
  });

  test("of a card that no platform makes stops the start, rather than being shown to nobody", async () => {
    const card = { art: { ink: "gold" } };
    const products = { "photo-landscape": card, "photo-fine": card };
    const makers = { FULLBLEED_PROVIDER: '{"photo-landscape":"thales"}' };
    expect(await refusals("FULLBLEED_BRAND", { products }, makers)).toEqual([
      "products.photo-fine is made by no platform: expected one of the products of FULLBLEED_PROVIDER.",
    ]);
    expect(await refusals("FULLBLEED_BRAND", { products })).toEqual([]);
  });
});

import { createHash } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { products } from "#card/products.ts";
import { type Brand, type ByLanguage, type CardTexts, languages } from "../bank/brands/brand.ts";
import { harbour } from "../bank/brands/harbour.ts";
import { linden } from "../bank/brands/linden.ts";
import type { DemoSecrets } from "./data-folder.ts";
import type { ProgramPlan } from "./program.ts";

/** The demo's programs: each bank beside the platform that makes its cards, and one server for both. */
export const programNames = ["bank", "second-bank", "server", "platform", "synctera"] as const;
export type ProgramName = (typeof programNames)[number];

export function forEachProgram<Value>(make: (name: ProgramName) => Value): Record<ProgramName, Value> {
  return Object.fromEntries(programNames.map((name) => [name, make(name)])) as Record<ProgramName, Value>;
}

export type Ports = Readonly<Record<ProgramName, number>>;
export type ProgramPlans = Readonly<Record<ProgramName, ProgramPlan>>;

/** Where each program of the demo is reached: the banks on another site than the designer, so the frame is cross-site. */
export function addresses(ports: Ports): Readonly<Record<ProgramName, string>> {
  return {
    platform: `http://127.0.0.1:${ports.platform}`,
    synctera: `http://127.0.0.1:${ports.synctera}`,
    server: `http://127.0.0.1:${ports.server}`,
    bank: `http://localhost:${ports.bank}`,
    "second-bank": `http://localhost:${ports["second-bank"]}`,
  };
}

/** The data capture field that carries the server's reference. */
const referenceField = "FullbleedReference";

/** What platform and server have to agree on, under the name that each of them gives it. */
function agreeOnPlatform(secrets: DemoSecrets, urls: Readonly<Record<ProgramName, string>>) {
  const handoverKeys = JSON.stringify(secrets.handoverKeys);
  const galleryHandoverKeys = JSON.stringify(secrets.galleryHandoverKeys);
  const referenceFields = JSON.stringify(Object.fromEntries(products.map(({ id }) => [id, referenceField])));
  const purgeKeys = Object.fromEntries(products.map(({ id }) => [id, secrets.imagePurgeKey]));
  return {
    platform: {
      PDS_HANDOVER_KEYS: handoverKeys,
      PDS_GALLERY_HANDOVER_KEYS: galleryHandoverKeys,
      PDS_DATA_CAPTURE_FIELDS: referenceField,
      PDS_IMAGE_INFORMATION_KEY: secrets.imageInformationKey,
      PDS_IMAGE_PURGE_KEY: secrets.imagePurgeKey,
      PDS_IMAGE_DELIVERY_KEY: secrets.imageDeliveryKey,
      PDS_NOTIFY_URL: `${urls.server}/v1/platform/thales/notifications`,
      PDS_NOTIFY_SECRET: secrets.notificationSecret,
    },
    server: {
      FULLBLEED_THALES_SOAP_URL: `${urls.platform}/PDS/ImageUpload.asmx`,
      FULLBLEED_THALES_GET_IMAGE_URL: `${urls.platform}/ImageAPI/GetImage`,
      FULLBLEED_THALES_HANDOVER_KEYS: handoverKeys,
      FULLBLEED_THALES_GALLERY_HANDOVER_KEYS: galleryHandoverKeys,
      FULLBLEED_THALES_REFERENCE_FIELDS: referenceFields,
      FULLBLEED_THALES_IMAGE_INFORMATION_KEY: secrets.imageInformationKey,
      FULLBLEED_THALES_PURGE_KEYS: JSON.stringify(purgeKeys),
      FULLBLEED_THALES_IMAGE_DELIVERY_KEY: secrets.imageDeliveryKey,
      FULLBLEED_THALES_NOTIFICATION_SECRET: secrets.notificationSecret,
    },
  };
}

const bankFolder = join(import.meta.dirname, "..", "bank");
const logos = join(bankFolder, "page", "logos");

/** What the server has to know of a bank to show it as itself: names, logo, stickers and templates, and by product the texts and the looks of its card. */
function describeBrand({ id, texts, cards, art, features = {}, stickers = {}, stickerGroup, templates = [] }: Brand) {
  const names = Object.fromEntries(languages.map((language) => [language, texts[language].bank]));
  const [light, dark, card] = ["light", "dark", "card"].map((ground) => join(logos, `${id}-${ground}.svg`));
  const describe = (product: string, own?: ByLanguage<CardTexts>) => ({
    ...(own && { texts: own }),
    ...(art && { art }),
    ...(features[product] && { features: features[product] }),
  });
  const made = cards ?? Object.fromEntries(products.map((product) => [product.id, undefined]));
  return {
    name: names,
    logo: { light, dark, card, wordless: true },
    stickers: Object.fromEntries(
      Object.entries(stickers).map(([name, sticker]) => [
        name,
        { ...sticker, svg: join(bankFolder, "stickers", `${name}.svg`) },
      ]),
    ),
    ...(stickerGroup && { stickerGroup }),
    templates: templates.map((name) => join(bankFolder, "templates", `${name}.json`)),
    products: Object.fromEntries(Object.entries(made).map(([product, own]) => [product, describe(product, own)])),
  };
}

/** The second bank, as an issuer of the server's file, and what its platform has to know of it. */
function agreeOnSecondBank(secrets: DemoSecrets, urls: Readonly<Record<ProgramName, string>>) {
  const cardProducts = Object.fromEntries(
    Object.keys(linden.cards).map((id) => [id, secrets.syncteraCardProducts[id]]),
  );
  const hash = createHash("sha256").update(secrets.secondIssuerKey).digest("hex");
  const { products: own, ...brand } = describeBrand(linden);
  return {
    issuers: {
      issuers: [
        {
          id: linden.id,
          ...brand,
          keys: [`sha256:${hash}`],
          origins: [urls["second-bank"]],
          returnOrigins: [urls["second-bank"]],
          products: Object.fromEntries(
            Object.entries(own).map(([id, product]) => [id, { provider: "synctera", ...product }]),
          ),
          providers: {
            synctera: {
              FULLBLEED_SYNCTERA_URL: `${urls.synctera}/v1`,
              FULLBLEED_SYNCTERA_API_KEY: secrets.syncteraApiKey,
              FULLBLEED_SYNCTERA_CARD_PRODUCTS: cardProducts,
              FULLBLEED_SYNCTERA_WEBHOOK_SECRET: secrets.syncteraWebhookSecret,
            },
          },
        },
      ],
    },
    synctera: {
      SYNCTERA_API_KEY: secrets.syncteraApiKey,
      SYNCTERA_CARD_PRODUCTS: JSON.stringify(cardProducts),
      SYNCTERA_WEBHOOK_URL: `${urls.server}/v1/issuers/${linden.id}/platform/synctera/notifications`,
      SYNCTERA_WEBHOOK_SECRET: secrets.syncteraWebhookSecret,
    },
  };
}

/** Secrets are in it, so it is its owner's alone. */
function writeOwn(dataFolder: string, name: string, content: object): string {
  const file = join(dataFolder, name);
  writeFileSync(`${file}.new`, JSON.stringify(content, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return file;
}

const files: Readonly<Record<ProgramName, string>> = {
  platform: "demo/thales-emulator.js",
  synctera: "demo/synctera-emulator.js",
  server: "server/main.js",
  bank: "demo/bank.js",
  "second-bank": "demo/bank.js",
};
/** Where the build puts them. */
const built = join(import.meta.dirname, "..", "..", "..", "dist");

/** Every setting that one program needs to reach another. Writes the server's files of its issuers and of the first one's brand. */
function writeSettings(dataFolder: string, ports: Ports, secrets: DemoSecrets) {
  const urls = addresses(ports);
  const agreed = agreeOnPlatform(secrets, urls);
  const second = agreeOnSecondBank(secrets, urls);
  const settings: Readonly<Record<ProgramName, Readonly<Record<string, string>>>> = {
    platform: { PDS_HOST: "127.0.0.1", ...agreed.platform },
    synctera: { SYNCTERA_HOST: "127.0.0.1", ...second.synctera },
    server: {
      FULLBLEED_HOST: "127.0.0.1",
      FULLBLEED_PUBLIC_URL: urls.server,
      FULLBLEED_ISSUER_NAME: harbour.texts.en.bank,
      FULLBLEED_ISSUER_KEY: secrets.issuerKey,
      FULLBLEED_BRAND: writeOwn(dataFolder, "brand.json", describeBrand(harbour)),
      FULLBLEED_PROVIDER: "thales",
      FULLBLEED_RETURN_ORIGINS: urls.bank,
      FULLBLEED_ISSUERS: writeOwn(dataFolder, "issuers.json", second.issuers),
      // The banks, to which webhooks go, are on this machine.
      FULLBLEED_WEBHOOK_NETWORKS: "127.0.0.0/8,::1",
      ...agreed.server,
    },
    bank: {
      BANK_BRAND: harbour.id,
      BANK_DESIGNER_URL: urls.server,
      BANK_ISSUER_KEY: secrets.issuerKey,
      BANK_PLATFORM_URL: urls.platform,
      BANK_OTHER_URL: urls["second-bank"],
    },
    "second-bank": {
      BANK_BRAND: linden.id,
      BANK_DESIGNER_URL: urls.server,
      BANK_ISSUER_KEY: secrets.secondIssuerKey,
      BANK_PLATFORM_URL: urls.synctera,
      BANK_OTHER_URL: urls.bank,
    },
  };
  return settings;
}

const prefixes: Readonly<Record<ProgramName, string>> = {
  platform: "PDS",
  synctera: "SYNCTERA",
  server: "FULLBLEED",
  bank: "BANK",
  "second-bank": "BANK",
};

/** What to run for the demo. Writes the server's files of its issuers and of the first one's brand. */
export function planPrograms(dataFolder: string, ports: Ports, secrets: DemoSecrets): ProgramPlans {
  const urls = addresses(ports);
  const settings = writeSettings(dataFolder, ports, secrets);
  return forEachProgram((name) => ({
    name,
    file: join(built, files[name]),
    env: {
      [`${prefixes[name]}_PORT`]: String(ports[name]),
      [`${prefixes[name]}_DATA`]: join(dataFolder, name),
      ...settings[name],
    },
    healthUrl: `${urls[name]}/${name === "server" ? "health/ready" : "health"}`,
    logFile: join(dataFolder, `${name}.log`),
  }));
}

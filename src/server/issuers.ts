import type { Features } from "#card/products.ts";
import type { CardArt, ProductTexts } from "#contracts/session.ts";
import type { ProviderDefinition } from "#providers/definition.ts";
import type { Settings, Values } from "#providers/setting.ts";
import { describeLogo, type Logo } from "./brand.ts";
import type { OwnFilterFile } from "./own-filters.ts";
import type { OwnStickerFile } from "./own-stickers.ts";
import { describeOwnTemplates, type OwnTemplateFile } from "./own-templates.ts";
import { hashSecret } from "./sessions/credentials.ts";
import { bearerKey } from "./setting-kinds.ts";
import type { Store } from "./store/schema.ts";

/** A card platform that an issuer has, with the values of its settings. */
export interface Platform {
  readonly definition: ProviderDefinition;
  readonly values: Values<Settings>;
}

/** A product that an issuer offers. */
export interface IssuedProduct {
  /** Name of the card platform that makes it. */
  readonly provider: string;
  readonly texts: ProductTexts;
  /** How its card looks where that is not as the product has it. */
  readonly art?: CardArt | undefined;
  /** What it offers where that is not as the product has it. */
  readonly features?: Features | undefined;
}

/** Where the issuer's events are posted, as the file has it. */
export interface IssuerWebhook {
  readonly url: string;
  /** `whsec_` and the key in base64. */
  readonly secret: string;
}

/** One of those whom this installation serves, as the configuration has it. None ever sees another's. */
export interface Issuer {
  /** Kept with every row: it never changes. */
  readonly id: string;
  /** Where in the file it stands, such as `issuers[0]`; undefined for the one of the environment. */
  readonly place: string | undefined;
  /** As cardholders know it; in English where it is called otherwise elsewhere. */
  readonly name: string;
  /** By language; none where `name` is for all. */
  readonly names: Readonly<Record<string, string>>;
  readonly logo: Logo | undefined;
  readonly ownFilters: readonly OwnFilterFile[];
  readonly ownStickers: readonly OwnStickerFile[];
  /** What it calls its stickers together, by language; undefined where it says nothing. */
  readonly stickerGroup: Readonly<Record<string, string>> | undefined;
  readonly ownTemplates: readonly OwnTemplateFile[];
  /** SHA-256 (hex) of the bearer keys that are good; none: it is locked out. */
  readonly keyHashes: readonly string[];
  /** The only ones that its sessions may name; undefined: any. */
  readonly origins: readonly string[] | undefined;
  /** Where a page of ours may lead back to: origins, and apps as `scheme://host`. None: it has no such pages. */
  readonly returnOrigins: readonly string[];
  /** By the product's id. */
  readonly products: Readonly<Record<string, IssuedProduct>>;
  readonly platforms: readonly Platform[];
  readonly webhooks: readonly IssuerWebhook[];
  /** All that must be kept out of logs and answers. */
  readonly secrets: readonly string[];
}

/** Undefined for one that the configuration has not, or not any more. */
export function findIssuer(issuers: readonly Issuer[], id: string): Issuer | undefined {
  return issuers.find((issuer) => issuer.id === id);
}

const byHash = new WeakMap<readonly Issuer[], ReadonlyMap<string, Issuer>>();

/**
 * The issuer whose key this is. A guess costs one hash, however many issuers there are; what its time tells about the hashes tells nothing
 * about a key. What is too short for a key is none, whatever the file has: the hash of an example, or of an empty text, opens nothing.
 */
export function findByKey(issuers: readonly Issuer[], key: string): Issuer | undefined {
  if (!bearerKey.safeParse(key).success) return undefined;
  const known =
    byHash.get(issuers) ??
    new Map(issuers.flatMap((issuer) => issuer.keyHashes.map((hash) => [hash, issuer] as const)));
  byHash.set(issuers, known);
  return known.get(hashSecret(key));
}

/** What the issuer makes of this product; undefined when it does not offer it. */
export function findIssued(issuer: Issuer | undefined, productId: string): IssuedProduct | undefined {
  return issuer !== undefined && Object.hasOwn(issuer.products, productId) ? issuer.products[productId] : undefined;
}

/** Its own filters, stickers and templates, and what it offers of a product, as browsers are told: nothing where that is as the product has it. */
export function describeOffers(issuer: Issuer | undefined, productId: string) {
  const ownFilters = (issuer?.ownFilters ?? []).map(({ id, names, address }) => ({ id, names, address }));
  const ownStickers = (issuer?.ownStickers ?? []).map(({ id, names, words, address }) => {
    return { id, names, ...(words && { words }), address };
  });
  const { stickerGroup: ownStickerGroup } = issuer ?? {};
  const { features } = findIssued(issuer, productId) ?? {};
  const ownTemplates = describeOwnTemplates(issuer?.ownTemplates ?? [], productId);
  return {
    ...(ownFilters.length > 0 && { ownFilters }),
    ...(ownStickers.length > 0 && { ownStickers, ...(ownStickerGroup && { ownStickerGroup }) }),
    ...(ownTemplates.length > 0 && { ownTemplates }),
    ...(features !== undefined && { features }),
  };
}

/** Its name and logo, as browsers are told. */
export function describeIssuer(issuer: Issuer | undefined) {
  const { name = "", names = {} } = issuer ?? {};
  const logo = describeLogo(issuer?.logo);
  return {
    issuerName: name,
    ...(Object.keys(names).length > 0 && { issuerNames: names }),
    ...(logo !== undefined && { issuerLogo: logo }),
  };
}

/** Makes a row for each issuer that has none yet. */
export async function keepIssuers(store: Store, issuers: readonly Pick<Issuer, "id">[]): Promise<void> {
  const rows = issuers.map(({ id }) => ({ id, last_seq: 0 }));
  await store
    .insertInto("issuers")
    .values(rows)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
}

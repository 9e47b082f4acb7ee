import { noCapabilities, type Provider } from "#providers/provider.ts";
import { type Config, ConfigError } from "./config.ts";
import { findIssued, findIssuer, type Issuer } from "./issuers.ts";
import type { SubmissionTable } from "./store/schema.ts";

/** The card platforms that pictures go to, each issuer's with its own settings. */
export interface Providers {
  /** The platform that a submission is for, whatever makes its product today. */
  of(submission: Pick<SubmissionTable, "issuer_id" | "provider">): Provider;
  /** The platform that makes this product for this issuer today. */
  making(issuerId: string, productId: string): Provider | undefined;
  /** Those of one issuer; none for one that the configuration has not. */
  listOf(issuerId: string): readonly Provider[];
}

const unconfigured = new WeakSet<Provider>();

/** False for one whose settings are gone. */
export function isConfigured(provider: Provider): boolean {
  return !unconfigured.has(provider);
}

/** In the place of one whose settings are gone: its pictures wait, and the operator is told why. */
function createUnconfigured(name: string, detail: string): Provider {
  const unavailable = async () => ({ kind: "unavailable", detail }) as const;
  const provider: Provider = {
    name,
    offers: () => false,
    findCardholderFault: () => detail,
    capabilities: () => ({
      ...noCapabilities,
      search: true,
      annotate: true,
      decision: null,
      review: true,
      purge: null,
    }),
    readCardImageId: (text) => text,
    settingsFingerprint: () => "",
    send: async () => ({ kind: "misconfigured", detail }),
    find: async () => ({ kind: "cannot-tell", detail }),
    annotate: async () => ({ kind: "refused", detail }),
    decide: async () => ({ kind: "failed", detail }),
    purge: async () => ({ kind: "failed", detail }),
    getReview: async () => ({ kind: "cannot-tell", detail }),
    getPreview: unavailable,
    getTemplate: unavailable,
    readNotification: () => {
      throw new Error(detail);
    },
  };
  unconfigured.add(provider);
  return provider;
}

/** Names of those that cannot delete a picture, of all that make one of these products or have done so. */
export function listWithoutPurge(
  { listOf }: Pick<Providers, "listOf">,
  issuers: readonly Pick<Issuer, "id">[],
  productIds: readonly string[],
): string[] {
  const cannot = issuers
    .flatMap(({ id }) => listOf(id))
    .filter((provider) =>
      productIds.some((id) => provider.offers(id) && provider.capabilities(id).purge === "unsupported"),
    );
  return [...new Set(cannot.map(({ name }) => name))];
}

/** Those of the configuration, each as `wrap` makes it. */
export async function createProviders(
  { issuers }: Pick<Config, "issuers">,
  outbound: typeof fetch,
  wrap: (provider: Provider) => Provider = (provider) => provider,
): Promise<Providers> {
  const each = issuers.map(async ({ id, platforms }) => {
    const own = await Promise.all(platforms.map(({ definition, values }) => definition.create(values, outbound)));
    return [id, own.map(wrap)] as const;
  });
  const byIssuer = new Map(await Promise.all(each));
  const listOf = (issuerId: string): readonly Provider[] => byIssuer.get(issuerId) ?? [];
  const find = (issuerId: string, name: string | undefined): Provider | undefined =>
    listOf(issuerId).find((provider) => provider.name === name);
  const describeMissing = (issuerId: string, name: string): string =>
    byIssuer.has(issuerId)
      ? `the settings of the card platform ${name} are missing`
      : "the issuer is not in the configuration any more";
  return {
    listOf,
    of: ({ issuer_id: issuerId, provider: name }) =>
      find(issuerId, name) ?? createUnconfigured(name, describeMissing(issuerId, name)),
    making: (issuerId, productId) => find(issuerId, findIssued(findIssuer(issuers, issuerId), productId)?.provider),
  };
}

/** What the file says that an issuer offers must have its settings. Throws ConfigError with the places where it has not. */
export function requireOffered({ issuers }: Pick<Config, "issuers">, providers: Providers): void {
  const wrong = issuers.flatMap(({ id, place, products: issued }) =>
    Object.keys(place === undefined ? {} : issued)
      .filter((productId) => providers.making(id, productId)?.offers(productId) !== true)
      .map(
        (productId) =>
          `  FULLBLEED_ISSUERS: ${place}.products.${productId} has no key or id in its provider's settings.`,
      ),
  );
  if (wrong.length > 0) throw new ConfigError(`The server cannot start with this configuration:\n${wrong.join("\n")}`);
}

import { noCapabilities, type Provider } from "#providers/provider.ts";
import type { Config } from "./config.ts";
import type { SubmissionTable } from "./store/schema.ts";

/** The card platforms that pictures go to. */
export interface Providers {
  /** The platform that a submission is for, whatever makes its product today. */
  of(submission: Pick<SubmissionTable, "provider">): Provider;
  /** The platform that makes this product today. */
  making(productId: string): Provider | undefined;
  readonly all: readonly Provider[];
}

/** In the place of one whose settings are gone: its pictures wait, and the operator is told why. */
function createUnconfigured(name: string): Provider {
  const detail = `the settings of the card platform ${name} are missing`;
  const unavailable = async () => ({ kind: "unavailable", detail }) as const;
  return {
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
    getReview: async () => ({ kind: "cannot-tell", detail }),
    getPreview: unavailable,
    getTemplate: unavailable,
    readNotification: () => {
      throw new Error(detail);
    },
  };
}

/** Names of those that cannot delete a picture, of all that make one of these products or have done so. */
export function listWithoutPurge({ all }: Pick<Providers, "all">, productIds: readonly string[]): string[] {
  const cannot = all.filter((provider) =>
    productIds.some((id) => provider.offers(id) && provider.capabilities(id).purge === "unsupported"),
  );
  return [...new Set(cannot.map(({ name }) => name))];
}

/** Those of the configuration. */
export async function createProviders({ platforms, makers }: Config, outbound: typeof fetch): Promise<Providers> {
  const all = await Promise.all(platforms.map(({ definition, values }) => definition.create(values, outbound)));
  const byName = new Map(all.map((provider) => [provider.name, provider]));
  return {
    all,
    of: ({ provider }) => byName.get(provider) ?? createUnconfigured(provider),
    making: (productId) => byName.get((makers as Readonly<Record<string, string>>)[productId] ?? ""),
  };
}

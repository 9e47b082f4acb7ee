import type { ProviderDefinition } from "#providers/definition.ts";
import { providers } from "#providers/providers.ts";
import { readSettings, type Settings, type Source, secretsOf, type Values } from "#providers/setting.ts";
import { type Brand, readBrandFile } from "./brand.ts";
import type { Issuer, Platform } from "./issuers.ts";
import { readIssuersFile } from "./issuers-file.ts";
import { findListenClash } from "./listen-failure.ts";
import { hashSecret } from "./sessions/credentials.ts";
import { defaultIssuerSettings, settings } from "./settings.ts";
import { defaultIssuer } from "./store/schema.ts";
import { findTraceFaults, findUnknownOtel, leaveOutUnasked } from "./traces/settings.ts";
import { createAddressGuard } from "./webhooks/addresses.ts";

/** At least one issuer, none twice. */
export type Config = Values<typeof settings> & { readonly issuers: readonly Issuer[] };

/** Thrown by {@link readConfig}; the message is for the operator and holds no value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const isSet = (source: Source, { variable }: { readonly variable: string }): boolean => (source[variable] ?? "") !== "";

/** One that makes no product any more is still there for what was sent to it, as long as its settings are. */
function isNamed(definition: ProviderDefinition, makers: readonly string[], source: Source): boolean {
  return makers.includes(definition.name) || Object.values(definition.settings).some((one) => isSet(source, one));
}

interface Read {
  readonly issuers: readonly Issuer[];
  readonly wrong: readonly string[];
}

function readBrand(env: Source): { readonly brand: Brand; readonly wrong: readonly string[] } {
  const file = env[defaultIssuerSettings.brandFile.variable] ?? "";
  return file === "" ? { brand: { names: {}, products: {} }, wrong: [] } : readBrandFile(file);
}

/** The cards of the file that no platform makes: nobody would see them. */
function findUnmade({ products }: Brand, makers: Readonly<Record<string, string>>): string[] {
  const expected = "expected one of the products of FULLBLEED_PROVIDER";
  return Object.keys(products)
    .filter((id) => !Object.hasOwn(makers, id))
    .map((id) => `FULLBLEED_BRAND: products.${id} is made by no platform: ${expected}.`);
}

/** The issuer of the environment. */
function readDefaultIssuer(env: Source): Read {
  const { values, wrong } = readSettings(defaultIssuerSettings, env);
  const makers: Readonly<Record<string, string>> = values.makers ?? {};
  const named = providers.filter((definition) => isNamed(definition, Object.values(makers), env));
  const read = named.map((definition: ProviderDefinition) => ({
    definition,
    ...readSettings(definition.settings, env),
  }));
  const { brand, wrong: unbranded } = readBrand(env);
  const unmade = values.makers === undefined ? [] : findUnmade(brand, values.makers);
  const all = [...wrong, ...unbranded, ...unmade, ...read.flatMap((platform) => platform.wrong)];
  if (all.length > 0) return { issuers: [], wrong: all };
  const platforms: Platform[] = read.map((platform) => ({ definition: platform.definition, values: platform.values }));
  const ofPlatforms = platforms.flatMap((platform) => secretsOf(platform.definition.settings, platform.values));
  const issuer: Issuer = {
    id: defaultIssuer,
    place: undefined,
    name: brand.name ?? values.issuerName,
    names: brand.names,
    logo: brand.logo,
    ownFilters: brand.ownFilters ?? [],
    ownStickers: brand.ownStickers ?? [],
    stickerGroup: brand.stickerGroup,
    ownTemplates: brand.ownTemplates ?? [],
    keyHashes: values.issuerKeys.map(hashSecret),
    origins: undefined,
    returnOrigins: values.returnOrigins,
    products: Object.fromEntries(
      Object.entries(makers).map(([id, provider]) => {
        const { texts = {}, art, features } = brand.products[id] ?? {};
        return [id, { provider, texts, art, features }];
      }),
    ),
    platforms,
    webhooks: [],
    secrets: [...secretsOf(defaultIssuerSettings, values), ...ofPlatforms],
  };
  return { issuers: [issuer], wrong: [] };
}

/** Its own variables say so, as does that there is nobody else. */
function hasDefaultIssuer(env: Source): boolean {
  return !isSet(env, settings.issuersFile) || Object.values(defaultIssuerSettings).some((one) => isSet(env, one));
}

/** Where an issuer has a secret of another's for the same platform: in one account they would be one to it, and see each other's pictures. */
function findSharedAccounts(issuers: readonly Issuer[]): string[] {
  const owners = new Map<string, string>();
  const isShared = (id: string, secret: string): boolean => {
    const owner = owners.get(secret) ?? id;
    owners.set(secret, owner);
    return owner !== id;
  };
  const each = issuers.flatMap(({ id, place, platforms }) =>
    platforms.flatMap(({ definition: { name: platform, settings: all }, values }) =>
      Object.entries(all).map(([name, setting]) => {
        const shared = secretsOf({ [name]: setting }, values).filter((secret) => isShared(id, `${platform}/${secret}`));
        return { where: `${place}.providers.${platform}.${setting.variable}`, shared };
      }),
    ),
  );
  return each.flatMap(({ where, shared }) =>
    shared.length === 0
      ? []
      : [`FULLBLEED_ISSUERS: ${where} stands with another issuer too: expected that of an account of its own.`],
  );
}

const none: Read = { issuers: [], wrong: [] };

/**
 * The server's settings from its environment, and its issuers from there and from the file that it names; an empty variable
 * counts as absent. Throws one ConfigError that names every missing or wrong variable, and every wrong place in the file, and what
 * is expected, never a value.
 */
export function readConfig(env: Source): Config {
  const { values, wrong } = readSettings(settings, leaveOutUnasked(env));
  const file = values.issuersFile;
  const isAlone = file === undefined;
  const own = hasDefaultIssuer(env) ? readDefaultIssuer(env) : none;
  const guard = createAddressGuard(values.webhookNetworks ?? []);
  const isWebhookAddress = (url: string): boolean => guard.refuse(url) === undefined;
  const listed = isAlone ? none : readIssuersFile(file, env, own.issuers, isWebhookAddress);
  const issuers = [...own.issuers, ...listed.issuers];
  const together = [...findTraceFaults(values), ...[findListenClash(values) ?? []].flat()];
  const unread = [...wrong, ...own.wrong, ...listed.wrong, ...together];
  const all = unread.length > 0 ? unread : findSharedAccounts(issuers);
  if (all.length > 0)
    throw new ConfigError(
      `The server cannot start with this configuration:\n${all.map((line) => `  ${line}`).join("\n")}`,
    );
  return { ...values, issuers };
}

/** Names that look like ours and are not, most likely misspelt; or that are the default issuer's, and there is none. */
export function findUnknownVariables(env: Source): string[] {
  const known = new Set(listVariables(env));
  return [
    ...Object.keys(env).filter((name) => name.startsWith("FULLBLEED_") && !known.has(name)),
    ...findUnknownOtel(env),
  ];
}

/** The names of all variables that the server reads in this environment, for a default issuer those of every provider too. */
function listVariables(env: Source): string[] {
  const ofPlatforms = hasDefaultIssuer(env) ? providers.map((one) => one.settings) : [];
  const all: readonly Settings[] = [settings, defaultIssuerSettings, ...ofPlatforms];
  return all.flatMap((each) => Object.values(each).map(({ variable }) => variable));
}

/** Shorter ones (of a proxy, say) would be found in texts that know nothing of them. */
const leastSecret = 4;

function listLongEnough(secrets: readonly string[]): string[] {
  return [...new Set(secrets)].filter((secret) => secret.length >= leastSecret);
}

/** Every secret in the configuration, for keeping them out of logs and answers. */
export function listSecrets(config: Config): string[] {
  return listLongEnough([...config.issuers.flatMap(({ secrets }) => secrets), ...secretsOf(settings, config)]);
}

/** Those that an issuer may know: what is taken out of its own words must not confirm what it guesses of another's. */
export function listSecretsOf(config: Config, { secrets }: Issuer): string[] {
  return config.issuers.length === 1 ? listSecrets(config) : listLongEnough(secrets);
}

import type { Finding, Instruments, PlatformAddress } from "#providers/diagnosis.ts";
import { ok, skipped, unchecked, wrong } from "#providers/diagnosis.ts";
import type { Source } from "#providers/setting.ts";
import { type Config, ConfigError, findUnknownVariables, listSecrets, readConfig } from "../config.ts";
import type { Issuer, Platform } from "../issuers.ts";
import { type OpenOutbound, openOutbound } from "../outbound.ts";
import { createProviders, type Providers, requireOffered } from "../providers.ts";
import { createScrub } from "../scrub.ts";
import { checkAddresses } from "./addresses.ts";
import { forEachOf } from "./at-once.ts";
import { checkPublicUrl, checkTrustedProxies } from "./front.ts";
import { checkWebhooks } from "./webhooks.ts";
import { checkBuild, checkDataFolder, checkPurgeLog, checkRetention } from "./installation.ts";
import { checkListening, checkMetrics } from "./listening.ts";
import { checkOutboundDates } from "./outbound-dates.ts";

/** What belongs together, under its heading. */
export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** What can be gone on with after the checks: a test picture is sent in this way. */
export interface Examined {
  readonly sections: readonly Section[];
  readonly parts?: { readonly config: Config; readonly outbound: OpenOutbound; readonly providers: Providers };
}

/** The title of what is found out about the way to the platforms. */
export const calls = "Calls";
const callMs = 10_000;
/** All checks together; a test picture has its own time. */
const wholeMs = 110_000;
/** Platforms that are asked at once. */
const atOnce = 8;
/** What the command line itself reads. */
const ownVariables = new Set(["FULLBLEED_URL"]);

/** The sentences of a ConfigError, each with the variable that it begins with. */
function toFindings({ message }: ConfigError): Finding[] {
  const lines = message.split("\n").filter((line) => !line.endsWith("with this configuration:"));
  return lines.map((line) => {
    const [, variable = "settings", says = line] = /^\s*((?:FULLBLEED|OTEL)_\w+):? (.*)$/.exec(line) ?? [];
    // A place in a file stands as it does there.
    const isPlace = /^\S*[[.]/.test(says);
    return wrong(variable, isPlace ? says : `${says.charAt(0).toUpperCase()}${says.slice(1)}`);
  });
}

const notGoneOn = unchecked("all else", "Is looked at once this has been corrected.");

function checkSettings(env: Source, config: Config): Finding[] {
  const unknown = findUnknownVariables(env).filter((name) => !ownVariables.has(name));
  const names = config.issuers.map(({ name }) => name).slice(0, 5);
  const more = config.issuers.length > names.length ? ` and ${config.issuers.length - names.length} more` : "";
  return [
    ok("settings", `Can be read; issuers: ${names.join(", ")}${more}.`),
    ...unknown.map((name) => wrong(name, "Is not known, or not read without a default issuer. Misspelt?")),
  ];
}

async function checkInstallation(env: Source, config: Config, ca: readonly string[] | undefined): Promise<Section> {
  const [listening, isRunning] = await checkListening(config);
  const [front, ...found] = await Promise.all([
    checkPublicUrl(config, ca, isRunning),
    checkDataFolder(config),
    checkPurgeLog(config),
    checkBuild(config),
  ]);
  const metrics = await checkMetrics(config, isRunning);
  const read = [listening, ...metrics, checkTrustedProxies(config), ...checkRetention(config)];
  return { title: "This server", findings: [...checkSettings(env, config), ...found, ...front, ...read] };
}

export function titleOf(issuer: Issuer, { definition }: Platform): string {
  return `${issuer.name} (${issuer.id}) at ${definition.name}`;
}

function listAddresses(config: Config): PlatformAddress[] {
  return config.issuers.flatMap(({ platforms }) =>
    platforms.flatMap(({ definition, values }) => definition.addresses?.(values) ?? []),
  );
}

function notificationsUrl({ publicUrl }: Config, issuer: Issuer, name: string): string {
  const whose = issuer.place === undefined ? "" : `issuers/${issuer.id}/`;
  return `${publicUrl}/v1/${whose}platform/${name}/notifications`;
}

function describeOffered(issuer: Issuer, platform: Platform, providers: Providers): Finding {
  const { name } = platform.definition;
  const made = listMade(issuer, name);
  const offered = listOffered(issuer, name, providers);
  const left = made.filter((id) => !offered.includes(id));
  const without = left.length === 0 ? "" : ` Not offered, without a key or id: ${left.join(", ")}.`;
  if (made.length === 0) return skipped("products", "It makes none any more; what was sent there is looked after.");
  return offered.length === 0
    ? wrong("products", `None of its products has a key or id in its settings: ${left.join(", ")}.`)
    : ok("products", `${offered.join(", ")}.${without}`);
}

function listMade(issuer: Issuer, provider: string): string[] {
  return Object.keys(issuer.products).filter((id) => issuer.products[id]?.provider === provider);
}

/** The products that the issuer has this provider make, with all that it takes. */
export function listOffered(issuer: Issuer, provider: string, providers: Providers): string[] {
  return listMade(issuer, provider).filter((id) => providers.making(issuer.id, id)?.offers(id) === true);
}

interface Tools extends Pick<Instruments, "fetch" | "signal"> {
  readonly providers: Providers;
  /** Origins. */
  readonly reached: ReadonlySet<string>;
}

async function diagnose(
  config: Config,
  issuer: Issuer,
  platform: Platform,
  { fetch, signal, providers, reached }: Tools,
): Promise<readonly Finding[]> {
  const { definition, values } = platform;
  if (definition.diagnose === undefined)
    return [skipped(definition.name, "Brings no checks of its own: only a test picture tells.")];
  const addresses = definition.addresses?.(values) ?? [];
  const isReached = (url: string): boolean => reached.has(new URL(url).origin);
  const missing = addresses.filter(({ url }) => !isReached(url)).map(({ variable }) => variable);
  const productIds = listOffered(issuer, definition.name, providers);
  const url = notificationsUrl(config, issuer, definition.name);
  const found = await definition.diagnose(values, { fetch, isReached, productIds, notificationsUrl: url, signal });
  const unasked = missing.length === 0 ? [] : [unchecked(missing.join(", "), "Not asked: see Calls above.")];
  return [...unasked, ...found];
}

/** Each call ends by itself, whoever makes it. */
function limitCalls(fetch: typeof globalThis.fetch, signal: AbortSignal): typeof globalThis.fetch {
  return (input, init) => fetch(input, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(callMs)]) });
}

async function examinePlatforms(
  config: Config,
  providers: Providers,
  outbound: OpenOutbound,
  now: () => number,
): Promise<Section[]> {
  const signal = AbortSignal.timeout(wholeMs);
  const limit = (): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(callMs)]);
  const [{ findings, reached }, webhooks] = await Promise.all([
    checkAddresses(listAddresses(config), outbound.outbound, now, limit, signal),
    checkWebhooks(config, outbound.outbound, now, limit, signal),
  ]);
  const tools = { fetch: limitCalls(outbound.fetch, signal), signal, providers, reached };
  const all = config.issuers.flatMap((issuer) => issuer.platforms.map((platform) => ({ issuer, platform })));
  const platforms = await forEachOf(all, atOnce, async ({ issuer, platform }) => ({
    title: titleOf(issuer, platform),
    findings: [
      describeOffered(issuer, platform, providers),
      ...(signal.aborted
        ? [unchecked(platform.definition.name, "The time was over. Run it for fewer issuers.")]
        : await diagnose(config, issuer, platform, tools)),
    ],
  }));
  const ways = [...checkOutboundDates(outbound.outbound, now()), ...findings];
  return [{ title: calls, findings: ways }, ...platforms, ...webhooks];
}

function scrubAll(sections: readonly Section[], config: Config): Section[] {
  const scrub = createScrub(listSecrets(config));
  return sections.map(({ title, findings }) => ({
    title,
    findings: findings.map((one) => ({ ...one, says: scrub(one.says) })),
  }));
}

/**
 * Reads the configuration as the server does, and tries all of it that can be tried without a picture. Changes and locks nothing.
 * Rejects only for a fault of ours.
 */
export async function examine(env: Source, now: () => number): Promise<Examined> {
  let config: Config;
  try {
    config = readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { sections: [{ title: "This server", findings: [...toFindings(error), notGoneOn] }] };
  }
  try {
    const outbound = await openOutbound(config, now());
    const providers = await createProviders(config, outbound.fetch);
    requireOffered(config, providers);
    const [installation, platforms] = await Promise.all([
      checkInstallation(env, config, outbound.outbound.ca),
      examinePlatforms(config, providers, outbound, now),
    ]);
    return { sections: scrubAll([installation, ...platforms], config), parts: { config, outbound, providers } };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const installation = await checkInstallation(env, config, undefined);
    const way = { title: calls, findings: [...toFindings(error), notGoneOn] };
    return { sections: scrubAll([installation, way], config) };
  }
}

import { type Finding, ok, type PlatformAddress, unchecked, wrong } from "#providers/diagnosis.ts";
import { certificateRefused, type FailurePlace, findProxy, type Outbound } from "#providers/fresh-fetch.ts";
import { type Reach, reach } from "#providers/reach.ts";
import { outboundSettings } from "../outbound-settings.ts";
import { notAllowed } from "../webhooks/addresses.ts";
import { forEachOf } from "./at-once.ts";

const { outboundProxy, outboundCa, outboundClientCertificate } = outboundSettings;
const dayMs = 24 * 60 * 60 * 1000;
const soonMs = 14 * dayMs;
/** Hosts that are called at once. */
const atOnce = 32;
/** Notifications are signed with a time, and sessions end by the clock. */
const mostClockMs = 60_000;

/** One server that settings name, and which do. */
export interface Place {
  readonly url: URL;
  readonly variables: readonly string[];
}

/** By origin: what is reached at one path is reached at all. */
export function groupByOrigin(addresses: readonly PlatformAddress[]): Place[] {
  const places = new Map<string, Place>();
  for (const { variable, url: text } of addresses) {
    const url = new URL(text);
    const { variables = [], ...known } = places.get(url.origin) ?? { url };
    places.set(url.origin, { url: known.url ?? url, variables: [...new Set([...variables, variable])] });
  }
  return [...places.values()];
}

function toDate(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

const atProxy: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there. Start the proxy, or correct the address",
  ENOTFOUND: "there is no host of that name. Correct the address",
  EAI_AGAIN: "this machine's name server does not answer. Mend that",
  ETIMEDOUT: "it does not answer. Correct the address, or have the firewall let this machine through",
  "HTTP 407": "it wants other credentials. Set them as http://USER:PASSWORD@…",
  "HTTP 403": "it forbids the card platform. Have it allow",
};

function describeProxy(code: string, host: string): Finding {
  const says = atProxy[code];
  if (code === "HTTP 403") return wrong(outboundProxy.variable, `The proxy: ${says} ${host}.`);
  if (/^HTTP 50\d$/.test(code))
    return wrong(
      outboundProxy.variable,
      `The proxy cannot reach ${host} (${code}). Is that address right, and may it go there?`,
    );
  return wrong(outboundProxy.variable, `The proxy: ${says ?? `no way through it (${code}). Correct the address`}.`);
}

const untrusted = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_UNTRUSTED",
]);

function describeCertificate(code: string, { certificate }: Reach): string | undefined {
  if (code === "CERT_HAS_EXPIRED")
    return `its certificate has expired${certificate ? ` (${toDate(certificate.validTo)})` : ""}, or this machine's clock is wrong. Tell who runs it`;
  if (code === "CERT_NOT_YET_VALID") return "its certificate is not good yet. Is this machine's clock right?";
  if (untrusted.has(code))
    return `its certificate is from an authority that is not trusted here (${code}). If that is right, set its PEM file as ${outboundCa.variable}`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return "its certificate is another host's. Correct the address, or tell who runs it";
  if (certificateRefused.test(code))
    return `it does not take this server's certificate (${code}). Set the one that it knows as ${outboundClientCertificate.variable}, with its key`;
  return undefined;
}

function describeFailure(url: URL, reached: Reach & FailurePlace, hasProxy: boolean): string {
  const { code, certificate } = reached;
  const about = describeCertificate(code, reached);
  if (about !== undefined) return about;
  if (url.protocol === "http:" && certificate !== undefined) return "it speaks https. Write https:// in the address";
  if (url.protocol === "https:" && /^E(?:PROTO|RR_SSL)|WRONG_VERSION|PACKET_LENGTH/.test(code))
    return `it does not speak TLS (${code}): a wrong port, or something between that speaks plain http`;
  const elsewhere = hasProxy ? "" : `; if only a proxy reaches it, set ${outboundProxy.variable}`;
  switch (code) {
    case "ENOTFOUND":
      return `there is no host of that name. Correct the address${elsewhere}`;
    case "EAI_AGAIN":
      return `this machine's name server does not answer. Mend that${elsewhere}`;
    case notAllowed:
      return "it is not in a public network. Correct the address, or list its network in FULLBLEED_WEBHOOK_NETWORKS";
    case "ECONNREFUSED":
      return `nothing listens there. Correct host and port${elsewhere}`;
    case "ETIMEDOUT":
    case "ABORTED":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return `it does not answer (${code}). Correct the address, or have the firewall let this machine through${elsewhere}`;
    default:
      return `the connection fails (${code}). Correct the address, or tell who runs it`;
  }
}

export interface ReachedPlaces {
  readonly findings: readonly Finding[];
  /** Origins. */
  readonly reached: ReadonlySet<string>;
}

function judgePlace({ url, variables }: Place, reached: Reach, now: number, hasProxy: boolean): Finding {
  const subject = variables.join(", ");
  if (reached.kind === "failed") {
    if (reached.isAtProxy) return describeProxy(reached.code, url.host);
    const behind = hasProxy ? `${url.host}, behind the proxy` : url.host;
    return wrong(subject, `${behind}: ${describeFailure(url, reached, hasProxy)}.`);
  }
  const { certificate } = reached;
  if (certificate === undefined)
    return url.protocol === "https:"
      ? unchecked(subject, `${url.host} answers, but the time was over before its certificate was read.`)
      : ok(subject, `${url.host} answers.`);
  const date = toDate(certificate.validTo);
  return certificate.validTo - now < soonMs
    ? wrong(subject, `${url.host}: its certificate expires soon, on ${date}. Tell who runs it.`)
    : ok(subject, `${url.host} answers; its certificate is good until ${date}.`);
}

/** All clocks that tell another time than ours; when all do, ours is the wrong one. */
function judgeClocks(places: readonly Place[], reached: readonly (Reach | undefined)[]): Finding[] {
  const told = reached.flatMap((one, index) =>
    one?.kind === "answered" && one.clockAheadMs !== undefined
      ? [{ host: places[index]?.url.host ?? "", aheadMs: one.clockAheadMs }]
      : [],
  );
  const off = told.filter(({ aheadMs }) => Math.abs(aheadMs) > mostClockMs);
  const [first] = off;
  if (told.length === 0) return [];
  if (first === undefined) return [ok("clock", "This machine's clock and the platforms' agree within a minute.")];
  const minutes = Math.max(1, Math.round(Math.abs(first.aheadMs) / 60_000));
  const side = first.aheadMs > 0 ? "ahead of" : "behind";
  return [
    wrong(
      "clock",
      `This machine's clock is ${minutes} min ${side} that of ${off.map(({ host }) => host).join(", ")}. Have it set by NTP: signatures and sessions are told by the time.`,
    ),
  ];
}

/** Calls each server once. What the proxy is to blame for is said once. */
export async function checkAddresses(
  addresses: readonly PlatformAddress[],
  outbound: Outbound,
  now: () => number,
  limit: () => AbortSignal,
  whole: AbortSignal,
): Promise<ReachedPlaces> {
  const places = groupByOrigin(addresses);
  const reached = await forEachOf(places, atOnce, async ({ url }) =>
    whole.aborted ? undefined : reach(outbound, url, now, limit()),
  );
  const found = places.map((place, index) => {
    const one = reached[index];
    if (one === undefined) return unchecked(place.variables.join(", "), `${place.url.host}: the time was over.`);
    return judgePlace(place, one, now(), findProxy(outbound, place.url) !== undefined);
  });
  const findings = [...found, ...judgeClocks(places, reached)];
  const isFirst = (one: Finding, index: number): boolean =>
    findings.findIndex(({ subject, says }) => subject === one.subject && says === one.says) === index;
  return {
    findings: findings.filter(isFirst),
    reached: new Set(places.flatMap(({ url }, index) => (reached[index]?.kind === "answered" ? [url.origin] : []))),
  };
}

import { BlockList, isIP } from "node:net";
import { type Finding, ok, skipped, unchecked, wrong } from "#providers/diagnosis.ts";
import { createFreshFetch, type Outbound, readBounded, TransportError } from "#providers/fresh-fetch.ts";
import type { Config } from "../config.ts";
import { settings } from "../settings.ts";
import { checkUpload } from "./upload.ts";

const { host, publicUrl, trustedProxies } = settings;
const timeoutMs = 5_000;

function isLocal(url: URL): boolean {
  return url.protocol === "http:";
}

function judgeHeaders(headers: Headers): Finding {
  const { variable } = publicUrl;
  if (headers.has("x-frame-options"))
    return wrong(
      variable,
      "What is in front of the server adds X-Frame-Options, so that no page of an issuer can show the designer. Have it leave that header out.",
    );
  const allowed = [...(headers.get("content-security-policy") ?? "").matchAll(/frame-ancestors ([^;,]*)/g)];
  if (allowed.length === 0)
    return wrong(
      variable,
      "What answers there is not this server, or what is in front of it takes away Content-Security-Policy. Correct one of them.",
    );
  if (allowed.some(([, who]) => who?.trim() !== "*"))
    return wrong(
      variable,
      "What is in front of the server adds a Content-Security-Policy with frame-ancestors of its own, so that no page of an issuer can show the designer. Have it leave that out.",
    );
  if (!headers.has("dpop-nonce"))
    return wrong(
      variable,
      "What is in front of the server takes away the header DPoP of a request or DPoP-Nonce of an answer, so that every cardholder reads that the server is busy. Have it pass both on.",
    );
  return ok(variable, "The server answers there, and says itself which pages may show the designer.");
}

/** What no browser takes. */
const forNobody: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "Its certificate has expired, or this machine's clock is wrong. Have it renewed.",
  ERR_TLS_CERT_ALTNAME_INVALID: "Its certificate is another host's. Correct the address, or have one made for it.",
  ERR_SSL_WRONG_VERSION_NUMBER: "What listens there does not speak TLS. Put the proxy with the certificate there.",
};
/** What others may see otherwise. */
const fromHere: Readonly<Record<string, string>> = {
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "the name server does not answer",
  ECONNREFUSED: "nothing listens there",
  ETIMEDOUT: "it does not answer",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is one that nobody has signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is from an authority that is not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate is from an authority that is not trusted",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "those that vouch for its certificate are not sent with it, or not trusted",
};

function describeUnreached(code: string): Finding {
  const says = forNobody[code];
  if (says !== undefined) return wrong(publicUrl.variable, says);
  const why = fromHere[code] ?? `the connection fails (${code})`;
  return unchecked(
    publicUrl.variable,
    `Seen from this machine, ${why}. Where browsers are it may be otherwise: open /health/live there with one.`,
  );
}

/** What browsers get: of a session that there is not, any page may show that it has ended. */
async function checkFrame(config: Pick<Config, "publicUrl">, ca: Outbound["ca"], isRunning: boolean): Promise<Finding> {
  const { variable } = publicUrl;
  if (!isRunning) return skipped(variable, "Whether browsers get there is looked at while the server runs.");
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    // Whatever a proof says, its answer has a nonce.
    const headers = { dpop: "doctor" };
    const response = await createFreshFetch(ca && { ca })(`${config.publicUrl}/frame/doctor`, { headers, signal });
    await readBounded(response, 64 * 1024);
    if (response.status >= 500)
      return wrong(variable, `What is in front of the server answers HTTP ${response.status}: it does not reach it.`);
    return judgeHeaders(response.headers);
  } catch (error) {
    return describeUnreached(error instanceof TransportError ? error.code : "unknown");
  }
}

/** What is in front of the server, as long as it runs: whether it leaves answers as they are, and lets a picture through. */
export async function checkPublicUrl(
  config: Pick<Config, "publicUrl" | "issuers">,
  ca: Outbound["ca"],
  isRunning: boolean,
): Promise<Finding[]> {
  const frame = await checkFrame(config, ca, isRunning);
  // What keeps the small request off keeps the large one off too, and is said once.
  return frame.verdict === "ok" ? [frame, await checkUpload(config, ca)] : [frame];
}

/** Without the proxy's address all cardholders are one sender. */
export function checkTrustedProxies(config: Pick<Config, "publicUrl" | "trustedProxies" | "host">): Finding {
  const { variable } = trustedProxies;
  if (isLocal(new URL(config.publicUrl))) return ok(variable, "Not needed on this machine.");
  if (config.trustedProxies.length === 0)
    return wrong(
      variable,
      "Is not set, and something in front of the server speaks https for it: all cardholders count as one address. Set the address from which it calls the server.",
    );
  const loopback = ["127.0.0.1", "localhost", "::1"].includes(config.host);
  const list = new BlockList();
  for (const entry of config.trustedProxies) {
    const [address = "", bits] = entry.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    list.addSubnet(address, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
  }
  if (loopback && !list.check("127.0.0.1") && !list.check("::1", "ipv6"))
    return wrong(
      variable,
      `The server listens on this machine only (${host.variable}), so that its proxy calls from 127.0.0.1 or ::1, which is not in it. Add it.`,
    );
  return ok(variable, "Set.");
}

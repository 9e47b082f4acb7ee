import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createFreshFetch, type Outbound } from "#providers/fresh-fetch.ts";
import { type Config, ConfigError } from "./config.ts";
import { outboundSettings } from "./outbound-settings.ts";
import type { AddressGuard } from "./webhooks/addresses.ts";

type Settings = Pick<Config, keyof typeof outboundSettings>;

const variables = {
  ca: outboundSettings.outboundCa.variable,
  certificate: outboundSettings.outboundClientCertificate.variable,
  key: outboundSettings.outboundClientKey.variable,
  passphrase: outboundSettings.outboundClientKeyPassphrase.variable,
};

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "this server's user may not read the file",
  EPERM: "this server's user may not read the file",
  EISDIR: "it is a folder, and a file is expected",
};

function refuse(variable: string, why: string): ConfigError {
  return new ConfigError(`${variable} is not valid: ${why}.`);
}

async function read(variable: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw refuse(variable, unreadable[code] ?? `the file cannot be read (${code})`);
  }
}

async function readCertificates(variable: string, file: string): Promise<readonly X509Certificate[]> {
  const pem = await read(variable, file);
  const blocks = pem.match(/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^]*?-----END [A-Z0-9 ]+-----/g);
  if (blocks === null)
    throw refuse(variable, "there is no certificate in the PEM format (-----BEGIN CERTIFICATE-----) in the file");
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw refuse(variable, `certificate ${index + 1} of ${blocks.length} in the file is damaged`);
    }
  });
}

async function readKey(file: string, passphrase: string | undefined): Promise<KeyObject> {
  const pem = await read(variables.key, file);
  if (!/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(pem))
    throw refuse(variables.key, "there is no private key in the PEM format (-----BEGIN PRIVATE KEY-----) in the file");
  try {
    return createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    if (!/ENCRYPTED/.test(pem)) throw refuse(variables.key, "the key in the file is damaged");
    throw passphrase === undefined
      ? refuse(variables.key, `the key is encrypted, and ${variables.passphrase} is missing`)
      : refuse(variables.passphrase, `the key in ${variables.key} cannot be opened with it`);
  }
}

function requirePair([certificate, ...others]: readonly X509Certificate[], key: KeyObject): void {
  if (certificate?.checkPrivateKey(key) === true) return;
  const isLater = others.some((other) => other.checkPrivateKey(key));
  throw refuse(
    variables.key,
    isLater
      ? `its certificate is not the first one in ${variables.certificate}: put it there, and those that vouch for it after it`
      : `the key does not fit the certificate in ${variables.certificate}`,
  );
}

function toPem(certificates: readonly X509Certificate[]): string[] {
  return certificates.map((certificate) => certificate.toString());
}

function warnOfDates(variable: string, certificates: readonly X509Certificate[], now: number): string[] {
  return certificates.flatMap(({ validFromDate: from, validToDate: to }) => {
    const [first, last] = [from, to].map((date) => date.toISOString().slice(0, 10));
    if (to.getTime() < now) return [`A certificate in ${variable} has expired (${last}). Replace it.`];
    if (from.getTime() <= now) return [];
    return [`A certificate in ${variable} is not good before ${first}. Is this machine's clock right?`];
  });
}

async function readCa({ outboundCa }: Settings): Promise<readonly X509Certificate[]> {
  return outboundCa === undefined ? [] : readCertificates(variables.ca, outboundCa);
}

async function readClient(config: Settings): Promise<{ certificates: readonly X509Certificate[]; key?: KeyObject }> {
  const { outboundClientCertificate: certificate, outboundClientKey: key } = config;
  if (certificate === undefined && key === undefined) return { certificates: [] };
  if (certificate === undefined) throw refuse(variables.certificate, `it is missing, and ${variables.key} is there`);
  if (key === undefined) throw refuse(variables.key, `it is missing, and ${variables.certificate} is there`);
  const certificates = await readCertificates(variables.certificate, certificate);
  const opened = await readKey(key, config.outboundClientKeyPassphrase);
  requirePair(certificates, opened);
  return { certificates, key: opened };
}

export interface OpenOutbound {
  /** For calls to the card platform. */
  readonly fetch: typeof fetch;
  /** For calls to the issuer: the same way, but the client certificate is not shown, and only what the guard allows is reached. */
  readonly guardedFetch: (guard: AddressGuard) => typeof fetch;
  /** What they are made with. */
  readonly outbound: Outbound;
  /** Sentences that an operator should read. */
  readonly warnings: readonly string[];
}

/** Of what goes through the proxy nothing more can be known here than what its name resolves to here, if it does. */
function guardFetch({ proxy, ca }: Outbound, guard: AddressGuard): typeof fetch {
  const guarded = createFreshFetch({ ...(proxy && { proxy }), ...(ca && { ca }), lookup: guard.lookup });
  if (proxy === undefined) return guarded;
  return async (input, init) => {
    await guard.check(new URL(input instanceof Request ? input.url : input), init?.signal);
    return guarded(input, init);
  };
}

/**
 * How calls leave this machine. Throws ConfigError with a sentence for each file that is not what its variable expects; it repeats
 * no value.
 */
export async function openOutbound(config: Settings, now: number): Promise<OpenOutbound> {
  const [ca, client] = await Promise.allSettled([readCa(config), readClient(config)]);
  if (ca.status === "rejected" && client.status === "rejected")
    throw new ConfigError(`${ca.reason.message}\n${client.reason.message}`);
  if (ca.status === "rejected") throw ca.reason;
  if (client.status === "rejected") throw client.reason;
  const { certificates, key } = client.value;
  const { outboundProxy: proxy, outboundNoProxy: except } = config;
  const outbound: Outbound = {
    ...(proxy && { proxy: { ...proxy, except } }),
    ...(ca.value.length > 0 && { ca: toPem(ca.value) }),
    ...(key && {
      client: { certificate: toPem(certificates).join(""), key: String(key.export({ type: "pkcs8", format: "pem" })) },
    }),
  };
  const warnings = [
    ...warnOfDates(variables.ca, ca.value, now),
    ...warnOfDates(variables.certificate, certificates, now),
  ];
  try {
    return {
      fetch: createFreshFetch(outbound),
      guardedFetch: (guard) => guardFetch(outbound, guard),
      outbound,
      warnings,
    };
  } catch (cause) {
    // Such as a key that is too short for what OpenSSL still allows.
    const { code = "unknown" } = cause as NodeJS.ErrnoException;
    throw refuse(variables.certificate, `OpenSSL does not take it (${code})`);
  }
}

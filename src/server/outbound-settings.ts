import * as z from "zod";
import { readExemption } from "#providers/no-proxy.ts";
import type { Settings } from "#providers/setting.ts";
import { toAbsolute } from "./setting-kinds.ts";

/** Each value of its own is a secret. */
export interface ProxyAddress {
  readonly whole: string;
  /** Scheme, host and port. */
  readonly url: string;
  readonly credentials?: string;
  readonly user?: string;
  readonly password?: string;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function readProxyAddress(whole: string, context: z.RefinementCtx): ProxyAddress {
  const parsed = URL.parse(whole);
  const [user, password] = [decode(parsed?.username ?? ""), decode(parsed?.password ?? "")];
  const isAddress =
    (parsed?.protocol === "http:" || parsed?.protocol === "https:") && /^\/?$/.test(parsed.pathname + parsed.search);
  if (!isAddress || parsed.hash !== "" || user === undefined || password === undefined || user.includes(":")) {
    context.addIssue({ code: "custom" });
    return z.NEVER;
  }
  const url = parsed.origin;
  return user + password === "" ? { whole, url } : { whole, url, credentials: `${user}:${password}`, user, password };
}

const file = z.string().min(1).transform(toAbsolute).optional();

/** How calls to the card platform leave this machine. */
export const outboundSettings = {
  outboundProxy: {
    variable: "FULLBLEED_OUTBOUND_PROXY",
    schema: z.string().max(1000).transform(readProxyAddress).optional(),
    expected:
      "the address of a forward proxy, http or https and without a path, such as http://proxy.bank.example:3128 or http://USER:PASSWORD@proxy.bank.example:3128, percent-encoded where it has to be",
    secret: true,
  },
  outboundNoProxy: {
    variable: "FULLBLEED_OUTBOUND_NO_PROXY",
    schema: z
      .string()
      .max(4000)
      .default("localhost,127.0.0.0/8,::1")
      .transform((text) => text.split(/[\s,]+/).filter((entry) => entry !== ""))
      .refine((entries) => entries.every((entry) => readExemption(entry) !== undefined)),
    expected: "hosts, IP addresses or networks with commas between, such as bank.example,10.0.0.0/8",
  },
  outboundCa: {
    variable: "FULLBLEED_OUTBOUND_CA",
    schema: file,
    expected: "a PEM file of certificates",
  },
  outboundClientCertificate: {
    variable: "FULLBLEED_OUTBOUND_CLIENT_CERTIFICATE",
    schema: file,
    expected: "a PEM file with the client certificate",
  },
  outboundClientKey: {
    variable: "FULLBLEED_OUTBOUND_CLIENT_KEY",
    schema: file,
    expected: "a PEM file with the client certificate's key",
  },
  outboundClientKeyPassphrase: {
    variable: "FULLBLEED_OUTBOUND_CLIENT_KEY_PASSPHRASE",
    schema: z.string().min(1).max(1000).optional(),
    expected: "the passphrase of the key's file",
    secret: true,
  },
} as const satisfies Settings;

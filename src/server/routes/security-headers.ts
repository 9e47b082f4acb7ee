import type { FastifyReply } from "fastify";
import type { Config } from "../config.ts";

const csp = (directives: readonly string[]) => directives.join("; ");

/** Sent with every answer unless its route says otherwise: data for one caller, never a page, never stored. */
export function apiHeaders({ publicUrl }: Pick<Config, "publicUrl">): Record<string, string> {
  return {
    "content-security-policy": csp([
      "default-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ]),
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    ...(publicUrl.startsWith("https:") ? { "strict-transport-security": "max-age=31536000; includeSubDomains" } : {}),
  };
}

const unusedFeatures = [
  "camera",
  "clipboard-read",
  "display-capture",
  "geolocation",
  "hid",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "serial",
  "usb",
];
/** With which the preview's card turns. */
const motionFeatures = ["accelerometer", "gyroscope"];

const designerSources = [
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
];

/** For the designer's page, or for another in its place with `sources` of its own. Only pages of `origins` may frame it. */
export function frameHeaders(
  origins: readonly string[],
  sources: readonly string[] = designerSources,
): Record<string, string> {
  const motionAllowed = sources === designerSources ? "(self)" : "()";
  return {
    "content-security-policy": csp([
      "default-src 'none'",
      ...sources,
      "form-action 'none'",
      "base-uri 'none'",
      `frame-ancestors ${origins.join(" ")}`,
      "require-trusted-types-for 'script'",
      "trusted-types default",
    ]),
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
    // An issuer's page that is itself under COEP may still embed the frame.
    "cross-origin-resource-policy": "cross-origin",
    "origin-agent-cluster": "?1",
    "permissions-policy": [
      ...unusedFeatures.map((feature) => `${feature}=()`),
      ...motionFeatures.map((feature) => `${feature}=${motionAllowed}`),
    ].join(", "),
  };
}

/** For the page of ours around the designer: it runs and asks our own server alone, and nobody frames it. */
export const hostedHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": csp([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]),
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": [
    ...unusedFeatures.map((feature) => `${feature}=()`),
    ...motionFeatures.map((feature) => `${feature}=(self)`),
  ].join(", "),
};

/** For what the frame loads. Built files carry a hash in their name and never change. */
export function staticHeaders(file: string, reply: FastifyReply): void {
  const hashed = /[\\/]assets[\\/]/.test(file);
  const isWorker = /[\\/]assets[\\/]worker-[^\\/]+\.js(\.br|\.gz)?$/.test(file);
  void reply.headers({
    "cache-control": hashed ? "public, max-age=31536000, immutable" : "public, max-age=3600",
    // A worker obeys the policy of its own script, not that of the page; it alone runs WebAssembly.
    "content-security-policy": csp([
      "default-src 'none'",
      `script-src 'self'${isWorker ? " 'wasm-unsafe-eval'" : ""}`,
      "connect-src 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]),
    "cross-origin-embedder-policy": "require-corp",
  });
}

/** For an issuer's logo, filter or sticker, whose name changes with its content: a picture, say, and, should anybody open it as a page, nothing else. */
export function logoHeaders(reply: FastifyReply): void {
  void reply.headers({
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": csp(["default-src 'none'", "style-src 'unsafe-inline'", "sandbox"]),
  });
}

/** For files at the root, whose names stay the same when their content changes. */
export function rootFileHeaders(reply: FastifyReply): void {
  void reply.header("cache-control", "public, max-age=3600");
}

/** For what any issuer's page may fetch, also with `integrity`. */
export const anyPage = { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" } as const;

/** For the loader. Under the name of its content it never changes. */
export function embedHeaders(file: string, reply: FastifyReply): void {
  const exact = /card-designer-[0-9a-f]{16}\.js(\.br|\.gz)?$/.test(file);
  const cacheControl = exact ? "public, max-age=31536000, immutable" : "public, max-age=300";
  void reply.headers({ ...anyPage, "cache-control": cacheControl });
}

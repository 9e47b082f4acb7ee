import { createPrivateKey, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { products } from "#card/products.ts";
import { encryptKey, makePair } from "#providers/testing/certificates.ts";
import type { DemoSecrets } from "../launcher/data-folder.ts";
import { type Ports, type ProgramPlans, planPrograms } from "../launcher/plan.ts";
import type { Needle } from "./canary-search.ts";

/** Letters that other programs escape, each in its own way, where a setting may have them. */
const strange = `"&<b>'/+%=`;

const randomPart = (): string => randomUUID().replaceAll("-", "").slice(0, 12);
const mark = (name: string): string => `${name}-${randomPart()}`;
const strangely = (name: string): string => `${name}${strange}${randomPart()}`;
const byProduct = <Value>(make: (id: string) => Value): Record<string, Value> =>
  Object.fromEntries(products.map(({ id }) => [id, make(id)]));

const listKeys = (name: string, keys: Readonly<Record<string, string>>): (readonly [string, string])[] =>
  Object.entries(keys).map(([id, key]) => [`${name} of ${id}`, key] as const);

/** The field of the card platform's data capture that the issuer may fill. */
export const capturedField = "CustomerName";
/** Of nobody: nothing that is sent out names it, so all goes by the proxy. */
const nowhere = "nowhere.example";

/** Every secret of the demo's five programs, and more that its server can have, each in letters of its own. */
export function makeMarks() {
  const secrets: DemoSecrets = {
    issuerKey: mark("issuer-key-of-the-first-bank"),
    secondIssuerKey: mark("issuer-key-of-the-second-bank"),
    handoverKeys: byProduct((id) => strangely(`handover ${id}`)),
    galleryHandoverKeys: byProduct((id) => strangely(`gallery ${id}`)),
    imageDeliveryKey: strangely("delivery"),
    imageInformationKey: randomUUID(),
    imagePurgeKey: randomUUID(),
    notificationSecret: mark("notification-secret"),
    syncteraApiKey: mark("synctera-key"),
    syncteraWebhookSecret: mark("synctera-webhook-secret"),
    syncteraCardProducts: byProduct(() => randomUUID()),
  };
  const more = {
    otherIssuerKey: mark("issuer-key-that-is-not-used-any-more"),
    proxyUser: mark("proxy-user"),
    proxyPassword: strangely("proxy-password"),
    passphrase: strangely("passphrase"),
    endpointSecret: Buffer.from(mark("secret-of-a-listed-endpoint")).toString("base64"),
    endpointToken: mark("token-in-an-address"),
    collectorKey: mark("collector-key"),
  };
  const personal = {
    cardholder: mark("cardholder"),
    member: randomUUID(),
    captured: `Zoë O'Hara & Söhne <${randomPart()}>`,
    memo: `A shoe "with" its maker's mark ${randomPart()}`,
    reason: `asked for in ticket ${randomPart()}`,
    operator: `Ada ${randomPart()}`,
  };
  return { secrets, ...more, ...personal };
}

export type Marks = ReturnType<typeof makeMarks>;

/** By kind: what no cardholder, platform or log may see of the settings, and what says something about a person. */
export function listNeedles({ secrets, ...marks }: Marks): Needle[] {
  const texts: (readonly [string, string])[] = [
    ["issuer key", secrets.issuerKey],
    ["issuer key of before", marks.otherIssuerKey],
    ["second bank's issuer key", secrets.secondIssuerKey],
    ...listKeys("handover key", secrets.handoverKeys),
    ...listKeys("gallery handover key", secrets.galleryHandoverKeys),
    ["image delivery key", secrets.imageDeliveryKey],
    ["image information key", secrets.imageInformationKey],
    ["image purge key", secrets.imagePurgeKey],
    ["notification secret", secrets.notificationSecret],
    ["Synctera key", secrets.syncteraApiKey],
    ["Synctera webhook secret", secrets.syncteraWebhookSecret],
    ["proxy user", marks.proxyUser],
    ["proxy password", marks.proxyPassword],
    ["passphrase", marks.passphrase],
    ["listed endpoint's secret", marks.endpointSecret],
    ["listed endpoint's address", marks.endpointToken],
    ["collector's key", marks.collectorKey],
    ["cardholder id", marks.cardholder],
    ["member id", marks.member],
    ["captured name", marks.captured],
    ["reviewer's memo", marks.memo],
    ["operator's reason", marks.reason],
    ["operator's name", marks.operator],
  ];
  return texts.map(([name, text]) => ({ name, bytes: Buffer.from(text) }));
}

/** Makes the server's client certificate in `folder`. */
export function makeClientKey(folder: string, { passphrase }: Marks) {
  const pair = makePair(folder, "client");
  const plain = readFileSync(pair.key, "utf8");
  const encrypted = encryptKey(pair.key, passphrase);
  const secretNumber = Buffer.from(createPrivateKey(plain).export({ format: "jwk" }).d ?? "", "base64url");
  const needle: Needle = { name: "client certificate's key", bytes: secretNumber };
  return { certificate: pair.certificate, key: encrypted, needle };
}

type ClientKey = Pick<ReturnType<typeof makeClientKey>, "certificate" | "key">;

/** The second bank with an endpoint that stands in the file. */
function addEndpoint(issuersFile: string): void {
  const file = JSON.parse(readFileSync(issuersFile, "utf8")) as { issuers: [Record<string, unknown>] };
  file.issuers[0].webhooks = [{ url: { env: "LISTED_ENDPOINT" }, secret: { env: "LISTED_ENDPOINT_SECRET" } }];
  writeFileSync(issuersFile, JSON.stringify(file));
}

interface Surroundings {
  /** Host and port of the proxy that is the only way out. */
  readonly gateway: string;
  readonly clientKey: ClientKey;
  readonly metricsPort: number;
  /** Where traces go. */
  readonly collector: string;
}

function serverSettings(marks: Marks, surroundings: Surroundings): Record<string, string> {
  const { gateway, clientKey, metricsPort, collector } = surroundings;
  const signIn = [marks.proxyUser, marks.proxyPassword].map(encodeURIComponent).join(":");
  return {
    FULLBLEED_ISSUER_KEY: `${marks.secrets.issuerKey},${marks.otherIssuerKey}`,
    FULLBLEED_LOG_LEVEL: "debug",
    FULLBLEED_METRICS_LISTEN: `127.0.0.1:${metricsPort}`,
    FULLBLEED_OUTBOUND_PROXY: `http://${signIn}@${gateway}`,
    FULLBLEED_OUTBOUND_NO_PROXY: nowhere,
    FULLBLEED_OUTBOUND_CLIENT_CERTIFICATE: clientKey.certificate,
    FULLBLEED_OUTBOUND_CLIENT_KEY: clientKey.key,
    FULLBLEED_OUTBOUND_CLIENT_KEY_PASSPHRASE: marks.passphrase,
    FULLBLEED_THALES_DATA_CAPTURE_FIELDS: JSON.stringify(byProduct(() => [capturedField])),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector,
    OTEL_EXPORTER_OTLP_HEADERS: `api-key=${marks.collectorKey}`,
    OTEL_BSP_SCHEDULE_DELAY: "100",
    FULLBLEED_SEND_TIMEOUT_SECONDS: "1",
    FULLBLEED_QUIET_WINDOW_SECONDS: "1",
    FULLBLEED_COOL_DOWN_SECONDS: "1",
    FULLBLEED_LEASE_SECONDS: "1",
    FULLBLEED_WEBHOOK_TIMEOUT_SECONDS: "1",
    LISTED_ENDPOINT: `http://${gateway}/listed?token=${marks.endpointToken}`,
    LISTED_ENDPOINT_SECRET: `whsec_${marks.endpointSecret}`,
  };
}

/** The demo's programs with these secrets, the server in a hurry and behind the gateway. */
export function planCanary(marks: Marks, surroundings: Surroundings): typeof planPrograms {
  return (dataFolder: string, ports: Ports, secrets: DemoSecrets): ProgramPlans => {
    const plans = planPrograms(dataFolder, ports, secrets);
    const { server, platform } = plans;
    addEndpoint(server.env.FULLBLEED_ISSUERS ?? "");
    const fields = `${platform.env.PDS_DATA_CAPTURE_FIELDS},${capturedField}`;
    return {
      ...plans,
      platform: { ...platform, env: { ...platform.env, PDS_DATA_CAPTURE_FIELDS: fields } },
      server: { ...server, env: { ...server.env, ...serverSettings(marks, surroundings) } },
    };
  };
}

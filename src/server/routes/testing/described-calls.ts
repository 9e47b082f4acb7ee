import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { products } from "#card/products.ts";
import { pino } from "pino";
import { expect, vi } from "vitest";
import { createThalesProvider } from "#providers/thales/adapter.ts";
import type { Provider } from "#providers/provider.ts";
import { createPictureCheck } from "../../picture-check/picture-check.ts";
import type { Store } from "../../store/schema.ts";
import { onlyProvider, openTestApp, type TestApp } from "../../testing/app.ts";
import { asIssuer, testEnv } from "../../testing/env.ts";
import { draftOf, makePhoto } from "../../testing/drafts.ts";
import { type Frame, testDesign } from "../../testing/issuer.ts";
import { formOf, makePicture, sha256Of } from "../../testing/picture.ts";
import { startReceiver } from "../../testing/webhooks.ts";

/** As `POST /v1/sessions`. */
export type Operation = string;
export interface Call {
  readonly ids?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Buffer | undefined;
}
export interface Answer {
  readonly operation: Operation;
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What the description says of each operation's answers, by status. */
export type Described = ReadonlyMap<
  Operation,
  Readonly<Record<string, { readonly description: string; readonly content?: object }>>
>;

const brandFile = path.join(mkdtempSync(path.join(tmpdir(), "fullbleed-")), "brand.json");
writeFileSync(brandFile, JSON.stringify({ products: { "photo-landscape": { features: { templates: true } } } }));

/** So that every answer can be brought about. */
const describedEnv = {
  FULLBLEED_BRAND: brandFile,
  FULLBLEED_BODY_TIMEOUT_SECONDS: "10",
  FULLBLEED_WEBHOOK_NETWORKS: "127.0.0.1",
  FULLBLEED_TRUSTED_PROXIES: "127.0.0.1",
  FULLBLEED_ADDRESS_LIMIT: "1",
  FULLBLEED_RETURN_ORIGINS: "https://bank.example",
};

export function createDescribedThales(): Provider {
  return createThalesProvider({
    soapUrl: testEnv.FULLBLEED_THALES_SOAP_URL,
    getImageUrl: testEnv.FULLBLEED_THALES_GET_IMAGE_URL,
    handoverKeys: { "photo-landscape": "k" },
    imageDeliveryKey: "k",
    notificationSecret: testEnv.FULLBLEED_THALES_NOTIFICATION_SECRET,
  });
}

/** The whole app, which compares pictures with their designs. */
export function openDescribed(provider: Provider): Promise<TestApp> {
  const config = { issuers: [], pictureCheck: "refuse" } as const;
  const pictureCheck = createPictureCheck({ config, log: pino({ level: "silent" }) });
  return openTestApp({ env: describedEnv, parts: { providers: onlyProvider(provider), pictureCheck } });
}

export function readDescribed({ paths }: { paths: Record<string, Record<string, { responses: never }>> }): Described {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => [`${method.toUpperCase()} ${path}`, responses] as const),
  );
  return new Map(operations);
}

export const picture = makePicture();
export const photo = makePhoto();
export const notification = { ImageId: "6f9619ff-8b86-4011-b42d-00c04fc964ff", ImageState: "Pending" };
const json = { "content-type": "application/json" };

/** The call that the operation is there for. */
export function usualCall(
  operation: Operation,
  frame: Pick<Frame, "show" | "headersFor" | "prover">,
  path: string,
): Required<Pick<Call, "headers">> & Pick<Call, "body"> {
  const method = operation.split(" ")[0] ?? "";
  const token = frame.show(method, path);
  switch (operation) {
    case "POST /v1/sessions": {
      const body = { cardholderId: "A1", productId: "photo-landscape", origins: ["https://bank.example"] };
      return { headers: { ...asIssuer, ...json }, body: JSON.stringify(body) };
    }
    case "POST /v1/sessions/{sessionId}/client-secrets":
      return { headers: { ...asIssuer, ...json }, body: "{}" };
    case "POST /v1/sessions/{sessionId}/tokens":
      return { headers: { ...json, dpop: frame.prover.prove({ method, path }) }, body: '{"clientSecret":"cs_0"}' };
    case "POST /v1/hosted-pages":
      return { headers: json, body: JSON.stringify({ key: `hpk_${"0".repeat(43)}` }) };
    case "POST /v1/sessions/{sessionId}/design":
    case "PUT /v1/sessions/{sessionId}/design":
      return { headers: { ...token, ...json }, body: JSON.stringify(testDesign) };
    case "POST /v1/sessions/{sessionId}/draft":
    case "PUT /v1/sessions/{sessionId}/draft":
      return { headers: { ...token, ...json, "if-none-match": "*" }, body: JSON.stringify(draftOf(photo)) };
    case "POST /v1/sessions/{sessionId}/draft/delete":
    case "DELETE /v1/sessions/{sessionId}/draft":
      return { headers: { ...token, ...json }, body: "{}" };
    case "POST /v1/sessions/{sessionId}/assets/{sha256}": {
      const { contentType, body } = formOf(photo);
      return { headers: { ...token, "content-type": contentType }, body };
    }
    case "PUT /v1/sessions/{sessionId}/assets/{sha256}":
      return { headers: { ...token, "content-type": "image/png" }, body: photo };
    case "POST /v1/sessions/{sessionId}/submissions":
      return {
        headers: { ...frame.headersFor(picture, sha256Of(JSON.stringify(testDesign)), "key-0"), ...token },
        body: picture,
      };
    case "POST /v1/platform/thales/notifications":
    case "POST /v1/issuers/{issuerId}/platform/{provider}/notifications":
      return {
        headers: { ...json, "x-notification-secret": testEnv.FULLBLEED_THALES_NOTIFICATION_SECRET },
        body: JSON.stringify(notification),
      };
    case "GET /v1/submissions":
    case "GET /v1/submissions/{submissionId}/history":
      return { headers: asIssuer };
    case "POST /v1/submissions/{submissionId}/resolution":
      return { headers: { ...asIssuer, ...json }, body: JSON.stringify({ action: "resend", reason: "a try" }) };
    case "POST /v1/submissions/{submissionId}/decision":
      return { headers: { ...asIssuer, ...json }, body: JSON.stringify({ verdict: "approve" }) };
    case "POST /v1/webhook-endpoints":
      return { headers: { ...asIssuer, ...json }, body: JSON.stringify({ url: "https://bank.example/hooks" }) };
    case "POST /v1/webhook-endpoints/{webhookEndpointId}/replay":
      return { headers: { ...asIssuer, ...json }, body: JSON.stringify({ since: 0 }) };
    case "PATCH /v1/webhook-endpoints/{webhookEndpointId}":
    case "POST /v1/webhook-endpoints/{webhookEndpointId}/rotate":
    case "POST /v1/webhook-endpoints/{webhookEndpointId}/ping":
    case "DELETE /v1/webhook-endpoints/{webhookEndpointId}":
    case "DELETE /v1/sessions/{sessionId}":
      return { headers: { ...asIssuer, ...json }, body: "{}" };
    case "POST /v1/submissions/{submissionId}/purge":
    case "POST /v1/cardholders/{cardholderId}/purge":
      return { headers: { ...asIssuer, ...json }, body: JSON.stringify({ reason: "a try" }) };
    case "GET /v1/cardholders/{cardholderId}/export":
    case "GET /v1/cardholders/{cardholderId}/photos/{productId}/{sha256}":
    case "GET /v1/submissions/{submissionId}/picture":
    case "GET /v1/events":
    case "GET /v1/webhook-endpoints":
    case "GET /v1/webhook-endpoints/{webhookEndpointId}":
      return { headers: asIssuer };
    default:
      return { headers: token };
  }
}

/** Opens a page of ours, and answers the call that opens it again while its session lasts. */
export async function driveHostedPage(
  url: string,
  call: (operation: Operation, change?: Call) => Promise<unknown>,
): Promise<Call> {
  const open = async (address: string, body: object) => {
    const init = { method: "POST", headers: { ...asIssuer, ...json }, body: JSON.stringify(body) };
    return (await fetch(url + address, init)).json() as Promise<{ readonly hostedUrl?: string }>;
  };
  const session = { cardholderId: "A1", productId: "photo-landscape", hosted: { returnUrl: "https://bank.example" } };
  const { hostedUrl = "" } = await open("/v1/sessions", session);
  const key = `hpk_${"k".repeat(43)}`;
  await open("/v1/hosted-pages", { code: hostedUrl.split("#")[1], key });
  const again = { body: JSON.stringify({ key }) };
  await call("POST /v1/hosted-pages", again);
  return again;
}

const unknownFilter = { look: { filter: { id: "of-nobody", percent: 1 } } };
/** Its frame is missing. */
const brokenTemplate = { template: { id: "line", version: 1 } };
const cardNumber = {
  kind: "text",
  id: "e1",
  text: "4111111111111111",
  face: "plain",
  align: "start",
  fill: "#000000",
  box: { xMm: 0, yMm: 0, widthMm: 30, heightMm: 6, rotationDeg: 0, mirrored: false },
};

/** Each is refused in another way, whether it is stored or sent. */
const refusedDesigns = [
  { ...testDesign, ...unknownFilter },
  { ...testDesign, ...brokenTemplate },
  { ...testDesign, elements: [...testDesign.elements, cardNumber] },
];

/** No picture of ours has its star. */
const starred = {
  ...testDesign,
  elements: [
    ...testDesign.elements,
    {
      kind: "shape",
      id: "star",
      shape: "star",
      fill: "#ffffff",
      box: { xMm: 0, yMm: 0, widthMm: 14, heightMm: 14, rotationDeg: 0, mirrored: false },
    },
  ],
};

/** Puts them where a server that took them has left them. Gives their SHA-256. */
export async function storeRefused(store: Store, sessionId: string): Promise<readonly string[]> {
  const rows = [...refusedDesigns, starred].map((design) => {
    const document = JSON.stringify(design);
    return { session_id: sessionId, sha256: sha256Of(Buffer.from(document)), document, created_at: 0 };
  });
  await store.insertInto("designs").values(rows).execute();
  return rows.map(({ sha256 }) => sha256);
}

/** Brings about every answer of the drafts' routes, whose methods for firewalls do what the others do. */
export async function driveDrafts(
  store: Store,
  call: (operation: Operation, change?: Call) => Promise<unknown>,
): Promise<void> {
  const draft = "/v1/sessions/{sessionId}/draft";
  const asset = "/v1/sessions/{sessionId}/assets/{sha256}";
  for (const [keep, remove] of [
    ["PUT", `DELETE ${draft}`],
    ["POST", `POST ${draft}/delete`],
  ]) {
    const send = (file: Buffer) => call(`${keep} ${asset}`, { body: keep === "PUT" ? file : formOf(file).body });
    await call(`${keep} ${draft}`);
    for (const design of refusedDesigns)
      await call(`${keep} /v1/sessions/{sessionId}/design`, { body: JSON.stringify(design) });
    for (const change of [unknownFilter, brokenTemplate])
      await call(`${keep} ${draft}`, { body: JSON.stringify({ ...draftOf(photo), ...change }) });
    for (let n = 0; n < 2; n += 1) await send(photo);
    for (let n = 0; n < 2; n += 1) await call(`${keep} ${draft}`);
    for (const operation of [
      `GET ${draft}`,
      `GET ${asset}`,
      "GET /v1/cardholders/{cardholderId}/photos/{productId}/{sha256}",
    ])
      await call(operation);
    const changed = JSON.stringify(draftOf(photo, 1));
    await call(`${keep} ${draft}`, { body: changed });
    await call(`${keep} ${draft}`, { headers: { "if-none-match": undefined } });
    const place = Buffer.concat([photo, Buffer.from("a place")]);
    // By its length alone, in a form too: read to its end it may take longer than a body has.
    const tooLarge = Buffer.alloc(products[0].maxPhotoBytes + 1_000_000);
    for (const file of [place, makePhoto(2), Buffer.from("no photo"), tooLarge]) await send(file);
    await store.deleteFrom("drafts").execute();
    await store
      .updateTable("assets")
      .set({ bytes: 2 ** 40, unused_since: null, sha256: "another" })
      .execute();
    await send(photo);
    await store.deleteFrom("assets").execute();
    await send(photo);
    await call(`${remove}`);
    await call(`${remove}`, { headers: { "if-match": `"${"0".repeat(64)}"` } });
  }
}

const one = "/v1/webhook-endpoints/{webhookEndpointId}";
const create = "POST /v1/webhook-endpoints";

/** Brings about every answer of the webhook endpoints' routes. `use` is told the endpoint that the operations are about. */
export async function driveWebhookEndpoints(
  store: Store,
  call: (operation: Operation, change?: Call) => Promise<unknown>,
  use: (id: string) => void,
): Promise<void> {
  for (const path of ["hooks", "other"]) {
    const body = JSON.stringify({ url: `https://bank.example/${path}` });
    await call(create, { headers: { "idempotency-key": "key-1" }, body });
  }
  const { id } = await store.selectFrom("webhook_endpoints").select("id").limit(1).executeTakeFirstOrThrow();
  use(id);
  const silent = await startReceiver(() => {});
  await store.updateTable("webhook_endpoints").set({ url: silent.url }).execute();
  const pings = Array.from({ length: 4 }, () => call(`POST ${one}/ping`));
  await vi.waitFor(() => expect(silent.received).toHaveLength(4), { timeout: 45_000 });
  await call(`POST ${one}/ping`);
  silent.close();
  await Promise.all(pings);
  for (const operation of [`GET ${one}`, `PATCH ${one}`, `POST ${one}/replay`, `POST ${one}/rotate`])
    await call(operation);
  for (let n = 0; n < 5; n += 1) await call(`POST ${one}/rotate`, { body: "{}" });
  await store.updateTable("webhook_endpoints").set({ is_listed: 1 }).execute();
  await call(`PATCH ${one}`, { body: JSON.stringify({ url: "https://bank.example/moved" }) });
  for (const operation of [`POST ${one}/rotate`, `DELETE ${one}`]) await call(operation);
  await store.updateTable("webhook_endpoints").set({ is_listed: 0 }).execute();
  await store.updateTable("issuers").set({ last_seq: 20_000 }).execute();
  await call(`POST ${one}/replay`, { body: JSON.stringify({ fromSeq: 1 }) });
  for (let n = 0; n < 20; n += 1) await call(create);
  await call(`DELETE ${one}`);
}

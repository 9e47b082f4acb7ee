import { readAll } from "./tables.ts";
import type { SessionSecret, TokenAnswer } from "#contracts/session.ts";
import type { SubmissionState } from "#contracts/submission.ts";
import type { WebhookEndpointSecret } from "#contracts/webhook.ts";
import type { Provider } from "#providers/provider.ts";
import { createThalesProvider } from "#providers/thales/adapter.ts";
import type { Providers } from "../providers.ts";
import { recordEvent } from "../state/transition.ts";
import type { SubmissionTable } from "../store/schema.ts";
import { createAddressGuard } from "../webhooks/addresses.ts";
import { absentPlatform, openTestApp } from "./app.ts";
import { testEnv } from "./env.ts";
import { draftOf, makePhoto } from "./drafts.ts";
import { listIssuer } from "./listed.ts";
import { sha256Of } from "./picture.ts";
import { createProver, type Prover } from "./prover.ts";
import { makeSubmissionRow } from "./rows.ts";

/** Those in which an issuer, an operator, a cardholder or the platform can do different things with a submission. */
export const statesThatMatter = [
  "queued",
  "sending",
  "unknown",
  "held",
  "accepted",
  "in-review",
  "approved",
  "rejected",
] as const satisfies SubmissionState[];
type State = (typeof statesThatMatter)[number];

interface Entered {
  readonly token: string;
  readonly prover: Prover;
  /** The headers of one call with the token. */
  show(method: string, path: string): Record<string, string>;
}

/** One issuer with a row of each kind. What the issuers may choose themselves is the same for all of them. */
export interface Tenant {
  readonly id: string;
  readonly key: string;
  readonly notificationSecret: string;
  /** Of the cardholder of the submission in this state, as are the others. */
  readonly sessions: Readonly<Record<State, SessionSecret & Entered>>;
  readonly submissions: Readonly<Record<State, string>>;
  readonly endpoint: WebhookEndpointSecret;
}

/** The platform's id of each issuer's submission in this state: accounts there are apart, and ids may collide. */
export const imageIdOf = (state: State): string =>
  `6f9619ff-8b86-4011-b42d-00c04fc96${statesThatMatter.indexOf(state)}ff`;

const listed = [listIssuer("river"), listIssuer("hill")];
const owner = { key: testEnv.FULLBLEED_ISSUER_KEY, notificationSecret: testEnv.FULLBLEED_THALES_NOTIFICATION_SECRET };
const all = [{ id: "default", ...owner }, ...listed.map((one) => ({ id: one.entry.id, ...one }))];

/** A platform whose pictures and templates say whose they are. */
function createPlatform({ id, notificationSecret }: (typeof all)[number], change: Partial<Provider>): Provider {
  const thales = createThalesProvider({
    soapUrl: testEnv.FULLBLEED_THALES_SOAP_URL,
    getImageUrl: testEnv.FULLBLEED_THALES_GET_IMAGE_URL,
    handoverKeys: { "photo-landscape": `key-of-${id}` },
    referenceFields: { "photo-landscape": "Reference" },
    imageDeliveryKey: `delivery-key-of-${id}`,
    notificationSecret,
  });
  const image = { kind: "image", bytes: Buffer.from(`a picture of ${id}`), mediaType: "image/png" } as const;
  return {
    ...absentPlatform,
    name: "thales",
    readCardImageId: thales.readCardImageId,
    readNotification: thales.readNotification,
    capabilities: (productId) => ({ ...thales.capabilities(productId), decision: "ours" }),
    getPreview: async () => image,
    getTemplate: async () => image,
    ...change,
  };
}

/** The whole app with three issuers who have the same cardholders, keys of idempotency and image ids. */
export async function openTenants(
  change: (issuerId: string) => Partial<Provider> = () => ({}),
  answer: (url: string) => Promise<Response> = async () => new Response(null, { status: 204 }),
) {
  const platforms = new Map(all.map((one) => [one.id, createPlatform(one, change(one.id))]));
  const find = (issuerId: string): Provider => platforms.get(issuerId) ?? absentPlatform;
  const providers: Providers = {
    of: ({ issuer_id: issuerId }) => find(issuerId),
    making: (issuerId) => find(issuerId),
    listOf: (issuerId) => (platforms.has(issuerId) ? [find(issuerId)] : []),
  };
  const posted: { url: string; headers: Headers; body: string }[] = [];
  const post: typeof fetch = async (url, init) => {
    const { url: to } = new Request(url);
    posted.push({ url: to, headers: new Headers(init?.headers), body: init?.body as string });
    return answer(to);
  };
  const poster = { fetch: post, guard: createAddressGuard([]), timeoutMs: 1_000, now: Date.now };
  const server = await openTestApp({ issuers: listed.map(({ entry }) => entry), parts: { providers, poster } });

  async function call<Answer>(url: string, authorization: string, payload: object, headers = {}): Promise<Answer> {
    const all = { authorization: `Bearer ${authorization}`, ...headers };
    const answer = await server.app.inject({ method: "POST", url, headers: all, payload });
    if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.body}`);
    return answer.json<Answer>();
  }

  async function enter(key: string, cardholderId: string) {
    const wanted = { cardholderId, productId: "photo-landscape", origins: ["https://bank.example"] };
    const opened = await call<SessionSecret>("/v1/sessions", key, wanted);
    const path = `/v1/sessions/${opened.sessionId}`;
    const prover = createProver();
    const dpop = prover.prove({ method: "POST", path: `${path}/tokens` });
    const secret = { clientSecret: opened.clientSecret };
    const { token } = await call<TokenAnswer>(`${path}/tokens`, "none", secret, { dpop });
    const show: Entered["show"] = (method, to) =>
      prover.show({ method, path: to, token, nonce: server.parts.proofs.issueNonce() });
    return { ...(await call<SessionSecret>(`${path}/client-secrets`, key, {})), token, prover, show };
  }

  async function add(issuerId: string, sessionId: string, state: State): Promise<string> {
    const hasImage = ["accepted", "in-review", "approved", "rejected"].includes(state);
    const row: SubmissionTable = makeSubmissionRow({
      id: `sub_${issuerId}-${state}`,
      issuer_id: issuerId,
      session_id: sessionId,
      cardholder_id: `c-${state}`,
      provider: "thales",
      state,
      reference: `${issuerId}${state}`
        .toUpperCase()
        .replace(/[^A-Z]/g, "")
        .padEnd(20, "0"),
      card_image_id: hasImage ? imageIdOf(state) : null,
    });
    await server.parts.store.transaction().execute(async (trx) => {
      await trx.insertInto("submissions").values(row).execute();
      await recordEvent(trx, row, null, { cause: "stored", actor: "system" });
    });
    return row.id;
  }

  /** The same with each issuer: a photo and a draft of it. */
  async function leaveDraft({ sessionId, show }: SessionSecret & Entered): Promise<void> {
    const photo = makePhoto();
    const put = async (url: string, type: string, payload: Buffer | string, more = {}) => {
      const headers = { ...show("PUT", url), "content-type": type, ...more };
      const answer = await server.app.inject({ method: "PUT", url, headers, payload });
      if (answer.statusCode !== 201) throw new Error(`${url}: ${answer.body}`);
    };
    const path = `/v1/sessions/${sessionId}`;
    await put(`${path}/assets/${sha256Of(photo)}`, "image/png", photo);
    await put(`${path}/draft`, "application/json", JSON.stringify(draftOf(photo)), { "if-none-match": "*" });
  }

  async function settle(one: (typeof all)[number]): Promise<Tenant> {
    const entered = [];
    for (const state of statesThatMatter) {
      const session = await enter(one.key, `c-${state}`);
      entered.push([state, session, await add(one.id, session.sessionId, state)] as const);
      if (state === "approved") await leaveDraft(session);
    }
    const hooks = { url: `https://hooks.example/${one.id}` };
    return {
      ...one,
      sessions: Object.fromEntries(entered.map(([state, session]) => [state, session])) as Tenant["sessions"],
      submissions: Object.fromEntries(entered.map(([state, , id]) => [state, id])) as Tenant["submissions"],
      endpoint: await call("/v1/webhook-endpoints", one.key, hooks, { "idempotency-key": "the-same" }),
    };
  }

  const tenants: Tenant[] = [];
  for (const one of all) tenants.push(await settle(one));
  return { server, tenants, posted, call, enter, readRows: () => readAll(server.parts.store) };
}

export type Tenants = Awaited<ReturnType<typeof openTenants>>;

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { App } from "./parts.ts";
import { draftOf, makePhoto } from "./testing/drafts.ts";
import { makePicture, sha256Of } from "./testing/picture.ts";
import { openTenants, statesThatMatter, type Tenant, type Tenants } from "./testing/issuers.ts";
import { enterSession, sendOne, testDesign } from "./testing/issuer.ts";

/** What a route takes of an issuer: whose credential, and which of its rows the address names. */
interface Kind {
  readonly by: "key" | "token" | "client secret" | "notification secret" | "nobody";
  readonly names: "session" | "submission" | "endpoint" | "issuer" | "nothing";
  /** A body that the route takes. */
  readonly body?: object;
}
const byKey = { by: "key", names: "submission" } as const;
const byToken = { by: "token", names: "session" } as const;
const endpoint = { by: "key", names: "endpoint" } as const;
const open = { by: "nobody", names: "nothing" } as const;
const why = { reason: "a try", confirm: true };

/** Every route of the app. A new one has to be put here: then it is tried with what belongs to others. */
const routes: Readonly<Record<string, Kind>> = {
  "POST /v1/sessions": { by: "key", names: "nothing", body: {} },
  "POST /v1/sessions/:sessionId/client-secrets": { by: "key", names: "session", body: {} },
  "POST /v1/sessions/:sessionId/tokens": { by: "client secret", names: "session" },
  "GET /v1/sessions/:sessionId": byToken,
  "DELETE /v1/sessions/:sessionId": { by: "key", names: "session" },
  "GET /v1/sessions/:sessionId/template": byToken,
  "POST /v1/sessions/:sessionId/design": { ...byToken, body: testDesign },
  "PUT /v1/sessions/:sessionId/design": { ...byToken, body: testDesign },
  "GET /v1/sessions/:sessionId/draft": byToken,
  "POST /v1/sessions/:sessionId/draft": { ...byToken, body: draftOf(makePhoto()) },
  "PUT /v1/sessions/:sessionId/draft": { ...byToken, body: draftOf(makePhoto()) },
  "POST /v1/sessions/:sessionId/draft/delete": byToken,
  "DELETE /v1/sessions/:sessionId/draft": byToken,
  "GET /v1/sessions/:sessionId/assets/:sha256": byToken,
  "POST /v1/sessions/:sessionId/assets/:sha256": byToken,
  "PUT /v1/sessions/:sessionId/assets/:sha256": byToken,
  "POST /v1/sessions/:sessionId/submissions": byToken,
  "GET /v1/submissions": { by: "key", names: "nothing" },
  "GET /v1/submissions/:submissionId": byKey,
  "GET /v1/submissions/:submissionId/history": byKey,
  "POST /v1/submissions/:submissionId/resolution": { ...byKey, body: { action: "abandon", ...why } },
  "POST /v1/submissions/:submissionId/decision": { ...byKey, body: { verdict: "approve" } },
  "POST /v1/submissions/:submissionId/purge": { ...byKey, body: { reason: "a try", confirm: true } },
  "GET /v1/submissions/:submissionId/picture": byKey,
  // Issuers choose these ids, and may choose the same: see purge/cardholder.test.ts.
  "POST /v1/cardholders/:cardholderId/purge": { by: "key", names: "nothing", body: { reason: "a try" } },
  "GET /v1/cardholders/:cardholderId/export": { by: "key", names: "nothing" },
  "GET /v1/cardholders/:cardholderId/photos/:productId/:sha256": { by: "key", names: "nothing" },
  "GET /v1/submissions/:submissionId/events": { by: "token", names: "submission" },
  "GET /v1/submissions/:submissionId/preview": { by: "token", names: "submission" },
  "GET /v1/events": { by: "key", names: "nothing" },
  "POST /v1/webhook-endpoints": { by: "key", names: "nothing", body: { url: "https://hooks.example/more" } },
  "GET /v1/webhook-endpoints": { by: "key", names: "nothing" },
  "GET /v1/webhook-endpoints/:webhookEndpointId": endpoint,
  "PATCH /v1/webhook-endpoints/:webhookEndpointId": { ...endpoint, body: { enabled: false } },
  "DELETE /v1/webhook-endpoints/:webhookEndpointId": endpoint,
  "POST /v1/webhook-endpoints/:webhookEndpointId/rotate": { ...endpoint, body: {} },
  "POST /v1/webhook-endpoints/:webhookEndpointId/replay": { ...endpoint, body: { since: 0 } },
  "POST /v1/webhook-endpoints/:webhookEndpointId/ping": { ...endpoint, body: {} },
  "POST /v1/platform/thales/notifications": { by: "notification secret", names: "nothing" },
  "POST /v1/issuers/:issuerId/platform/:provider/notifications": { by: "notification secret", names: "issuer" },
  // Its address is known to those who were given the session; it shows nothing of it but its language.
  "GET /frame/:sessionId": { by: "nobody", names: "session" },
  // What it shows in the body is all that it has, and says whose it is: see routes/hosted.test.ts.
  "POST /v1/hosted-pages": open,
  "GET /hosted": open,
  "GET /v1/openapi.json": open,
  "GET /logos/:file": open,
  "GET /filters/:file": open,
  "GET /stickers/:file": open,
  "GET /templates/:file": open,
  "GET /health/live": open,
  "GET /health/ready": open,
};

/** From the tree that the app prints. Files are the product's own. */
function listRoutes(app: App): string[] {
  const path: string[] = [];
  const found: string[] = [];
  for (const line of app.printRoutes({ commonPrefix: false }).split("\n")) {
    const [, indent = "", part = "", methods = ""] = /^((?:│ {3}| {4})*)[├└]── (\S+) \(([A-Z, ]+)\)$/.exec(line) ?? [];
    if (methods === "") continue;
    path.length = indent.length / 4;
    path.push(part);
    for (const method of methods.split(", ")) if (method !== "HEAD") found.push(`${method} ${path.join("")}`);
  }
  return found.filter((route) => !/^GET ((?:\/hosted\S*)?\*|\/[\w-]+\.\w+)$/.test(route));
}

let all: Tenants;
beforeAll(async () => {
  all = await openTenants();
});
afterAll(() => all.server.close());

test("every route is in the table", () => {
  expect(listRoutes(all.server.app).toSorted()).toEqual(Object.keys(routes).toSorted());
});

/** The headers in which a credential is shown, with what belongs to the call. */
type Show = (method: string, path: string) => Record<string, string>;
const asBearer =
  (secret: string): Show =>
  () => ({ authorization: `Bearer ${secret}` });

interface Asked {
  readonly id: string;
  readonly show?: Show | undefined;
  readonly headers?: Record<string, string>;
  readonly body?: object | undefined;
}

/** The whole answer, but for what is of the moment and what the asker has said: the id. */
async function ask(route: string, { id, show = () => ({}), headers = {}, body }: Asked): Promise<string> {
  const [method = "GET", pattern = ""] = route.split(" ");
  const url = pattern
    .replace(/:(?:sessionId|submissionId|webhookEndpointId|issuerId)/, id)
    .replace(":provider", "thales")
    .replace(":productId", "photo-landscape")
    .replace(":sha256", sha256Of(makePhoto()))
    .replace(":cardholderId", "c-approved");
  const answer = await all.server.app.inject({
    method: method as "GET",
    url,
    headers: { ...show(method, url), ...headers },
    ...(body && { payload: body }),
  });
  const { date, "x-request-id": requestId, "dpop-nonce": _nonce, "retry-after": _after, ...kept } = answer.headers;
  expect([date, requestId]).not.toContain(undefined);
  const text = JSON.stringify([answer.statusCode, kept, answer.body]).replaceAll(String(requestId), "REQUEST");
  return id.includes("_") ? text.replaceAll(id, "ID") : text;
}

const missing = {
  session: "ses_AAAAAAAAAAAAAAAAAAAAAA",
  submission: "sub_AAAAAAAAAAAAAAAAAAAAAA",
  endpoint: "whe_AAAAAAAAAAAAAAAAAAAAAA",
  issuer: "nobody",
} as const;

function idsOf({ id, submissions, sessions, endpoint: own }: Tenant, names: Kind["names"]): string[] {
  if (names === "session") return Object.values(sessions).map(({ sessionId }) => sessionId);
  if (names === "submission") return Object.values(submissions);
  return names === "endpoint" ? [own.webhookEndpointId] : [id];
}

/** All that an issuer, its pages and its platform have to show. */
function credentialsOf({ key, sessions }: Tenant): Show[] {
  const { clientSecret, show } = sessions.approved;
  return [asBearer(key), asBearer(clientSecret), show];
}

/** Each with what belongs to the next. */
const pairs = () => all.tenants.map((one, at) => [one, all.tenants[(at + 1) % all.tenants.length] as Tenant] as const);

describe("with all that one issuer has, another's", () => {
  const naming = Object.entries(routes).filter(([, { names, by }]) => names in missing && by !== "nobody");
  test.each(naming)("%s is as if it were not there, and is left as it is", async (route, { names, body, by }) => {
    const none = missing[names as keyof typeof missing];
    const before = await all.readRows();
    let tried = 0;
    for (const [asker, other] of pairs()) {
      const { clientSecret } = asker.sessions.approved;
      const headers = { "x-notification-secret": asker.notificationSecret };
      const given = by === "client secret" ? { clientSecret } : by === "notification secret" ? { ImageId: none } : body;
      const { prover } = asker.sessions.approved;
      const enter: Show = (method, path) => ({ dpop: prover.prove({ method, path }) });
      for (const show of by === "client secret" ? [enter] : credentialsOf(asker)) {
        const expected = await ask(route, { id: none, show, headers, body: given });
        for (const id of idsOf(other, names)) {
          expect(await ask(route, { id, show, headers, body: given })).toBe(expected);
          tried += 1;
        }
      }
    }
    expect(tried).toBeGreaterThanOrEqual(pairs().length * 3);
    expect(await all.readRows()).toBe(before);
  });

  test("rows cannot be told from none as the place where a page begins", async () => {
    for (const [asker, other] of pairs()) {
      const pages = [
        ["GET /v1/submissions?after=ID&state=held", missing.submission, idsOf(other, "submission")],
        ["GET /v1/submissions?after=ID", missing.submission, idsOf(other, "submission")],
        ["GET /v1/webhook-endpoints?after=ID", missing.endpoint, idsOf(other, "endpoint")],
      ] as const;
      for (const [route, none, ids] of pages) {
        const at = (id: string) => ask(route.replace("ID", id), { id, show: asBearer(asker.key) });
        for (const id of ids) expect(await at(id)).toBe(await at(none));
      }
    }
  });

  test("sessions that are over say no more than ones that never were", async () => {
    const { sessionId } = await all.enter(all.tenants[1]?.key ?? "", "c-late");
    await all.server.parts.store.updateTable("sessions").set({ expires_at: 1 }).where("id", "=", sessionId).execute();
    const body = { clientSecret: all.tenants[2]?.sessions.approved.clientSecret };
    const route = "POST /v1/sessions/:sessionId/tokens";
    const { prover } = all.tenants[2]!.sessions.approved;
    const show: Show = (method, path) => ({ dpop: prover.prove({ method, path }) });
    expect(await ask(route, { id: sessionId, show, body })).toBe(await ask(route, { id: missing.session, show, body }));
  });
});

describe("its own", () => {
  test("lists have all that is an issuer's and nothing that is another's", async () => {
    for (const one of all.tenants) {
      const list = async (route: string) => ask(route, { id: "none", show: asBearer(one.key) });
      const listed = [
        await list("GET /v1/submissions"),
        await list("GET /v1/webhook-endpoints"),
        await list("GET /v1/events"),
      ];
      for (const state of statesThatMatter) {
        listed.push(await list(`GET /v1/submissions?state=${state}`));
        expect(listed[0]).toContain(one.submissions[state]);
        expect(listed.at(-1)).toContain(one.submissions[state]);
      }
      expect(listed[1]).toContain(one.endpoint.webhookEndpointId);
      for (const other of all.tenants.filter((each) => each !== one))
        for (const id of [...idsOf(other, "submission"), other.endpoint.webhookEndpointId, other.endpoint.url])
          expect(listed.join()).not.toContain(id);
    }
  });

  // Otherwise all that is said above could be said of a server that answers nobody.
  test("rows are there, with its own credentials, and its pictures are its own", async () => {
    for (const one of all.tenants) {
      const { sessionId, show: asFrame } = one.sessions.approved;
      const [session, show] = [{ id: sessionId, show: asFrame }, asBearer(one.key)];
      const [record, hook] = [one.submissions.approved, one.endpoint.webhookEndpointId].map((id) => ({ id, show }));
      const hooks = "/v1/webhook-endpoints/:webhookEndpointId";
      for (const [route, asked] of [
        ["GET /v1/sessions/:sessionId", session],
        ["GET /v1/submissions/:submissionId", record!],
        ["GET /v1/submissions/:submissionId/history", record!],
        [`GET ${hooks}`, hook!],
        [`PATCH ${hooks}`, { ...hook!, body: { enabled: true } }],
        [`POST ${hooks}/ping`, { ...hook!, body: {} }],
      ] as const)
        expect(await ask(route, asked), route).toMatch(/^\[200,/);
      const template = await ask("GET /v1/sessions/:sessionId/template", session);
      const previews = [{ ...record!, show: asFrame }, record!].map((who) =>
        ask("GET /v1/submissions/:submissionId/preview", who),
      );
      for (const answer of [template, ...(await Promise.all(previews))])
        expect(answer).toContain(`a picture of ${one.id}`);
    }
  });
});

test("what is only asked for changes nothing, by GET and by HEAD", async () => {
  const before = await all.readRows();
  // The stream of events does not end by itself.
  const asked = Object.entries(routes).filter(([route]) =>
    /^GET (?!.*\/submissions\/:submissionId\/events)/.test(route),
  );
  for (const one of all.tenants) {
    const own = one.sessions.approved;
    const [submission, endpoint] = [one.submissions.approved, one.endpoint.webhookEndpointId];
    const ids = { session: own.sessionId, submission, endpoint };
    for (const [route, { by, names }] of asked) {
      const id = names === "nothing" || names === "issuer" ? "none" : ids[names];
      const show = by === "nobody" ? undefined : by === "key" ? asBearer(one.key) : own.show;
      expect(await ask(route, { id, show }), route).toMatch(/^\[(?:200|404),/);
      await ask(route.replace("GET", "HEAD"), { id, show });
    }
  }
  expect(await all.readRows()).toBe(before);
});

test("the same cardholder, picture, design and Idempotency-Key are another submission with each issuer", async () => {
  const url = await all.server.app.listen({ host: "127.0.0.1", port: 0 });
  const picture = makePicture();
  const sent = [];
  for (const { key } of all.tenants)
    sent.push(await sendOne(await enterSession(url, key, "photo-landscape", "c-new"), picture, "the-same"));
  expect(new Set(sent.map(({ submissionId }) => submissionId)).size).toBe(all.tenants.length);
  const { store } = all.server.parts;
  const rows = store.selectFrom("submissions").select("issuer_id").where("cardholder_id", "=", "c-new");
  expect((await rows.execute()).map((row) => row.issuer_id).toSorted()).toEqual(["default", "hill", "river"]);
});

test("what an issuer's people write is kept without its own secrets, and confirms no guess of another's", async () => {
  const [river, hill] = ["river", "hill"].map((id) => all.tenants.find((one) => one.id === id)!);
  const id = hill!.submissions.held;
  const reason = `${river!.notificationSecret} ${hill!.notificationSecret} '); drop table events; --`;
  const sent = { action: "abandon", reason, by: "handover-key-of-river" };
  await all.call(`/v1/submissions/${id}/resolution`, hill!.key, sent);
  const events = all.server.parts.store.selectFrom("events").select("detail").where("submission_id", "=", id);
  const { detail } = await events.where("cause", "=", "abandoned").executeTakeFirstOrThrow();
  expect(JSON.parse(detail ?? "")).toEqual({
    reason: `${river!.notificationSecret} [secret] '); drop table events; --`,
    by: sent.by,
  });
  // A refusal, of which the secrets of all are taken out, repeats nothing that was sent.
  const body = { cardholderId: "c", productId: "photo-landscape", origins: ["https://bank.example"] };
  const refusal = all.call("/v1/sessions", hill!.key, { ...body, dataCapture: { [sent.by]: 7 } });
  await expect(refusal).rejects.toThrow("body.dataCapture: Invalid input");
});

test("what anybody may read names no issuer", async () => {
  for (const route of ["GET /v1/openapi.json", "GET /health/live", "GET /health/ready"]) {
    const answer = await ask(route, { id: "none" });
    for (const name of ["river", "hill", "Test Bank"]) expect(answer).not.toContain(name);
  }
});

import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { products } from "#card/products.ts";
import { listenLocally } from "#providers/testing/listen.ts";
import { type RunningBank, startBank } from "./bank.ts";
import { linden } from "./brands/linden.ts";
import type { BankConfig } from "./config.ts";
import { makeBankConfig } from "./testing/bank-config.ts";

const dataFolder = mkdtempSync(path.join(tmpdir(), "bank-"));

/** A designer's server of a few lines: what it was asked, and what it answers. */
let asked: { url: string; authorization: string | undefined; body: unknown }[];
let over: Set<string>;
let mode: "well" | "down" | "garbage" | "wrong-key";
let upstream: Server;
let config: BankConfig;
let bank: RunningBank;

async function readBody(request: IncomingMessage): Promise<unknown> {
  return JSON.parse((await request.toArray()).join(""));
}

function respond(url: string): { status: number; body: string } {
  const problem = (status: number, code: string) => ({
    status,
    body: JSON.stringify({ type: "about:blank", title: "t", status, code, retryable: false }),
  });
  if (mode === "garbage") return { status: 201, body: "<html>" };
  if (mode === "wrong-key") return problem(401, "not-authenticated");
  const renewed = /^\/v1\/sessions\/([^/]+)\/client-secrets$/.exec(url)?.[1];
  if (renewed !== undefined && over.has(renewed)) return problem(401, "session-expired");
  const sessionId = renewed ?? `session_${asked.length}`;
  return { status: 201, body: JSON.stringify({ sessionId, clientSecret: `secret_${asked.length}`, expiresAt: 1 }) };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = "" } = request;
  asked.push({ url, authorization: request.headers.authorization, body: await readBody(request) });
  if (mode === "down") return void request.socket.destroy();
  const { status, body } = respond(url);
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}

beforeEach(async () => {
  asked = [];
  over = new Set();
  mode = "well";
  upstream = createServer((request, response) => void answer(request, response));
  const designerUrl = await listenLocally(upstream);
  config = makeBankConfig({ dataFolder, designerUrl });
  bank = await startBank(config);
});

afterEach(async () => {
  await bank.stop();
  upstream.closeAllConnections();
  upstream.close();
  rmSync(dataFolder, { recursive: true });
});

/** A browser with a cookie jar for one cookie. */
function createVisitor() {
  let cookie = "";
  return {
    cookie: () => cookie,
    async post(address: string, body: unknown, headers: Record<string, string> = { origin: bank.origin }) {
      const answer = await fetch(`${bank.origin}${address}`, {
        method: "POST",
        headers: { "content-type": "application/json", cookie, ...headers },
        body: JSON.stringify(body),
      });
      cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? cookie;
      const text = await answer.text();
      return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
    },
  };
}

const start = { why: "start", productId: "photo-landscape", locale: "en" };
const refresh = { ...start, why: "refresh" };

test("the bank stops while a browser holds a connection open that it has not used", async () => {
  const other = await startBank({ ...config, dataFolder: path.join(dataFolder, "other") });
  const socket = connect(Number(new URL(other.origin).port), "localhost");
  await once(socket, "connect");
  await fetch(`${other.origin}/health`, { headers: { connection: "close" } });
  const closed = once(socket, "close");
  await other.stop();
  await closed;
});

test("a first visit opens a session with the bank's key, for the bank's origin, and hides the key from the page", async () => {
  const { status, body } = await createVisitor().post("/api/card-session", start);
  expect(status).toBe(201);
  expect(body).toEqual({ sessionId: "session_1", clientSecret: "secret_1" });
  expect(asked).toEqual([
    {
      url: "/v1/sessions",
      authorization: `Bearer ${config.issuerKey}`,
      body: {
        cardholderId: expect.stringMatching(/^visitor-[0-9a-f]{16}$/),
        productId: "photo-landscape",
        otherProductIds: ["photo-portrait"],
        locale: "en",
        origins: [bank.origin],
      },
    },
  ]);
});

test("the same visitor comes back to the same session, with a new secret, also after a restart of the bank", async () => {
  const visitor = createVisitor();
  await visitor.post("/api/card-session", start);
  expect((await visitor.post("/api/card-session", refresh)).body).toEqual({
    sessionId: "session_1",
    clientSecret: "secret_2",
  });
  await bank.stop();
  bank = await startBank(config);
  expect((await visitor.post("/api/card-session", start)).body).toEqual({
    sessionId: "session_1",
    clientSecret: "secret_3",
  });
});

test("another visitor and another card get sessions of their own", async () => {
  const visitor = createVisitor();
  await visitor.post("/api/card-session", start);
  const portrait = await visitor.post("/api/card-session", { ...start, productId: "photo-portrait" });
  const stranger = await createVisitor().post("/api/card-session", start);
  expect(portrait.body.sessionId).toBe("session_2");
  expect(stranger.body.sessionId).toBe("session_3");
});

test("two tabs opened at once share one session", async () => {
  const visitor = createVisitor();
  await visitor.post("/api/start-over", { productId: "photo-landscape" });
  const answers = await Promise.all([start, start, start].map((body) => visitor.post("/api/card-session", body)));
  expect(new Set(answers.map(({ body }) => body.sessionId))).toEqual(new Set(["session_1"]));
});

test("a session that has ended is replaced when the page starts, and said to be over when the designer runs", async () => {
  const visitor = createVisitor();
  await visitor.post("/api/card-session", start);
  over.add("session_1");
  expect(await visitor.post("/api/card-session", refresh)).toMatchObject({
    status: 410,
    body: { message: "This design session has ended. Start again." },
  });
  expect((await visitor.post("/api/card-session", start)).body.sessionId).toBe("session_4");
});

test("a refresh before any start opens nothing", async () => {
  expect((await createVisitor().post("/api/card-session", refresh)).status).toBe(410);
  expect(asked).toEqual([]);
});

test("starting over forgets the session of that card only", async () => {
  const visitor = createVisitor();
  await visitor.post("/api/card-session", start);
  await visitor.post("/api/card-session", { ...start, productId: "photo-fine" });
  expect((await visitor.post("/api/start-over", { productId: "photo-landscape" })).status).toBe(204);
  expect((await visitor.post("/api/card-session", start)).body.sessionId).toBe("session_3");
  expect((await visitor.post("/api/card-session", { ...start, productId: "photo-fine" })).body.sessionId).toBe(
    "session_2",
  );
});

test.each(["down", "garbage", "wrong-key"] as const)(
  "a designer's server that is %s is told to the visitor in a sentence and costs no session",
  async (how) => {
    const visitor = createVisitor();
    await visitor.post("/api/card-session", start);
    mode = how;
    expect(await visitor.post("/api/card-session", start)).toEqual({
      status: 502,
      body: { message: "The card designer cannot be reached at the moment. Try again in a minute." },
    });
    mode = "well";
    expect((await visitor.post("/api/card-session", start)).body.sessionId).toBe("session_1");
  },
);

test.each<[string, Record<string, string>]>([
  ["of another site", { origin: "http://evil.example" }],
  ["of the designer's origin", { origin: "http://127.0.0.1:1" }],
  ["without an origin", {}],
])("a request %s is refused before anything is looked at", async (_who, headers) => {
  const visitor = createVisitor();
  await visitor.post("/api/card-session", start);
  expect((await visitor.post("/api/card-session", start, headers)).status).toBe(403);
  expect((await visitor.post("/api/start-over", { productId: "photo-landscape" }, headers)).status).toBe(403);
  expect(asked).toHaveLength(1);
});

test.each([{}, { ...start, productId: "gold" }, { ...start, why: "now" }, { ...start, locale: "x" }, [], null])(
  "a body such as %j is refused",
  async (body) => {
    expect((await createVisitor().post("/api/card-session", body)).status).toBe(400);
    expect(asked).toEqual([]);
  },
);

test("the visitor's cookie is out of reach for scripts and other sites, and the bank keeps only its hash", async () => {
  const answer = await fetch(bank.origin);
  const cookie = answer.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/^harbour_visitor=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
  const id = cookie.slice("harbour_visitor=".length).split(";")[0] ?? "";
  await bank.stop();
  const kept = readFileSync(path.join(dataFolder, "bank.sqlite"));
  expect(kept.includes(createHash("sha256").update(id).digest("hex"))).toBe(true);
  expect(kept.includes(id)).toBe(false);
  bank = await startBank(config);
});

test("the page loads the designer's script and its own files, under a policy that allows nothing else", async () => {
  const answer = await fetch(bank.origin);
  const html = await answer.text();
  expect(html).toContain(`<script defer src="${config.designerUrl}/embed/card-designer.js"></script>`);
  expect(html).toContain(`href="${config.platformUrl}/"`);
  expect(html).not.toMatch(/\{\{|\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)/);
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`script-src 'self' ${config.designerUrl};`);
  expect(policy).not.toMatch(/unsafe|\*/);
  const own = [...html.matchAll(/(?:src|href)="(\/[\w.]+)"/g)].map(([, address]) => address);
  expect(own).toEqual(expect.arrayContaining(["/app.js", "/styles.css", "/brand.css", "/logo.svg"]));
  for (const address of [...own, "/ask.js", "/texts.js", "/words.js", "/health"]) {
    expect((await fetch(`${bank.origin}${address}`)).status, address).toBe(200);
  }
});

test.each([
  ["/react", "/react.js", "trusted-types fullbleed"],
  ["/in-app", "/in-app.js", "trusted-types 'none'"],
])("the page at %s is under the same policy, and leads to all other ways", async (address, script, trusted) => {
  const answer = await fetch(`${bank.origin}${address}`);
  const html = await answer.text();
  expect(html).toContain(`<script type="module" src="${script}"></script>`);
  expect(html).not.toMatch(/\{\{|\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)/);
  const [policy, plain] = [answer, await fetch(bank.origin)].map(
    ({ headers }) => headers.get("content-security-policy") ?? "",
  );
  expect(policy).toBe(plain?.replace("trusted-types 'none'", trusted));
  const ways = [...html.matchAll(/<a data-way="\w+" href="([^"]+)"/g)].map(([, href]) => href ?? "");
  expect(ways).toEqual(["/", "/react", "/?locale=ar", "/in-app", "/hosted?product=photo-landscape"]);
  for (const way of ways)
    expect((await fetch(`${bank.origin}${way}`, { redirect: "manual" })).status, way).toBeLessThan(304);
});

test("from the app's screen the hosted page leads back to it, and from nowhere else", async () => {
  const query = "product=photo-landscape&locale=de";
  await fetch(`${bank.origin}/hosted?${query}&from=in-app`, { redirect: "manual" });
  const { body } = asked.at(-1) as { body: { hosted: { returnUrl: string } } };
  expect(body.hosted.returnUrl).toBe(`${bank.origin}/in-app?${query}`);
  const answer = await fetch(`${bank.origin}/hosted?${query}&from=//evil.example`, { redirect: "manual" });
  expect(answer.status).toBe(400);
});

test("the page offers every card that can be designed, the first of them chosen", async () => {
  const html = await (await fetch(bank.origin)).text();
  const choices = [...html.matchAll(/<input type="radio" name="product" value="([^"]+)"( checked)?/g)];
  expect(choices.map(([, id, checked]) => [id, checked !== undefined])).toEqual(
    products.map(({ id }, index) => [id, index === 0]),
  );
  expect(html).toContain("Wide bleed");
});

test("whoever opens the bank at another name of the machine is sent to the name that the designer knows", async () => {
  const { port } = new URL(bank.origin);
  const answer = await fetch(`http://127.0.0.1:${port}/?locale=ar`, { redirect: "manual" });
  expect(answer.status).toBe(302);
  expect(answer.headers.get("location")).toBe(`${bank.origin}/?locale=ar`);
});

test("the second bank is the same program in its own words, with its own cards, cookie and cardholder ids", async () => {
  const second = await startBank({ ...config, brand: linden, dataFolder: path.join(dataFolder, "second") });
  try {
    const answer = await fetch(second.origin);
    const html = await answer.text();
    expect(html).not.toMatch(/\{\{/);
    expect(html.replace(/<meta name="brand"[^>]*>/, "").match(/Harbour[^<]*/g)).toEqual([
      "Harbour Bank, whose cards are made by another platform",
    ]);
    expect(html).toContain(`<a href="${config.otherBankUrl}/" data-text="otherBank">`);
    expect([...html.matchAll(/name="product" value="([^"]+)"/g)].map(([, id]) => id)).toEqual(
      Object.keys(linden.cards),
    );
    expect(answer.headers.get("set-cookie")).toMatch(/^linden_visitor=/);
    const logo = (origin: string) => fetch(`${origin}/logo.svg`).then((one) => one.text());
    expect(await logo(second.origin)).not.toBe(await logo(bank.origin));
    const headers = { "content-type": "application/json", origin: second.origin };
    const open = (productId: string) =>
      fetch(`${second.origin}/api/card-session`, {
        method: "POST",
        headers,
        body: JSON.stringify({ ...start, productId }),
      });
    expect((await open("photo-landscape")).status).toBe(201);
    expect(asked.at(-1)?.body).toMatchObject({ cardholderId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect((await open("photo-wide-bleed")).status, "a card that this bank does not have").toBe(400);
  } finally {
    await second.stop();
  }
});

test("the first bank, whose platform decides, has no desk", async () => {
  expect((await fetch(`${bank.origin}/api/desk`)).status).toBe(404);
  expect((await fetch(`${bank.origin}/desk.js`)).status).toBe(404);
  expect(await (await fetch(bank.origin)).text()).not.toContain("desk");
});

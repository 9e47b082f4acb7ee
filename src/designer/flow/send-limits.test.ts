import { afterEach, beforeEach, expect, it } from "vitest";
import { coverPlacement } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { designOf, makeOpenPhoto } from "#image/testing/open-photo.ts";
import { type ForeignAnswer, wait } from "../api/request.ts";
import {
  cut,
  json,
  openScriptedServer,
  problem,
  type Reply,
  type ScriptedServer,
  session,
  submission,
  tokenAnswer,
} from "../api/testing/scripted-server.ts";
import { sendDesign } from "./send.ts";

let server: ScriptedServer;
let told: ForeignAnswer[];
let unconfirmedCalls: number;

beforeEach(async () => {
  server = await openScriptedServer();
  server.script["POST /design"] = [json({ designSha256: "d".repeat(64) })];
  server.script["GET /s1"] = [json(session(null))];
  told = [];
  unconfirmedCalls = 0;
});
afterEach(() => server.close());

const page = (status: number): Reply => json("<html>", status, { "content-type": "text/html" });
const stored = submission("stored", 1);
const photo = makeOpenPhoto();
const design = designOf(photo, coverPlacement(photo, products[0]), products[0]);
const picture = { png: new Uint8Array(9), sha256: stored.pictureSha256 ?? "", design };

async function send() {
  const api = server.connect({}, { onForeign: (answer) => told.push(answer) });
  await api.open();
  const { signal } = new AbortController();
  return sendDesign({
    api,
    picture,
    agreement: { rulesVersion: "1", agreedAt: 1 },
    keyFor: () => "key-1",
    previousSubmissionId: null,
    onProgress: () => {},
    onUnconfirmed: () => void (unconfirmedCalls += 1),
    cancelled: signal,
    signal,
    wait: () => wait(1),
  });
}
const toldOf = () => told.map(({ status, asked }) => `${status} ${asked.path.split("/").at(-1)}`);

it("has sent nothing when something on the way answers for the token, and the page is told", async () => {
  const short = json(tokenAnswer("short", 0));
  server.script["POST /tokens"] = [short, short, page(403)];
  expect(await send()).toMatchObject({ kind: "failed", code: "foreign-answer" });
  expect([server.count("POST /submissions"), server.count("GET /s1"), unconfirmedCalls]).toEqual([0, 0, 0]);
  expect(toldOf()).toEqual(["403 tokens"]);
});

it("tells the page of a foreign answer to a picture once, when it has failed", async () => {
  server.script["POST /submissions"] = [page(502)];
  expect(await send()).toMatchObject({ kind: "failed", code: "foreign-answer" });
  expect(server.count("POST /submissions")).toBe(4);
  expect(toldOf()).toEqual(["502 submissions"]);
});

it("tells the page of a foreign answer to the design once, and of one that passes not at all", async () => {
  server.script["POST /submissions"] = [page(502), json(stored, 202)];
  expect((await send()).kind).toBe("acknowledged");
  expect(toldOf()).toEqual([]);
  server.script["POST /design"] = [page(403)];
  await send();
  expect(toldOf()).toEqual(["403 design"]);
});

it.each<[string, Reply, string]>([
  ["is cut off after its last byte", cut, "send-no-connection"],
  ["the server is too busy for", problem("overloaded"), "send-busy"],
])("sends a picture that %s 24 times at most, and goes on looking until it is sure", async (_, reply, code) => {
  server.script["POST /submissions"] = [reply];
  expect(await send()).toMatchObject({ kind: "failed", code });
  expect(server.count("POST /submissions")).toBe(24);
  expect(server.count("GET /s1")).toBe(23 + 5);
  server.script["GET /s1"] = [...Array<Reply>(26).fill(json(session(null))), json(session(stored))];
  expect((await send()).kind).toBe("acknowledged");
  expect(server.count("POST /submissions")).toBe(24 + 24);
});

import { afterEach, beforeEach, expect, test } from "vitest";
import type { PreviewOutcome, Provider, TemplateRequest } from "#providers/provider.ts";
import { absentPlatform, onlyProvider, openTestApp, type TestApp } from "../testing/app.ts";
import { codeOf, enterSession, type Frame } from "../testing/issuer.ts";

let server: TestApp;
let url: string;
let asked: TemplateRequest[];
let outcome: PreviewOutcome;
const image = (text: string): PreviewOutcome => ({ kind: "image", bytes: Buffer.from(text), mediaType: "image/png" });

const provider: Provider = {
  ...absentPlatform,
  getTemplate: async (request) => {
    asked.push(request);
    return outcome;
  },
};

beforeEach(async () => {
  asked = [];
  outcome = image("art");
  server = await openTestApp({ parts: { providers: onlyProvider(provider) } });
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(() => server.close());

const template = (frame: Frame, query = "", headers = {}): Promise<Response> =>
  frame.get(`/v1/sessions/${frame.sessionId}/template${query}`, headers);

test("one template fetched serves all who ask, also those who ask at the same moment", async () => {
  const frames = await Promise.all(Array.from({ length: 5 }, () => enterSession(url)));
  const answers = await Promise.all(frames.map((frame) => template(frame)));
  for (const answer of answers) {
    expect([answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([200, "image/png", "art"]);
  }
  expect(asked).toEqual([{ productId: "photo-landscape", template: "design" }]);
});

test("each product and type has its own", async () => {
  const landscape = await enterSession(url);
  const portrait = await enterSession(url, undefined, "photo-portrait");
  await template(landscape, "?type=print");
  await template(portrait, "?type=print");
  await template(portrait, "?type=virtual-card");
  expect(asked.map(({ productId, template: type }) => `${productId} ${type}`)).toEqual([
    "photo-landscape print",
    "photo-portrait print",
    "photo-portrait virtual-card",
  ]);
  expect(await codeOf(await template(landscape, "?type=frame"))).toBe("400 bad-request");
});

test("a browser that has it is told so; after an hour it is looked at again, and kept while the platform is away", async () => {
  const etag = (await template(await enterSession(url))).headers.get("etag") ?? "";
  expect((await template(await enterSession(url), "", { "if-none-match": etag })).status).toBe(304);
  server.advance(3_600_001);
  outcome = { kind: "unavailable", detail: "down" };
  expect(await (await template(await enterSession(url))).text()).toBe("art");
  outcome = image("new art");
  expect(await (await template(await enterSession(url))).text()).toBe("new art");
  expect(asked).toHaveLength(3);
});

test("without one, and with a platform that is away, the answer says so, and nobody else's session gets in", async () => {
  outcome = { kind: "unavailable", detail: "down" };
  const [one, other] = [await enterSession(url), await enterSession(url)];
  expect(await codeOf(await template(one))).toBe("502 platform-unavailable");
  expect(await codeOf(await one.get(`/v1/sessions/${other.sessionId}/template`))).toBe("403 not-allowed");
});

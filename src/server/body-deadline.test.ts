import { once } from "node:events";
import { request as httpRequest } from "node:http";
import Fastify from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { limitBodyTime, type Pace } from "./body-deadline.ts";
import { createErrorAnswer } from "./errors.ts";
import type { App } from "./parts.ts";
import { createScrub } from "./scrub.ts";

async function openApp(seconds: number, pace: Pace): Promise<string> {
  const app = Fastify({ bodyLimit: 1_000_000 }) as unknown as App;
  onTestFinished(() => app.close());
  app.setErrorHandler(createErrorAnswer(createScrub([]), "/data"));
  limitBodyTime(app, seconds, pace);
  app.post("/", async () => "taken");
  return app.listen({ host: "127.0.0.1", port: 0 });
}

/** The answer to a body that comes byte by byte and never ends. */
async function trickle(url: string): Promise<{ status: number; detail: string }> {
  const headers = { "content-type": "application/json", "content-length": 500_000 };
  const request = httpRequest(url, { method: "POST", headers }).on("error", () => {});
  const timer = setInterval(() => request.write(" "), 10);
  onTestFinished(() => clearInterval(timer));
  const [response] = (await once(request, "response")) as [NodeJS.ReadableStream & { statusCode: number }];
  let text = "";
  for await (const piece of response) text += String(piece);
  request.destroy();
  return { status: response.statusCode, ...(JSON.parse(text) as { detail: string }) };
}

test("a body that hardly moves is ended long before its deadline, saying what to do", async () => {
  const { status, detail } = await trickle(await openApp(600, { windowMs: 200, bytes: 80_000 }));
  expect(status).toBe(408);
  expect(detail).toBe("At least 80 kB of the body must arrive in 0.2 seconds. Try again over a better connection.");
});

test("a body that keeps the pace is ended at its deadline only", async () => {
  const { status, detail } = await trickle(await openApp(1, { windowMs: 100, bytes: 0 }));
  expect(status).toBe(408);
  expect(detail).toBe("The body must arrive within 1 seconds. Try again over a better connection.");
});

import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SubmissionView } from "#contracts/submission.ts";
import { type Step, transition } from "../state/transition.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { enterSession, type Frame, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";

let server: TestApp;
let url: string;
let frame: Frame;
let submissionId: string;

async function open(env: Record<string, string> = {}): Promise<void> {
  server = await openTestApp({ env });
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  frame = await enterSession(url);
  ({ submissionId } = await sendOne(frame, makePicture()));
}
beforeEach(() => open());
afterEach(() => server.close());

interface Reader {
  readonly text: () => string;
  readonly states: () => string[];
  readonly ended: Promise<void>;
  stop(): void;
}

/** A stream being read until it ends or is left. */
async function follow(lastEventId?: number): Promise<Reader> {
  const leaving = new AbortController();
  const path = `/v1/submissions/${submissionId}/events`;
  const response = await fetch(url + path, {
    headers: {
      ...frame.show("GET", path),
      ...(lastEventId !== undefined && { "last-event-id": `${lastEventId}` }),
    },
    signal: leaving.signal,
  });
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  let text = "";
  const read = async (): Promise<void> => {
    for await (const piece of response.body ?? []) text += Buffer.from(piece).toString();
  };
  return {
    text: () => text,
    states: () =>
      [...text.matchAll(/^data: (.*)$/gm)].map((match) => (JSON.parse(match[1] ?? "") as SubmissionView).state),
    ended: read().catch(() => {}),
    stop: () => leaving.abort(),
  };
}

async function move(...causes: Step["cause"][]): Promise<void> {
  for (const cause of causes) await transition(server.parts, submissionId, { cause, actor: "system" });
}

describe("following a submission", () => {
  test("tells everything so far, then each change as it comes, and ends with the last", async () => {
    const reader = await follow();
    await expect.poll(reader.states).toEqual(["stored", "queued"]);
    await move("attempt-begun", "accepted");
    await expect.poll(reader.states).toEqual(["stored", "queued", "sending", "accepted"]);
    await move("review-pending", "review-rejected");
    await reader.ended;
    expect(reader.states().slice(4)).toEqual(["in-review", "rejected"]);
    expect([...reader.text().matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("goes on after a break where it stopped, with what happened meanwhile", async () => {
    const first = await follow();
    await expect.poll(first.states).toHaveLength(2);
    first.stop();
    await first.ended;
    await move("attempt-begun", "accepted");
    const second = await follow(2);
    await expect.poll(second.states).toEqual(["sending", "accepted"]);
    second.stop();
  });

  test("ends at once when there is nothing more to come", async () => {
    await move("attempt-begun", "image-refused");
    const reader = await follow(4);
    await reader.ended;
    expect(reader.states()).toEqual([]);
  });

  test("ends with the token it was opened with, so that the reader comes back with a fresh one", async () => {
    server.advance(599_000);
    // For a nonce of now.
    await frame.get(`/v1/sessions/${frame.sessionId}`);
    const reader = await follow();
    await reader.ended;
    expect(reader.states()).toEqual(["stored", "queued"]);
  });

  test("ends when the server stops", async () => {
    const reader = await follow();
    await server.app.close();
    await reader.ended;
    expect(reader.states()).toEqual(["stored", "queued"]);
  });

  test("is limited to a few streams at once; one that was left makes room", async () => {
    const readers = await Promise.all(Array.from({ length: 6 }, () => follow()));
    const path = `/v1/submissions/${submissionId}/events`;
    const oneMore = await frame.get(path);
    expect([oneMore.status, ((await oneMore.json()) as { code: string }).code]).toEqual([429, "too-many-requests"]);
    readers[0]?.stop();
    const tryAgain = async (): Promise<number> => {
      const response = await frame.get(path);
      await response.body?.cancel();
      return response.status;
    };
    await expect.poll(tryAgain).toBe(200);
    for (const reader of readers) reader.stop();
  });

  test("keeps no place for readers who leave while they are still being let in", async () => {
    const left: Promise<unknown>[] = [];
    const cutOff = ({ socket }: IncomingMessage, response: ServerResponse): void => {
      left.push(once(response, "close"));
      socket.destroy();
    };
    server.app.server.on("request", cutOff);
    const path = `/v1/submissions/${submissionId}/events`;
    await Promise.all(Array.from({ length: 6 }, () => frame.get(path).catch(() => undefined)));
    await Promise.all(left);
    server.app.server.off("request", cutOff);
    expect(left).toHaveLength(6);
    (await follow()).stop();
  });

  test("needs a number to go on from", async () => {
    const response = await frame.get(`/v1/submissions/${submissionId}/events`, { "last-event-id": "two" });
    expect(response.status).toBe(400);
  });
});

import { afterEach, expect, test } from "vitest";
import type { Provider } from "#providers/provider.ts";
import { asIssuer } from "../testing/env.ts";
import { enterSession, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";
import { makeSessionRow, makeSubmissionRow } from "../testing/rows.ts";
import { openMeasured } from "./testing/measured-app.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

test("a request is counted by its route's pattern, a problem by its code, and neither names what was asked for", async () => {
  const { server, metrics, read } = await openMeasured();
  await server.app.inject({ url: "/v1/submissions/sub_canary", headers: asIssuer });
  await server.app.inject({ url: "/v1/canary" });
  await server.app.inject({ method: "GET", url: "/health/live" });
  const route = 'route="/v1/submissions/:submissionId"';
  const name = "fullbleed_http_request_duration_seconds_count";
  expect(await read(`${name}{method="GET",${route},status="404"}`)).toBe(1);
  expect(await read(`fullbleed_http_problems_total{${route},code="not-found"}`)).toBe(1);
  expect(await read(`${name}{method="unmatched",route="unmatched",status="404"}`)).toBe(1);
  expect(await read(`${name}{method="GET",route="/health/live",status="200"}`)).toBe(1);
  expect(await read(`fullbleed_http_problems_total{${route},code="overloaded"}`)).toBe(0);
  expect(await metrics.collect()).not.toContain("canary");
});

test("a client that leaves before its answer is there is aborted, whatever the answer would have been", async () => {
  const asked = Promise.withResolvers<void>();
  const getPreview: Provider["getPreview"] = (_name, _request, signal) => {
    asked.resolve();
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve({ kind: "not-ready" })));
  };
  const { server, read } = await openMeasured({}, { getPreview });
  const lines = () => server.logged.filter((line) => line.includes("the client left before its answer"));
  const { store } = server.parts;
  await store
    .insertInto("sessions")
    .values(makeSessionRow({ id: "ses" }))
    .execute();
  const row = { id: "sub", session_id: "ses", state: "accepted", card_image_id: "img" } as const;
  await store.insertInto("submissions").values(makeSubmissionRow(row)).execute();
  const leaving = new AbortController();
  const url = `${await server.app.listen({ port: 0, host: "127.0.0.1" })}/v1/submissions/sub/preview`;
  const answer = fetch(url, { headers: asIssuer, signal: leaving.signal });
  await asked.promise;
  expect(await read('fullbleed_line_busy{line="previews"}')).toBe(1);
  leaving.abort();
  await expect(answer).rejects.toThrow("aborted");
  const aborted = 'method="GET",route="/v1/submissions/:submissionId/preview",status="aborted"';
  await expect.poll(() => read(`fullbleed_http_request_duration_seconds_count{${aborted}}`)).toBe(1);
  expect(lines()).toHaveLength(1);
});

test("an event stream is open, and no slow request", async () => {
  const { server, read } = await openMeasured();
  const url = await server.app.listen({ port: 0, host: "127.0.0.1" });
  const frame = await enterSession(url);
  const { submissionId } = await sendOne(frame, makePicture());
  const leaving = new AbortController();
  const path = `/v1/submissions/${submissionId}/events`;
  const stream = await fetch(url + path, { headers: frame.show("GET", path), signal: leaving.signal });
  expect(stream.status).toBe(200);
  expect(await read("fullbleed_event_streams")).toBe(1);
  leaving.abort();
  await expect.poll(() => read("fullbleed_event_streams")).toBe(0);
  const route = 'route="/v1/submissions/:submissionId/events"';
  for (const status of ["200", "aborted"])
    expect(
      await read(`fullbleed_http_request_duration_seconds_count{method="GET",${route},status="${status}"}`),
    ).toBeUndefined();
});

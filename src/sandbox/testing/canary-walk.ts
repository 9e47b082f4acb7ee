import { expect } from "vitest";
import { findProduct } from "#card/products.ts";
import type { SubmissionHistory, SubmissionRecord } from "#contracts/submission.ts";
import { enterSession, type Frame, sendOne } from "#server/testing/issuer.ts";
import { makePicture } from "#server/testing/picture.ts";
import { openConnection, readAnswer } from "#server/testing/wire.ts";
import type { Demo } from "../launcher/demo.ts";
import type { Gateway } from "./canary-gateway.ts";
import type { Marks } from "./canary-marks.ts";
import type { Source } from "./canary-search.ts";

export const patience = { timeout: 60_000, interval: 50 };

export interface Walk {
  readonly demo: Demo;
  readonly gateway: Gateway;
  readonly marks: Marks;
  /** Every picture that is sent after the first two. */
  readonly later: Buffer[];
  /** What was seen on the way that is no answer to a `fetch`. */
  readonly seen: Source[];
}

export const keep = (walk: Walk, name: string, text: string) => walk.seen.push({ name, bytes: Buffer.from(text) });

export function noisyPicture(productId: string): Buffer {
  const { widthPx, heightPx } = findProduct(productId) ?? { widthPx: 0, heightPx: 0 };
  return makePicture({ widthPx, heightPx, ...(productId === "photo-fine" && { dpi: 600 }), noisyRows: 8 });
}

export async function ask(
  walk: Walk,
  pathname: string,
  body?: object,
  key = walk.marks.secrets.issuerKey,
): Promise<Response> {
  return fetch(`${walk.demo.designerUrl}/v1/${pathname}`, {
    headers: { authorization: `Bearer ${key}`, ...(body && { "content-type": "application/json" }) },
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  });
}

export async function untilState(walk: Walk, submissionId: string, state: RegExp, key?: string): Promise<void> {
  const read = async () =>
    ((await (await ask(walk, `submissions/${submissionId}`, undefined, key)).json()) as SubmissionRecord).state;
  await expect.poll(read, patience).toMatch(state);
}

/** Resolves once so many attempts to send it have ended. */
export async function untilTried(walk: Walk, submissionId: string, times = 1): Promise<void> {
  const read = async () => {
    const { attempts } = (await (await ask(walk, `submissions/${submissionId}/history`)).json()) as SubmissionHistory;
    return attempts.filter(({ outcome }) => outcome !== null).length;
  };
  await expect.poll(read, patience).toBeGreaterThanOrEqual(times);
}

const sandbox = (url: string, name: string, body: object) =>
  fetch(`${url}/sandbox/${name}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

export async function enter(walk: Walk, productId: string): Promise<Frame> {
  const { demo, marks } = walk;
  return enterSession(demo.designerUrl, marks.secrets.issuerKey, productId, marks.cardholder, [demo.bankUrl]);
}

/** From the bank's page to the approved card, and all that each party can ask on the way. */
export async function walkWell(walk: Walk) {
  const { demo, marks } = walk;
  await sandbox(demo.platformUrl, "switches", { review: { delaySeconds: 0.1 } });
  const cookie = (await fetch(demo.bankUrl)).headers.get("set-cookie")?.split(";")[0] ?? "";
  const headers = { cookie, origin: demo.bankUrl, "content-type": "application/json" };
  const wish = JSON.stringify({ why: "start", productId: "photo-landscape" });
  expect((await fetch(`${demo.bankUrl}/api/card-session`, { method: "POST", headers, body: wish })).status).toBe(201);

  const frame = await enter(walk, "photo-landscape");
  const picture = noisyPicture("photo-landscape");
  const { submissionId } = await sendOne(frame, picture);
  // It ends with the server.
  expect((await frame.get(`/v1/submissions/${submissionId}/events`)).status).toBe(200);
  await untilState(walk, submissionId, /approved/);
  for (const name of ["", "/preview?width=100"])
    expect((await frame.get(`/v1/submissions/${submissionId}${name}`)).status).toBe(200);
  await frame.get(`/v1/sessions/${frame.sessionId}`);
  await frame.get(`/v1/sessions/${frame.sessionId}/template`);

  for (const name of ["", "/history", "/preview?width=100", "/picture"])
    expect((await ask(walk, `submissions/${submissionId}${name}`)).status).toBe(200);
  for (const name of ["submissions", "events", "webhook-endpoints", `cardholders/${marks.cardholder}/export`])
    expect((await ask(walk, name)).status).toBe(200);
  await ask(walk, `sessions/${frame.sessionId}/client-secrets`, {});
  for (const name of [
    `frame/${frame.sessionId}`,
    "frame/unknown",
    "embed/card-designer.js",
    "health/ready",
    "v1/openapi.json",
  ])
    await fetch(`${demo.designerUrl}/${name}`);
  await fetch(`${demo.bankUrl}/api/news`, { headers: { cookie } });
  return { frame, submissionId, picture };
}

/** A member's picture that the second bank's reviewer refuses, with a memo that the member reads. */
export async function walkToRejection(walk: Walk) {
  const { demo, marks } = walk;
  const key = marks.secrets.secondIssuerKey;
  const frame = await enterSession(demo.designerUrl, key, "photo-portrait", marks.member, [demo.secondBankUrl]);
  const picture = noisyPicture("photo-portrait");
  const { submissionId } = await sendOne(frame, picture);
  await untilState(walk, submissionId, /in-review/, key);
  await fetch(`${demo.secondBankUrl}/api/desk`);
  await fetch(`${demo.secondBankUrl}/api/desk/pictures/${submissionId}`);
  const body = JSON.stringify({ submissionId, verdict: "reject", reason: "TRADEMARK", memo: marks.memo });
  const headers = { origin: demo.secondBankUrl, "content-type": "application/json" };
  expect((await fetch(`${demo.secondBankUrl}/api/desk/decisions`, { method: "POST", headers, body })).status).toBe(204);
  await untilState(walk, submissionId, /rejected/, key);
  await frame.get(`/v1/submissions/${submissionId}`);
  await ask(walk, "webhook-endpoints", undefined, key);
  return { frame, submissionId, picture };
}

/** Everything that can be asked wrongly, with secrets where they do not belong. */
export async function walkAstray(
  walk: Walk,
  { frame, submissionId }: Awaited<ReturnType<typeof walkWell>>,
): Promise<void> {
  const { demo, marks } = walk;
  const { issuerKey, secondIssuerKey, notificationSecret } = marks.secrets;
  const url = demo.designerUrl;
  const json = { "content-type": "application/json" };
  const near = `Bearer ${issuerKey}x`;
  const wrong: (readonly [string, RequestInit?])[] = [
    [`/v1/submissions?key=${issuerKey}&name=${encodeURIComponent(marks.captured)}`],
    [`/v1/submissions/${issuerKey}`, { headers: { authorization: near } }],
    [`/frame/${issuerKey}`],
    [`/${encodeURIComponent(marks.captured)}/${issuerKey}?x=${issuerKey}`],
    [`/frame/%E0${issuerKey}`],
    ["/v1/sessions", { method: "POST", headers: { ...json, authorization: near }, body: "{}" }],
    [
      "/v1/sessions",
      { method: "POST", headers: { ...json, authorization: `Bearer ${issuerKey}` }, body: `{"${marks.captured}` },
    ],
    [
      "/v1/sessions",
      {
        method: "POST",
        headers: { ...json, authorization: `Bearer ${secondIssuerKey}` },
        body: JSON.stringify({
          cardholderId: marks.captured,
          productId: issuerKey,
          locale: marks.memo,
          origins: [marks.captured],
        }),
      },
    ],
    [
      "/v1/sessions",
      {
        method: "POST",
        headers: { "content-type": `text/${issuerKey}`, authorization: `Bearer ${secondIssuerKey}` },
        body: marks.captured,
      },
    ],
    [
      `/v1/sessions/${frame.sessionId}/tokens`,
      { method: "POST", headers: json, body: JSON.stringify({ clientSecret: issuerKey }) },
    ],
    [
      "/v1/platform/thales/notifications",
      {
        method: "POST",
        headers: { ...json, "x-notification-secret": `${notificationSecret}x` },
        body: JSON.stringify({ name: marks.captured }),
      },
    ],
    [
      "/v1/platform/thales/notifications",
      {
        method: "POST",
        headers: { ...json, "x-notification-secret": notificationSecret },
        body: JSON.stringify({ name: marks.captured }),
      },
    ],
    [`/v1/submissions/${submissionId}`, { headers: { authorization: `Bearer ${secondIssuerKey}` } }],
    [`/v1/sessions/${frame.sessionId}`, { headers: { authorization: `Bearer ${frame.token}` } }],
    [`/v1/sessions/${frame.sessionId}`, { headers: frame.show("PUT", "/elsewhere", "https://old.example") }],
    [
      "/v1/webhook-endpoints",
      {
        method: "POST",
        headers: { ...json, authorization: `Bearer ${issuerKey}` },
        body: JSON.stringify({ url: `https://${marks.proxyUser}:secret@hooks.example/` }),
      },
    ],
  ];
  for (const [place, init] of wrong) await fetch(`${url}${place}`, init);
  const own = `/v1/sessions/${frame.sessionId}/submissions`;
  await frame.send(noisyPicture("photo-portrait"), "0".repeat(64), marks.operator);
  await frame.get(own.replace(frame.sessionId, "ses_of_another"));
  for (const raw of [
    `GET /?${issuerKey} HTTP/9.9\r\nx: ${issuerKey}\r\n\r\n`,
    `TRACE / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${issuerKey}\r\nconnection: close\r\n\r\n`,
  ]) {
    const { body, type, status } = await readAnswer(await openConnection(url, raw));
    keep(walk, "answer to anybody: not HTTP", `${status} ${type} ${body}`);
  }
}

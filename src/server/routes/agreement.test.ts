import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SubmissionView } from "#contracts/submission.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { asIssuer } from "../testing/env.ts";
import { enterSession, type Frame, firstDesign, sendOne, testAgreement } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";

let server: TestApp;
let url: string;
let frame: Frame;
let design: string;
const picture = makePicture();

beforeEach(async () => {
  server = await openTestApp();
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  frame = await enterSession(url);
  design = await frame.putDesign();
});
afterEach(() => server.close());

function post(headers: Record<string, string>): Promise<Response> {
  const path = `/v1/sessions/${frame.sessionId}/submissions`;
  // A proof is good once.
  const isOwn = headers["authorization"] === `DPoP ${frame.token}`;
  const all = { ...headers, ...(isOwn && frame.show("POST", path)) };
  return fetch(url + path, { method: "POST", headers: all, body: picture as Uint8Array<ArrayBuffer> });
}

async function recordOf(submissionId: string): Promise<unknown> {
  return (await fetch(`${url}/v1/submissions/${submissionId}`, { headers: asIssuer })).json();
}

describe("a submission", () => {
  test("tells the issuer what the cardholder has agreed to", async () => {
    const { submissionId } = await sendOne(frame, picture);
    expect(await recordOf(submissionId)).toMatchObject({ agreement: testAgreement });
  });

  test("of a designer of before, whose document holds the agreement, tells the issuer the same", async () => {
    const first = await frame.putDesign(firstDesign);
    const { agreement: _, ...headers } = frame.headersFor(picture, first);
    const response = await post(headers);
    expect(response.status).toBe(202);
    const { submissionId } = (await response.json()) as SubmissionView;
    expect(await recordOf(submissionId)).toMatchObject({ agreement: testAgreement });
  });

  test.each([
    ["2026\0\u202e11\n", "2026 11"],
    [" 2026\u00a0", "2026"],
    ["\u3164\u00ad", ""],
  ])("of a designer of before is kept as what can be seen of its rules %j", async (rulesVersion, kept) => {
    const first = await frame.putDesign({ ...firstDesign, agreement: { ...testAgreement, rulesVersion } });
    const { agreement: _, ...headers } = frame.headersFor(picture, first);
    const response = await post(kept === "" ? headers : { ...headers, agreement: `rules="${kept}", at=1767225600000` });
    expect(response.status).toBe(202);
    const { submissionId } = (await response.json()) as SubmissionView;
    expect(await recordOf(submissionId)).toMatchObject({ agreement: { ...testAgreement, rulesVersion: kept } });
    const row = server.parts.store.selectFrom("submissions").select("rules_version");
    expect(await row.executeTakeFirst()).toEqual({ rules_version: kept });
  });

  test("whose row holds more than can be seen of its rules tells the issuer what can be", async () => {
    const { submissionId } = await sendOne(frame, picture);
    const version = { rules_version: "1\u001b[31m\u200b" };
    await server.parts.store.updateTable("submissions").set(version).execute();
    expect(await recordOf(submissionId)).toMatchObject({ agreement: { rulesVersion: "1 [31m" } });
  });

  test("may say twice what has been agreed to, but not two things", async () => {
    const first = await frame.putDesign(firstDesign);
    const headers = frame.headersFor(picture, first);
    for (const agreement of ['rules="2", at=1767225600000', 'rules="1", at=1767225600001']) {
      const response = await post({ ...headers, agreement });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain("Agreement: the design document, of version 1, holds another one.");
    }
    expect((await post(headers)).status).toBe(202);
  });

  test("again with the same key and another agreement is the same submission, with the first agreement", async () => {
    const first = await sendOne(frame, picture);
    const headers = frame.headersFor(picture, design);
    const { agreement: _, ...without } = headers;
    for (const again of [{ ...headers, agreement: 'rules="2", at=5' }, without]) {
      const response = await post(again);
      expect([response.status, response.headers.get("idempotency-replayed")]).toEqual([202, "true"]);
      expect(await response.json()).toMatchObject({ submissionId: first.submissionId });
    }
    expect(await recordOf(first.submissionId)).toMatchObject({ agreement: testAgreement });
  });

  test("without an agreement, or with one that cannot be read, is refused with what is missing", async () => {
    const { agreement: _, ...headers } = frame.headersFor(picture, design);
    const missing = await post(headers);
    expect(missing.status).toBe(400);
    expect(await missing.json()).toMatchObject({
      code: "bad-request",
      detail:
        'Agreement: missing. A design of version 2 is sent with rules="VERSION", at=MS: 1 to 40 visible characters, epoch milliseconds.',
    });
    for (const agreement of ["", "yes", 'rules="", at=1', `rules="${"x".repeat(41)}", at=1`, 'rules="1", at=-1']) {
      const response = await post({ ...headers, agreement });
      expect([response.status, agreement]).toEqual([400, agreement]);
      expect(await response.text()).toContain("Agreement: expected rules=");
    }
    expect(await server.parts.store.selectFrom("submissions").select("id").execute()).toEqual([]);
  });
});

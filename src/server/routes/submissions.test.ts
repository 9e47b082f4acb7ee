import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { readPicture } from "../blobs/pictures.ts";
import type { SubmissionPage, SubmissionView } from "#contracts/submission.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { asIssuer } from "../testing/env.ts";
import { codeOf, designWithId, enterSession, type Frame, sendOne } from "../testing/issuer.ts";
import { makePicture, sha256Of } from "../testing/picture.ts";

let server: TestApp;
let url: string;
let frame: Frame;
let design: string;
const picture = makePicture();

async function open(env: Record<string, string> = {}): Promise<void> {
  server = await openTestApp({ env });
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  frame = await enterSession(url);
  design = await frame.putDesign();
}

function post(headers: Record<string, string>, body: Uint8Array = picture): Promise<Response> {
  const path = `/v1/sessions/${frame.sessionId}/submissions`;
  // A proof is good once.
  const isOwn = headers["authorization"] === `DPoP ${frame.token}`;
  const all = { ...headers, ...(isOwn && frame.show("POST", path)) };
  return fetch(url + path, { method: "POST", headers: all, body: body as Uint8Array<ArrayBuffer> });
}

beforeEach(() => open());
afterEach(() => server.close());

describe("sending a picture", () => {
  test("is acknowledged once the very bytes and the row are kept, and is queued", async () => {
    const response = await frame.send(picture, design);
    expect(response.status).toBe(202);
    const view = (await response.json()) as SubmissionView;
    expect(view).toMatchObject({ state: "stored", sequence: 1, hasPreview: false, pictureSha256: sha256Of(picture) });
    const { store, blobs } = server.parts;
    const row = { id: view.submissionId, picture_sha256: view.pictureSha256 };
    expect(Buffer.from(await readPicture(store, blobs, row)).equals(picture)).toBe(true);
    const now = await frame.get(`/v1/submissions/${view.submissionId}`);
    expect(await now.json()).toMatchObject({ state: "queued", sequence: 2 });
  });

  test("again with the same key gives the same answer and stores nothing new", async () => {
    const first = await frame.send(picture, design);
    const second = await frame.send(picture, design);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(await second.text()).toBe(await first.text());
    expect([first, second].map((response) => response.headers.get("idempotency-replayed"))).toEqual([null, "true"]);
  });

  test("five times at once with one key makes one submission", async () => {
    const responses = await Promise.all(Array.from({ length: 5 }, () => frame.send(picture, design)));
    const accepted = responses.filter((response) => response.status === 202);
    const busy = responses.filter((response) => response.status === 409);
    expect(accepted.length).toBeGreaterThan(0);
    expect(accepted.length + busy.length).toBe(5);
    for (const response of busy) expect(await codeOf(response)).toBe("409 submission-in-flight");
    const rows = await server.parts.store.selectFrom("submissions").select("id").execute();
    expect(rows).toHaveLength(1);
  });

  test("with a key that came with another picture or design is refused", async () => {
    await frame.send(picture, design);
    expect(await codeOf(await frame.send(makePicture({ shade: 9 }), design))).toBe("422 idempotency-key-reused");
    const other = await frame.putDesign(designWithId("other"));
    expect(await codeOf(await frame.send(picture, other))).toBe("422 idempotency-key-reused");
  });

  test("a second design while the first is under way is refused with what to do", async () => {
    await frame.send(picture, design);
    const response = await frame.send(makePicture({ shade: 9 }), design, "key-2");
    expect(response.status).toBe(409);
    const problem = (await response.json()) as { code: string; detail: string };
    expect(problem.code).toBe("already-submitted");
    expect(problem.detail).toContain("Follow it");
  });

  test("a new key after a rejection makes a new submission", async () => {
    const first = await sendOne(frame, picture);
    await server.parts.store.updateTable("submissions").set({ state: "rejected" }).execute();
    const second = await sendOne(frame, picture, "key-2");
    expect(second.submissionId).not.toBe(first.submissionId);
  });

  test("after the upload was broken off works with the same key", async () => {
    const broken = httpRequest(`${url}/v1/sessions/${frame.sessionId}/submissions`, {
      method: "POST",
      headers: {
        ...frame.headersFor(picture, design),
        "content-length": picture.byteLength,
        expect: "100-continue",
      },
    });
    broken.on("error", () => {});
    broken.flushHeaders();
    // Otherwise the first probe may be received before it.
    await once(broken, "continue");
    broken.write(picture.subarray(0, 1_000));
    // Refused either way; 409 says that the broken one is being received.
    const probe = async () => (await frame.send(Buffer.from("GIF89a"), design, "probe")).status;
    await expect.poll(probe).toBe(409);
    broken.destroy();
    await expect.poll(probe).toBe(422);
    expect((await frame.send(picture, design)).status).toBe(202);
  });
});

describe("who may send", () => {
  test("nobody without a token", async () => {
    const { authorization: _, ...headers } = frame.headersFor(picture, design);
    expect(await codeOf(await post(headers))).toBe("401 not-authenticated");
  });

  test("nobody with a token that has run out", async () => {
    server.advance(601_000);
    expect(await codeOf(await frame.send(picture, design))).toBe("401 token-expired");
  });

  test("nobody with the token of another session, neither send nor look", async () => {
    const other = await enterSession(url);
    const shown = other.show("POST", `/v1/sessions/${frame.sessionId}/submissions`);
    const headers = { ...frame.headersFor(picture, design), ...shown };
    expect(await codeOf(await post(headers))).toBe("403 not-allowed");
    const { submissionId } = await sendOne(frame, picture);
    for (const path of ["", "/events", "/preview"]) {
      expect(await codeOf(await other.get(`/v1/submissions/${submissionId}${path}`))).toBe("403 not-allowed");
    }
  });

  test("a design of another session is unknown here", async () => {
    const other = await enterSession(url);
    const elsewhere = await other.putDesign(designWithId("other"));
    expect(await codeOf(await frame.send(picture, elsewhere))).toBe("422 design-unknown");
  });

  test("a design that is lost by then is unknown, and can be stored again and sent", async () => {
    await server.parts.store.deleteFrom("designs").execute();
    expect(await codeOf(await frame.send(picture, design))).toBe("422 design-unknown");
    expect(await server.parts.store.selectFrom("submissions").selectAll().execute()).toEqual([]);
    expect((await frame.send(picture, await frame.putDesign())).status).toBe(202);
  });
});

describe("what is refused", () => {
  test("a missing or unusable header, by name", async () => {
    const headers = frame.headersFor(picture, design);
    expect(await codeOf(await post({ ...headers, "idempotency-key": "" }))).toBe("400 idempotency-key-missing");
    const { "idempotency-key": _key, ...withoutKey } = headers;
    expect(await codeOf(await post(withoutKey))).toBe("400 idempotency-key-missing");
    for (const name of ["Content-Digest", "Design-Digest"]) {
      const { [name.toLowerCase()]: _digest, ...without } = headers;
      for (const change of [without, { ...headers, [name.toLowerCase()]: "sha-256=:short:" }]) {
        const response = await post(change);
        expect(response.status).toBe(400);
        expect(await response.text()).toContain(`${name}: expected sha-256=`);
      }
    }
    expect(await codeOf(await post({ ...headers, "content-type": "image/jpeg" }))).toBe("415 unsupported-media-type");
  });

  test("bytes that are not the announced ones", async () => {
    const headers = frame.headersFor(picture, design);
    expect(await codeOf(await post(headers, makePicture({ shade: 1 })))).toBe("422 digest-mismatch");
  });

  test("an empty body", async () => {
    expect(await codeOf(await frame.send(Buffer.alloc(0), design))).toMatch(/^4\d\d /);
  });

  test.each([
    ["of another size", makePicture({ widthPx: 1035 }), "1035 x 664"],
    ["with alpha", makePicture({ channels: 4 }), "colour type 6"],
    ["with EXIF", makePicture({ extra: { type: "eXIf", data: Buffer.from("MM\0*GPS") } }), "eXIf"],
    ["with text", makePicture({ extra: { type: "tEXt", data: Buffer.from("Author\0me") } }), "tEXt"],
    ["with bytes after its end", makePicture({ trailing: Buffer.from("<html>PK") }), "IEND"],
    ["cut short", makePicture().subarray(0, 900), "ends before"],
    ["that is no PNG", Buffer.from("GIF89a"), "not a PNG"],
  ])("a picture %s, saying so, and nothing of it is kept", async (_name, bytes, words) => {
    const response = await frame.send(bytes, design);
    const problem = (await response.json()) as { code: string; detail: string };
    expect([response.status, problem.code]).toEqual([422, "picture-refused"]);
    expect(problem.detail).toContain(words);
    for await (const files of server.parts.blobs.list()) expect(files).toEqual([]);
  });

  test("a JPEG that calls itself a PNG", async () => {
    const jpeg = await sharp({ create: { width: 1036, height: 664, channels: 3, background: "red" } })
      .jpeg()
      .toBuffer();
    expect(await codeOf(await frame.send(jpeg, design))).toBe("422 picture-refused");
  });

  test("an announced size over the limit, before the body is sent", async () => {
    const request = httpRequest(`${url}/v1/sessions/${frame.sessionId}/submissions`, {
      method: "POST",
      headers: { ...frame.headersFor(picture, design), "content-length": 5_000_000 },
    });
    request.on("error", () => {});
    request.flushHeaders();
    const [response] = (await once(request, "response")) as [{ statusCode: number }];
    expect(response.statusCode).toBe(413);
    request.destroy();
  });

  test("a chunked body without end, when it passes the limit", async () => {
    const request = httpRequest(`${url}/v1/sessions/${frame.sessionId}/submissions`, {
      method: "POST",
      headers: { ...frame.headersFor(picture, design), "transfer-encoding": "chunked" },
    });
    request.on("error", () => {});
    const piece = Buffer.alloc(64 * 1024);
    const pump = setInterval(() => {
      if (request.writableLength < 1_000_000) request.write(piece);
    }, 1);
    const [response] = (await once(request, "response")) as [{ statusCode: number }];
    expect(response.statusCode).toBe(413);
    // Whoever goes on sending is cut off.
    await new Promise((resolve) => request.once("close", resolve));
    clearInterval(pump);
  });
});

test("an upload that trickles is given up with 408, and the session can send again", async () => {
  await server.close();
  await open({ FULLBLEED_BODY_TIMEOUT_SECONDS: "1" });
  const request = httpRequest(`${url}/v1/sessions/${frame.sessionId}/submissions`, {
    method: "POST",
    headers: { ...frame.headersFor(picture, design), "content-length": picture.byteLength },
  });
  request.on("error", () => {});
  const trickle = setInterval(() => request.write("x"), 100);
  const [response] = (await once(request, "response")) as [{ statusCode: number }];
  clearInterval(trickle);
  expect(response.statusCode).toBe(408);
  request.destroy();
  await expect.poll(async () => (await frame.send(picture, design)).status).toBe(202);
});

test("a refused upload still being sent gets its answer on a connection that goes on working", async () => {
  // The server reads the rest for a few seconds only, and a busy machine may stand still for as long.
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = "";
  socket.setEncoding("utf8").on("data", (text: string) => void (answer += text));
  const body = Buffer.alloc(3_000_000);
  const path = `/v1/sessions/${frame.sessionId}/submissions`;
  const headers = { ...frame.headersFor(body, design), "idempotency-key": "two words", host: hostname };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join("")}content-length: ${body.byteLength}\r\n\r\n`);
  socket.write(body);
  await expect.poll(() => answer).toContain("HTTP/1.1 400");
  socket.write(`GET /v1/openapi.json HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
  await expect.poll(() => answer).toContain("HTTP/1.1 200");
  socket.destroy();
});

describe("reading submissions", () => {
  test("the issuer sees the whole record, the cardholder only the view", async () => {
    const { submissionId } = await sendOne(frame, picture);
    await server.parts.store
      .updateTable("submissions")
      .set({ state: "accepted", card_image_id: "img-1", note: "inside" })
      .execute();
    const record = await (await fetch(`${url}/v1/submissions/${submissionId}`, { headers: asIssuer })).json();
    expect(record).toMatchObject({
      submissionId,
      cardholderId: frame.cardholderId,
      cardImageId: "img-1",
      sessionId: frame.sessionId,
      note: "inside",
    });
    const view = await (await frame.get(`/v1/submissions/${submissionId}`)).text();
    expect(view).toContain('"hasPreview":true');
    for (const hidden of ["img-1", frame.cardholderId, "inside"]) expect(view).not.toContain(hidden);
  });

  test("the issuer pages through those that wait for an operator", async () => {
    for (let index = 0; index < 5; index += 1) {
      await sendOne(await enterSession(url), picture);
      server.advance(index % 2);
    }
    await server.parts.store.updateTable("submissions").set({ state: "held" }).execute();
    await sendOne(frame, picture);
    const seen: string[] = [];
    for (let after: string | null = ""; after !== null; ) {
      const query: string = after === "" ? "" : `&after=${after}`;
      const response = await fetch(`${url}/v1/submissions?state=held&limit=2${query}`, { headers: asIssuer });
      const page = (await response.json()) as SubmissionPage;
      expect(page.submissions.length).toBeLessThanOrEqual(2);
      seen.push(...page.submissions.map((one) => one.submissionId));
      after = page.next;
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
    expect(await codeOf(await frame.get("/v1/submissions"))).toBe("401 not-authenticated");
  });
});

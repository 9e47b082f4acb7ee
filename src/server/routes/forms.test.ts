import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findProduct } from "#card/products.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { readPicture } from "../blobs/pictures.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { draftOf, makePhoto } from "../testing/drafts.ts";
import { codeOf, enterSession, type Frame, testDesign } from "../testing/issuer.ts";
import { formOf, makePicture, sha256Of } from "../testing/picture.ts";
import { writeSha256 } from "../upload/digest.ts";

// The way of the cardholder's browser: POST only, and files in forms.

const picture = makePicture();
const json = { "content-type": "application/json" };
let server: TestApp;
let frame: Frame;
let design: string;
beforeEach(async () => {
  server = await openTestApp();
  frame = await enterSession(await server.app.listen({ host: "127.0.0.1", port: 0 }));
  design = await frame.putDesign();
});
afterEach(() => server.close());

function send(file: Uint8Array, change: Readonly<Record<string, string | undefined>> = {}): Promise<Response> {
  const { contentType, body } = formOf(file);
  const { "content-digest": digest, ...usual } = frame.headersFor(picture, design);
  const { authorization: _, dpop: __, ...headers } = usual;
  const all = { ...headers, "content-type": contentType, "picture-digest": digest, ...change };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return frame.ask("POST submissions", Object.fromEntries(given), body);
}

describe("a picture in a form", () => {
  test("is stored to the byte under its own digest, and is the same submission as the picture itself", async () => {
    const response = await send(picture);
    expect(response.status).toBe(202);
    const view = (await response.json()) as SubmissionView;
    expect(view).toMatchObject({ state: "stored", pictureSha256: sha256Of(picture) });
    const row = { id: view.submissionId, picture_sha256: view.pictureSha256 };
    const { store, blobs } = server.parts;
    expect(Buffer.from(await readPicture(store, blobs, row)).equals(picture)).toBe(true);
    const again = await frame.send(picture, design);
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([202, "true"]);
  });

  test("is sent with Picture-Digest: Content-Digest is of the whole body, which nobody asks for", async () => {
    const refused = await send(picture, { "picture-digest": undefined, "content-digest": writeSha256("0".repeat(64)) });
    expect(refused.status).toBe(400);
    expect(((await refused.json()) as { detail: string }).detail).toMatch(/^Picture-Digest: expected sha-256=:BASE64:/);
    expect(await codeOf(await send(picture, { "picture-digest": writeSha256("0".repeat(64)) }))).toBe(
      "422 digest-mismatch",
    );
    expect((await send(picture, { "content-digest": writeSha256("0".repeat(64)) })).status).toBe(202);
  });

  test("is refused with what is wrong with the form, and the session goes on", async () => {
    const cases: readonly [file: Uint8Array, type: string | undefined, detail: RegExp][] = [
      [picture, "multipart/form-data", /no boundary/],
      [picture, "multipart/form-data; boundary=other", /does not begin with its boundary/],
      [Buffer.from("x\r\n--a-boundary\r\nX: y\r\n\r\n"), undefined, /is not form-data/],
      [Buffer.from("x\r\n--a-boundary!"), undefined, /something behind it/],
    ];
    for (const [file, type, detail] of cases) {
      const refused = await send(file, type === undefined ? {} : { "content-type": type });
      expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
        400,
        expect.stringMatching(detail),
      ]);
    }
    expect((await send(picture)).status).toBe(202);
  });

  test("may be as large as the picture itself may be, and no larger", async () => {
    const most = findProduct("photo-landscape")!.maxPictureBytes;
    const change = (file: Uint8Array) => ({ "picture-digest": writeSha256(sha256Of(file)) });
    const [largest, larger] = [Buffer.alloc(most), Buffer.alloc(most + 1)];
    expect(await codeOf(await send(largest, change(largest)))).toBe("422 picture-refused");
    expect(await codeOf(await send(larger, change(larger)))).toBe("413 body-too-large");
  });
});

test("design and draft are stored, and the draft is deleted, by POST as by PUT and DELETE", async () => {
  const photo = makePhoto();
  const document = JSON.stringify(draftOf(photo));
  const stored = await frame.ask("POST design", json, JSON.stringify(testDesign));
  expect(await stored.json()).toEqual({ designSha256: sha256Of(JSON.stringify(testDesign)) });

  const { contentType, body } = formOf(photo);
  const sent = await frame.ask(`POST assets/${sha256Of(photo)}`, { "content-type": contentType }, body);
  expect([sent.status, await sent.json()]).toEqual([
    201,
    { sha256: sha256Of(photo), bytes: photo.length, mediaType: "image/png" },
  ]);
  const found = await frame.ask(`GET assets/${sha256Of(photo)}`);
  expect(Buffer.from(await found.arrayBuffer()).equals(photo)).toBe(true);

  expect((await frame.ask("POST draft", { ...json, "if-none-match": "*" }, document)).status).toBe(201);
  expect(await (await frame.ask("GET draft")).text()).toBe(document);
  const other = { "if-match": `"${"0".repeat(64)}"` };
  expect(await codeOf(await frame.ask("POST draft/delete", other))).toBe("412 draft-changed");
  const own = { "if-match": `"${sha256Of(document)}"` };
  expect((await frame.ask("POST draft/delete", own)).status).toBe(204);
  expect((await frame.ask("GET draft")).status).toBe(404);
});

test("a photo in a form that breaks off, or holds another photo, is not kept", async () => {
  const photo = makePhoto();
  const { contentType, body } = formOf(photo);
  const type = { "content-type": contentType };
  const put = (sha256: string, bytes: Uint8Array) => frame.ask(`POST assets/${sha256}`, type, bytes);
  expect(await codeOf(await put(sha256Of(photo), body.subarray(0, -10)))).toBe("400 bad-request");
  expect(await codeOf(await put("0".repeat(64), body))).toBe("422 digest-mismatch");
  expect((await frame.ask(`GET assets/${sha256Of(photo)}`)).status).toBe(404);
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SessionView } from "#contracts/session.ts";
import type { SubmissionRecord, SubmissionView } from "#contracts/submission.ts";
import { ConfigError, readConfig } from "./config.ts";
import type { Design } from "#design/design.ts";
import { openTestApp, type TestApp } from "./testing/app.ts";
import { asIssuer, testEnv } from "./testing/env.ts";
import { codeOf, enterSession, testDesign } from "./testing/issuer.ts";
import { makePicture, sha256Of } from "./testing/picture.ts";
import { refuseCardNumbers } from "./texts.ts";

let folder: string;
let server: TestApp | undefined;
const brandFile = (): string => path.join(folder, "brand.json");
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), "fullbleed-"))));
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

const offering = (texts: unknown) => ({ products: { "photo-landscape": { features: { texts } } } });

async function refusals(texts: unknown): Promise<string[]> {
  await writeFile(brandFile(), JSON.stringify(offering(texts)));
  try {
    readConfig({ ...testEnv, FULLBLEED_BRAND: brandFile() });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const [, ...lines] = (error as ConfigError).message.split("\n");
    return lines.map((line) => line.replace("  FULLBLEED_BRAND: products.photo-landscape.features.texts", ""));
  }
  return [];
}

const box = { xMm: 0, yMm: 0, widthMm: 20, heightMm: 6, rotationDeg: 0, mirrored: false };
const hello = { kind: "text", id: "e1", text: "Hello", face: "plain", align: "start", fill: "#ffffff", box };

async function openWith(texts: unknown) {
  await writeFile(brandFile(), JSON.stringify(offering(texts)));
  server = await openTestApp({ env: { FULLBLEED_BRAND: brandFile() } });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const frame = await enterSession(url);
  const put = async (change: object, at: "design" | "draft" = "design") => {
    const address = `/v1/sessions/${frame.sessionId}/${at}`;
    const answer = await fetch(url + address, {
      method: "PUT",
      headers: { "content-type": "application/json", "if-none-match": "*", ...frame.show("PUT", address) },
      body: JSON.stringify({ ...testDesign, elements: [...testDesign.elements, { ...hello, ...change }] }),
    });
    const { code = "stored", detail } = (await answer.json()) as { code?: string; detail?: string };
    return { status: answer.status, code, detail };
  };
  const view = async (): Promise<SessionView> => {
    const address = `/v1/sessions/${frame.sessionId}`;
    return (await (await fetch(url + address, { headers: frame.show("GET", address) })).json()) as SessionView;
  };
  return { frame, url, put, view };
}

const policy = { scripts: ["latin", "greek"], lines: 1, letters: 12, leastPoints: 9, colours: ["#FFFFFF", "#14274e"] };

describe("what an issuer lets be written", () => {
  test("is told to the frame, and holds for designs and drafts: the place and what is taken are named", async () => {
    const { put, view } = await openWith(policy);
    expect((await view()).features).toEqual({ texts: { ...policy, colours: ["#ffffff", "#14274e"] } });
    expect(await put({})).toMatchObject({ status: 200 });
    expect(await put({ text: "Ωμέγα 7" })).toMatchObject({ status: 200 });
    const at = "body.elements[1].";
    const wrong = [
      [{ text: "Мир" }, `${at}text: this is not offered with photo-landscape; expected letters of latin, greek alone.`],
      [{ fill: "#000000" }, `${at}fill: this is not offered with photo-landscape; expected one of #ffffff, #14274e.`],
      [
        { box: { ...box, heightMm: 3 } },
        `${at}box.heightMm: this is not offered with photo-landscape; expected letters of at least 9 points.`,
      ],
    ] as const;
    for (const [change, detail] of wrong) {
      expect(await put(change)).toEqual({ status: 422, code: "not-offered", detail });
      expect(await put(change, "draft")).toMatchObject({ status: 422, code: "not-offered" });
    }
    expect(await put({ text: "a\nb" })).toMatchObject({ status: 422, code: "not-offered" });
  });

  test("is anything with true, and nothing where nothing is said", async () => {
    const all = await openWith(true);
    expect(await all.put({ text: "Мир", fill: "#123456" })).toMatchObject({ status: 200 });
    await server?.close();
    expect(await (await openWith(undefined)).put({})).toMatchObject({ status: 422, code: "not-offered" });
  });

  test.each([
    ["no text policy", 7, "is not valid: expected true, false or an object whose fields are among scripts, "],
    ["a field that there is not", { fonts: [] }, " is not known: expected true, false or an object"],
    ["an alphabet that no face has", { scripts: ["thai"] }, ".scripts[0] is not valid: expected an array of 1 to 9"],
    ["no alphabet", { scripts: [] }, ".scripts is not valid: expected an array of 1 to 9, each once, of latin, "],
    ["one alphabet twice", { scripts: ["latin", "latin"] }, ".scripts is not valid"],
    ["three lines", { lines: 3 }, ".lines is not valid: expected a whole number from 1 to 2."],
    ["a line of 25 letters", { letters: 25 }, ".letters is not valid: expected a whole number from 2 to 24."],
    ["letters that cannot be read", { leastPoints: 5 }, ".leastPoints is not valid: expected a whole number from 6"],
    ["a colour by name", { colours: ["white"] }, ".colours[0] is not valid: expected an array of 1 to 12 colours"],
    ["no colour", { colours: [] }, ".colours is not valid: expected an array of 1 to 12 colours"],
  ])("with %s stops the start, with the place and what is expected", async (_, texts, line) => {
    const lines = await refusals(texts);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(line);
  });
});

describe("what is written on a card that was sent", () => {
  const withTexts = (...written: readonly string[]) => {
    const texts = written.map((text, index) => ({ ...hello, id: `e${index}`, text }) as const);
    return { ...testDesign, elements: [...testDesign.elements, ...texts] } as typeof testDesign;
  };
  const readAsIssuer = async (url: string): Promise<unknown> => (await fetch(url, { headers: asIssuer })).json();

  test("is told to its reviewer as text, with what the rules find in it, and to nobody else", async () => {
    const { frame, url } = await openWith(true);
    const written = ["Für Zoë\nund Ali", "www.canary-site.com 5 €", "0171 234-5678"];
    const sent = await frame.send(makePicture(), await frame.putDesign(withTexts(...written)));
    const { submissionId } = (await sent.json()) as SubmissionView;
    const at = `/v1/submissions/${submissionId}`;
    expect(((await readAsIssuer(url + at)) as SubmissionRecord).texts).toEqual([
      { text: written[0], hints: [] },
      { text: written[1], hints: ["link", "currency"] },
      { text: written[2], hints: ["long-number"] },
    ]);
    const others = [
      await (await frame.get(at)).json(),
      await readAsIssuer(`${url}/v1/submissions`),
      await readAsIssuer(`${url}/v1/events`),
      server?.logged,
    ];
    expect(JSON.stringify(others)).toContain(submissionId);
    expect(JSON.stringify(others)).not.toContain("canary-site");
  });

  test("is gone with the design once the submission is deleted", async () => {
    const { frame, url } = await openWith(true);
    const sent = await frame.send(makePicture(), await frame.putDesign(withTexts("Für Zoë")));
    const at = `${url}/v1/submissions/${((await sent.json()) as SubmissionView).submissionId}`;
    const headers = { ...asIssuer, "content-type": "application/json" };
    const body = JSON.stringify({ reason: "asked for", confirm: true });
    expect((await fetch(`${at}/purge`, { method: "POST", headers, body })).ok).toBe(true);
    expect(await readAsIssuer(at)).toMatchObject({ texts: [] });
    expect(await server?.parts.store.selectFrom("designs").selectAll().execute()).toEqual([]);
  });

  test("is no card number: the design is refused with its place, and nothing of it is kept or logged", async () => {
    const { put } = await openWith(true);
    expect(await put({ text: "4111 1111\n1111 1111" })).toEqual({
      status: 422,
      code: "text-refused",
      detail: "body.elements[1].text: it holds digits that are a valid card number, which must not be on a picture.",
    });
    expect(await put({ text: "4111 1111\n1111 1112" })).toMatchObject({ status: 200 });
    expect(await put({ text: "4111 1111\n1111 1111" }, "draft")).toMatchObject({ status: 422, code: "asset-unknown" });
    expect(JSON.stringify(server?.logged)).not.toContain("1111");
  });

  test("is no card number in several texts either: the design is refused, and none of it is kept", async () => {
    const { frame, put, url } = await openWith(true);
    const address = `/v1/sessions/${frame.sessionId}/design`;
    const store = async (...written: readonly string[]) => {
      const answer = await fetch(url + address, {
        method: "PUT",
        headers: { "content-type": "application/json", ...frame.show("PUT", address) },
        body: JSON.stringify(withTexts(...written)),
      });
      return (await answer.json()) as { code?: string; detail?: string };
    };
    expect(await put({ text: "4111 1111" })).toMatchObject({ status: 200 });
    expect(await store("4111 1111", "1111 1111")).toMatchObject({
      code: "text-refused",
      detail:
        "body.elements: one after the other, their texts are a valid card number, which must not be on a picture.",
    });
    expect(await store("4111 1111", "1111 1112")).not.toHaveProperty("code");
    expect(await server?.parts.store.selectFrom("designs").select("sha256").execute()).toHaveLength(2);
  });

  test("is no card number as several texts lie on the card either, whichever was laid first", () => {
    const lay =
      (...all: readonly (readonly [text: string, xMm: number, yMm: number])[]) =>
      () =>
        refuseCardNumbers({
          ...testDesign,
          elements: all.map(([text, xMm, yMm], at) => ({ ...hello, id: `e${at}`, text, box: { ...box, xMm, yMm } })),
        } as Design);
    expect(lay(["1111", 20, 0], ["1111", 10, 0.5], ["4111", -10, -1], ["1111", 0, 1])).toThrow("one after the other");
    expect(lay(["1111 1111", 0, 6], ["4111 1111", 0, 0])).toThrow("one after the other");
    expect(lay(["1111 1111", 20, 3], ["4111", -20, 3], ["1111", 0, 3])).toThrow("one after the other");
    expect(lay(["1111", 20, 0], ["1111", 10, 0], ["4112", -10, 0], ["1111", 0, 0])).not.toThrow();
  });

  test.each([
    ["a card number, as servers of before took it", true, "4111 1111\n1111 1111", "422 text-refused"],
    ["what is not offered any more", { scripts: ["latin"] }, "Мир", "422 not-offered"],
  ])("is asked again when the picture is sent: %s is refused, and nothing is stored", async (_, texts, text, code) => {
    const { frame } = await openWith(texts);
    const document = JSON.stringify(withTexts(text));
    const sha256 = sha256Of(Buffer.from(document));
    const row = { session_id: frame.sessionId, sha256, document, created_at: 0 };
    const { store } = server!.parts;
    await store.insertInto("designs").values(row).execute();
    expect(await codeOf(await frame.send(makePicture(), sha256))).toBe(code);
    expect(await store.selectFrom("submissions").selectAll().execute()).toEqual([]);
    expect((await frame.send(makePicture(), await frame.putDesign(withTexts("Hello")))).status).toBe(202);
  });
});

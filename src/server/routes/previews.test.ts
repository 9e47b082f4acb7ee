import { once } from "node:events";
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { PreviewOutcome, PreviewRequest, Provider } from "#providers/provider.ts";
import { listenLocally } from "#providers/testing/listen.ts";
import { createThalesProvider } from "#providers/thales/adapter.ts";
import { absentPlatform, onlyProvider, openTestApp, type TestApp } from "../testing/app.ts";
import { asIssuer, testEnv } from "../testing/env.ts";
import { codeOf, enterSession, type Frame, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";
import { comeToRest } from "../testing/wire.ts";

let server: TestApp;
let frame: Frame;
let url: string;
let path: string;
/** "silence": the platform says nothing until the call is ended. */
let outcome: PreviewOutcome | Promise<PreviewOutcome> | "silence";
let asked: [string, PreviewRequest][];

const provider: Provider = {
  ...absentPlatform,
  name: "scripted",
  getPreview: async (picture, request, signal) => {
    asked.push(["cardImageId" in picture ? picture.cardImageId : picture.reference, request]);
    if (outcome !== "silence") return outcome;
    await once(signal, "abort");
    return { kind: "unavailable", detail: "given up" };
  },
};

beforeEach(async () => {
  asked = [];
  server = await openTestApp({ parts: { providers: onlyProvider(provider) } });
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  frame = await enterSession(url);
  path = `/v1/submissions/${(await sendOne(frame, makePicture())).submissionId}/preview`;
});
afterEach(() => server.close());

describe("the platform's preview", () => {
  test("is not ready before the platform has given the picture an id, and the platform is not asked", async () => {
    const response = await frame.get(path);
    expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(await codeOf(response)).toBe("404 preview-not-ready");
    expect(asked).toEqual([]);
  });

  describe("once there is an id", () => {
    beforeEach(async () => {
      await server.parts.store.updateTable("submissions").set({ state: "accepted", card_image_id: "img-1" }).execute();
    });

    test.each(["the cardholder", "the issuer"])(
      "that comes for %s after the picture was deleted is not handed out any more",
      async (who) => {
        const { store } = server.parts;
        const { promise, resolve } = Promise.withResolvers<PreviewOutcome>();
        outcome = promise;
        const answer = who === "the issuer" ? fetch(url + path, { headers: asIssuer }) : frame.get(path);
        await expect.poll(() => asked.length).toBe(1);
        await store.updateTable("submissions").set({ state: "purging" }).execute();
        resolve({ kind: "image", bytes: Buffer.from("a face"), mediaType: "image/jpeg" });
        expect(await codeOf(await answer)).toBe("404 preview-not-ready");
        expect(await codeOf(await frame.get(path))).toBe("404 preview-not-ready");
        expect(asked).toHaveLength(1);
      },
    );

    test("comes through as the platform made it, and is not kept by anybody on the way", async () => {
      outcome = { kind: "image", bytes: new Uint8Array(Buffer.from("jpeg bytes")), mediaType: "image/jpeg" };
      const response = await frame.get(
        `${path}?width=500&corner=square&format=jpeg&type=design-with-template&rotate=90`,
      );
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("image/jpeg");
      expect(response.headers.get("cache-control")).toBe("private, no-store");
      expect(await response.text()).toBe("jpeg bytes");
      const request = {
        format: "jpeg",
        corner: "square",
        designType: "design-with-template",
        widthPx: 500,
        rotateDeg: 90,
      };
      expect(asked).toEqual([["img-1", request]]);
    });

    test("is there for the issuer's own reviewers too, with the issuer's key, and with no other", async () => {
      outcome = { kind: "image", bytes: new Uint8Array(Buffer.from("png bytes")), mediaType: "image/png" };
      const response = await fetch(url + path, { headers: asIssuer });
      expect([response.status, await response.text()]).toEqual([200, "png bytes"]);
      const other = { authorization: `Bearer ${testEnv.FULLBLEED_ISSUER_KEY}x` };
      expect(await codeOf(await fetch(url + path, { headers: other }))).toBe("401 not-authenticated");
      const missing = await fetch(`${url}/v1/submissions/sub_none/preview`, { headers: asIssuer });
      expect(await codeOf(missing)).toBe("404 not-found");
    });

    test("is said to be not ready, to be asked for again", async () => {
      outcome = { kind: "not-ready" };
      expect(await codeOf(await frame.get(path))).toBe("404 preview-not-ready");
    });

    test("is said to be unavailable, without what the platform said", async () => {
      outcome = { kind: "unavailable", detail: "HTTP 500 secret" };
      const response = await frame.get(path);
      const text = await response.text();
      expect([response.status, text.includes("platform-unavailable"), text.includes("secret")]).toEqual([
        502,
        true,
        false,
      ]);
    });

    test("is fetched for nobody who has gone, whether being served or waiting", async () => {
      outcome = "silence";
      const closed: Promise<unknown>[] = [];
      const answers: string[] = [];
      server.app.server.on("request", (_request, response: ServerResponse) => closed.push(once(response, "close")));
      const ask = async (count: number): Promise<() => Promise<void>> => {
        const leaving = new AbortController();
        const before = closed.length;
        for (let n = 0; n < count; n += 1) {
          const init = { headers: frame.show("GET", path), signal: leaving.signal };
          fetch(`${url}${path}?width=${before + n + 16}`, init).then(
            async (response) => answers.push(await codeOf(response)),
            () => undefined,
          );
        }
        await expect.poll(() => closed.length).toBe(before + count);
        return async () => {
          leaving.abort();
          await Promise.all(closed.slice(before, before + count));
        };
      };
      const leaveService = await ask(4);
      await expect.poll(() => asked.length).toBe(4);
      // One too many, whichever comes last.
      const leaveQueue = await ask(33);
      await expect.poll(() => answers).toEqual(["503 overloaded"]);
      await leaveQueue();
      await (await ask(32))();
      await leaveService();
      outcome = { kind: "image", bytes: new Uint8Array([1]), mediaType: "image/png" };
      expect((await frame.get(path)).status).toBe(200);
      expect(asked).toHaveLength(5);
      expect(server.logged.join("")).not.toContain("no preview from the platform");
    });

    test("is asked for once, however many ask for it at the same time, until the last of them has gone", async () => {
      const { promise, resolve } = Promise.withResolvers<PreviewOutcome>();
      outcome = promise;
      const { app } = server;
      const readers = Array.from({ length: 1_000 }, () => app.inject({ url: path, headers: asIssuer }));
      const leaving = new AbortController();
      const left = fetch(url + path, { headers: asIssuer, signal: leaving.signal }).catch(() => "left");
      await expect.poll(() => asked.length).toBe(1);
      leaving.abort();
      expect(await left).toBe("left");
      const other = app.inject({ url: `${path}?width=500`, headers: asIssuer });
      await expect.poll(() => asked.length).toBe(2);
      resolve({ kind: "image", bytes: Buffer.from("whole"), mediaType: "image/jpeg" });
      const answers = await Promise.all([other, ...readers]);
      expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`))).toEqual(new Set(["200 whole"]));
      expect(asked).toHaveLength(2);
      expect((await frame.get(path)).status).toBe(200);
      expect(asked, "and nothing is kept").toHaveLength(3);
    });

    test("that nobody reads is not kept without bound: whoever has not read for longest is ended", async () => {
      outcome = { kind: "image", bytes: new Uint8Array(12_000_000), mediaType: "image/png" };
      const sockets: Socket[] = [];
      server.app.server.on("connection", (socket: Socket) => sockets.push(socket));
      for (let count = 0; count < 8; count += 1) {
        const request = httpRequest(url + path, {
          headers: frame.show("GET", path),
          agent: false,
        }).end();
        const [response] = (await once(request, "response")) as [IncomingMessage];
        onTestFinished(() => void response.destroy());
        await comeToRest(sockets);
      }
      await expect.poll(() => sockets.map(({ destroyed }) => destroyed)).toContain(true);
      expect(sockets.findIndex(({ destroyed }) => destroyed)).toBe(0);
      expect((await (await frame.get(path)).arrayBuffer()).byteLength).toBe(12_000_000);
    });

    test.each(["width=0", "width=99999", "width=a", "corner=oval", "format=gif", "rotate=45"])(
      "refuses %s",
      async (query) => {
        expect(await codeOf(await frame.get(`${path}?${query}`))).toBe("400 bad-request");
        expect(asked).toEqual([]);
      },
    );
  });
});

describe("a preview from Thales", () => {
  const ids = { card_image_id: "6f9619ff-8b86-4011-b42d-00c04fc964ff" };
  const drawing = sharp({ create: { width: 855, height: 540, channels: 3, background: "#2040a0" } });
  let answer: Buffer;
  let platform: Server;
  let thales: TestApp;
  let preview: (query: string) => Promise<Response>;
  let submissionId: string;
  beforeEach(async () => {
    platform = createServer((_request, response) => response.end(answer));
    const getImageUrl = `${await listenLocally(platform)}/GetImage`;
    const secret = testEnv.FULLBLEED_THALES_NOTIFICATION_SECRET;
    const keys = { handoverKeys: { "photo-landscape": "k" }, imageDeliveryKey: "k", notificationSecret: secret };
    const own = createThalesProvider({ soapUrl: getImageUrl, getImageUrl, ...keys });
    const parts = { providers: onlyProvider(own) };
    thales = await openTestApp({ parts });
    const holder = await enterSession(await thales.app.listen({ host: "127.0.0.1", port: 0 }));
    submissionId = (await sendOne(holder, makePicture())).submissionId;
    await thales.parts.store
      .updateTable("submissions")
      .set({ state: "accepted", ...ids })
      .execute();
    preview = (query) => holder.get(`/v1/submissions/${submissionId}/preview?${query}`);
  });
  afterEach(async () => {
    await thales.close();
    platform.close();
  });

  test.each(["png", "jpeg"] as const)(
    "reaches the cardholder as a %s although it is a pixel narrower than asked",
    async (format) => {
      answer = await drawing.clone().toFormat(format).toBuffer();
      const response = await preview(`width=856&format=${format}`);
      expect([response.status, response.headers.get("content-type")]).toEqual([200, `image/${format}`]);
      expect(Buffer.from(await response.arrayBuffer()).equals(answer)).toBe(true);
    },
  );

  test("that has no pixels is said to be unavailable, to be asked for again, and the operator reads why", async () => {
    answer = (await drawing.clone().png().toBuffer()).subarray(0, 33);
    const response = await preview("width=856");
    expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(await response.json()).toMatchObject({ code: "platform-unavailable", retryable: true });
    const line = thales.logged.find((one) => one.includes("no preview from the platform"));
    expect(JSON.parse(line ?? "{}")).toMatchObject({
      issuerId: "default",
      submissionId,
      cardImageId: ids.card_image_id,
      detail: "GetImage answered a png picture that is not whole: it ends too early",
    });
  });
});

import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PreviewOutcome, PreviewRequest, Provider } from "#providers/provider.ts";
import { absentPlatform, openTestApp, type TestApp } from "../testing/app.ts";
import { codeOf, enterSession, type Frame, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";

let server: TestApp;
let frame: Frame;
let url: string;
let path: string;
/** "silence": the platform says nothing until the call is ended. */
let outcome: PreviewOutcome | "silence";
let asked: [string, PreviewRequest][];

const provider: Provider = {
  ...absentPlatform,
  name: "scripted",
  getPreview: async (cardImageId, request, signal) => {
    asked.push([cardImageId, request]);
    if (outcome !== "silence") return outcome;
    await once(signal, "abort");
    return { kind: "unavailable", detail: "given up" };
  },
};

beforeEach(async () => {
  asked = [];
  server = await openTestApp({ parts: { provider } });
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
      server.app.server.on("request", (_request, response: ServerResponse) => closed.push(once(response, "close")));
      const ask = async (count: number): Promise<() => Promise<void>> => {
        const leaving = new AbortController();
        const before = closed.length;
        const headers = { authorization: frame.authorization };
        for (let n = 0; n < count; n += 1)
          fetch(url + path, { headers, signal: leaving.signal }).catch(() => undefined);
        await expect.poll(() => closed.length).toBe(before + count);
        return async () => {
          leaving.abort();
          await Promise.all(closed.slice(before, before + count));
        };
      };
      const leaveService = await ask(4);
      await expect.poll(() => asked.length).toBe(4);
      const leaveQueue = await ask(32);
      expect(await codeOf(await frame.get(path))).toBe("503 overloaded");
      await leaveQueue();
      await (await ask(32))();
      await leaveService();
      outcome = { kind: "image", bytes: new Uint8Array([1]), mediaType: "image/png" };
      expect((await frame.get(path)).status).toBe(200);
      expect(asked).toHaveLength(5);
      expect(server.logged.join("")).not.toContain("no preview from the platform");
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

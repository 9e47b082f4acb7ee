import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Provider } from "../provider.ts";
import {
  makeOrders,
  makePng,
  openTestSynctera,
  sha256,
  syncteraAt,
  type TestSynctera,
  testCardProducts,
} from "./emulator/testing/synctera.ts";
import { toJpeg } from "./to-jpeg.ts";
import { uploadOperation } from "./wire.ts";

const bytes = await makePng(1036, 664);
const soon = () => AbortSignal.timeout(60_000);
let synctera: TestSynctera;
let origin: string;
let provider: Provider;
beforeEach(async () => {
  synctera = await openTestSynctera();
  origin = await synctera.app.listen({ port: 0, host: "127.0.0.1" });
  provider = syncteraAt(origin);
});
afterEach(() => synctera.close());

test("the JPEG has colours at full resolution, in quality 95, and nothing of a transparent picture", async () => {
  const jpeg = await toJpeg(bytes);
  const { format, chromaSubsampling, isProgressive, width, height } = await sharp(jpeg).metadata();
  expect({ format, chromaSubsampling, isProgressive, width, height }).toEqual({
    format: "jpeg",
    chromaSubsampling: "4:4:4",
    isProgressive: false,
    width: 1036,
    height: 664,
  });
  const [before, after] = [await sharp(bytes).raw().toBuffer(), await sharp(jpeg).raw().toBuffer()];
  const error = before.reduce((sum, value, at) => sum + Math.abs(value - (after[at] ?? 0)), 0) / before.length;
  expect(error).toBeLessThan(2);
  await expect(toJpeg(Buffer.from("no picture"))).rejects.toThrow();
});

test("both digests are known: the picture's own, and that of the JPEG, which is the same each time", async () => {
  const { make, checkpoints } = makeOrders(bytes);
  const order = make();
  await provider.send(order, soon());
  const [stored] = await synctera.images();
  const [kept] = [...checkpoints.kept.values()];
  expect(kept?.sentSha256).toBe(sha256(await toJpeg(bytes)));
  expect(stored?.sha256).toBe(kept?.sentSha256);
  expect(stored?.image.id).toBe(kept?.cardImageId);
});

describe("the upload is as the vendor's page has it", () => {
  test("what the adapter sends", async () => {
    const seen: { url: URL; init: RequestInit }[] = [];
    const watched = syncteraAt(origin, {
      fetch: (url, init = {}) => {
        seen.push({ url: new URL(url as URL), init });
        return fetch(url, init);
      },
    });
    expect((await watched.send(makeOrders(bytes).make(), soon())).kind).toBe("accepted");
    const upload = seen.find(({ url }) => url.pathname.endsWith("/data"));
    expect(upload?.init.method).toBe(uploadOperation.method);
    expect(upload?.url.pathname.replace("/v1", "")).toMatch(uploadOperation.path);
    const headers = Object.fromEntries(new Headers(upload?.init.headers));
    expect(uploadOperation.requestHeaders.safeParse(headers).error).toBeUndefined();
  });

  test("what the emulator answers", async () => {
    const order = makeOrders(bytes).make();
    await provider.send(order, soon());
    const id = (await order.checkpoint.read())?.cardImageId ?? "";
    const jpeg = await toJpeg(bytes);
    const upload = (url: string, headers: object, payload: Buffer = jpeg) =>
      synctera.app.inject({ method: "POST", url: `/v1/cards/images/${url}/data`, headers: { ...headers }, payload });
    const signedIn = { authorization: "Bearer CANARY-API-KEY", "content-type": "image/jpeg" };
    const empty = (
      await synctera.app.inject({
        method: "POST",
        url: "/v1/cards/images",
        headers: { authorization: signedIn.authorization },
        payload: { customer_id: order.cardholderId, card_product_id: testCardProducts["photo-landscape"] },
      })
    ).json<{ id: string }>().id;
    await synctera.addFault({ method: "Upload", fault: "error-500" });
    const answers = [
      await upload(empty, signedIn),
      await upload(empty, { ...signedIn, authorization: "Bearer no" }),
      await upload(empty, { ...signedIn, "content-type": "image/png" }),
      await upload(empty, signedIn, Buffer.from("no picture")),
      await upload(id, signedIn),
      await upload(empty, signedIn),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([500, 401, 400, 422, 422, 200]);
    for (const answer of answers) {
      const schema = uploadOperation.answers[answer.statusCode as keyof typeof uploadOperation.answers];
      expect(schema.safeParse(answer.json()).error).toBeUndefined();
    }
  });
});

describe("previews", () => {
  test("are drawn from the platform's data in the size, turn and corners that are asked for", async () => {
    const outcome = await provider.send(makeOrders(bytes).make(), soon());
    const cardImageId = outcome.kind === "accepted" ? outcome.cardImageId : "";
    const draw = async (change: object) => {
      const request = { format: "png", corner: "square", designType: "print", ...change } as const;
      const preview = await provider.getPreview({ cardImageId }, request, soon());
      expect(preview.kind).toBe("image");
      return sharp(preview.kind === "image" ? preview.bytes : Buffer.alloc(0));
    };
    const sizeOf = async (change: object) => {
      const { width, height } = await (await draw(change)).metadata();
      return [width, height];
    };
    expect(await sizeOf({})).toEqual([1036, 664]);
    expect(await sizeOf({ widthPx: 518 })).toEqual([518, 332]);
    expect(await sizeOf({ widthPx: 518, rotateDeg: 90 })).toEqual([332, 518]);
    const round = await (await draw({ corner: "round", widthPx: 518 })).raw().toBuffer({ resolveWithObject: true });
    expect([round.info.channels, round.data[3], round.data[(166 * 518 + 259) * 4 + 3]]).toEqual([4, 0, 255]);
    const corner = await (await draw({ corner: "round", widthPx: 518, format: "jpeg" })).raw().toBuffer();
    expect(corner[0]).toBeGreaterThan(240);
  });

  test("that the platform does not hand out whole are not shown", async () => {
    const outcome = await provider.send(makeOrders(bytes).make(), soon());
    const cardImageId = outcome.kind === "accepted" ? outcome.cardImageId : "";
    const ask = () =>
      provider.getPreview({ cardImageId }, { format: "png", corner: "square", designType: "print" }, soon());
    for (const [fault, kind] of [
      ["error-404", "not-ready"],
      ["page-200", "unavailable"],
      ["error-500", "unavailable"],
      ["cut-reply", "unavailable"],
    ] as const) {
      await synctera.addFault({ method: "Data", fault });
      expect((await ask()).kind, fault).toBe(kind);
    }
  });
});

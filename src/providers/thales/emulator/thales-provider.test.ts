import { createHash } from "node:crypto";
import net from "node:net";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { PreviewOutcome, PreviewRequest } from "../../provider.ts";
import { listenLocally } from "../../testing/listen.ts";
import { noCheckpoint } from "../../testing/memory-checkpoint.ts";
import type { ProviderBench } from "../../testing/provider-bench.ts";
import { describeProvider } from "../../testing/provider-contract.ts";
import { startSilentPlatform } from "../../testing/silent-platform.ts";
import { createThalesProvider } from "../adapter.ts";
import { faultKinds, faultsOn } from "./faults.ts";
import {
  addFault,
  clearFaults,
  eventually,
  makeNoise,
  openTestPlatform,
  readLedger,
  setSwitches,
  type TestPlatform,
  testDeliveryKey,
  testGalleryKeys,
  testInformationKey,
  testKeys,
  testPurgeKey,
} from "./testing/platform.ts";

const secret = "CANARY-NOTIFICATION-SECRET";
const bytes = await makeNoise(1036, 664).blur(4).png().toBuffer();
const goodPicture = {
  reference: "REFERENCE0REFERENCE0",
  attempt: 1,
  checkpoint: noCheckpoint,
  cardholderId: "cardholder-1",
  pixelOrigin: "cardholder",
  bytes,
  mediaType: "image/png",
  productId: "photo-landscape",
} as const;

function providerAt(url: string) {
  return createThalesProvider({
    soapUrl: `${url}/PDS/ImageUpload.asmx`,
    getImageUrl: `${url}/ImageAPI/GetImage`,
    handoverKeys: testKeys,
    galleryHandoverKeys: testGalleryKeys,
    referenceFields: { "photo-landscape": "Ref" },
    imageInformationKey: testInformationKey,
    purgeKeys: { "photo-landscape": testPurgeKey },
    imageDeliveryKey: testDeliveryKey,
    notificationSecret: secret,
  });
}

const signed = (body: string) => ({ headers: { "x-notification-secret": secret }, body });

async function openBench(): Promise<ProviderBench> {
  const platform = await openTestPlatform();
  const url = await platform.app.listen({ port: 0, host: "127.0.0.1" });
  const silent = await startSilentPlatform();
  const closed = net.createServer();
  const unreachable = providerAt(await listenLocally(closed));
  closed.close();
  return {
    provider: providerAt(url),
    unreachable,
    silent: providerAt(silent.url),
    heard: silent.heard,
    makeOrder: (change) => ({ ...goodPicture, ...change }),
    badBytes: await makeNoise(100, 100).png().toBuffer(),
    sentSha256: async (sent) => createHash("sha256").update(sent).digest("hex"),
    signed,
    notification: (ImageId, code, reference) =>
      signed(
        JSON.stringify({
          ImageId,
          ImageState: code === null ? "Accepted" : "Rejected",
          RejectionCode: code ?? "00",
          ...(reference === undefined ? {} : { DataCapture: { Ref: reference } }),
        }),
      ),
    async storedSha256(id) {
      const { images } = (await platform.app.inject("/sandbox/images")).json<{
        images: { cardImageId: string; sha256: string }[];
      }>();
      return images.find(({ cardImageId }) => cardImageId === id)?.sha256;
    },
    secrets: ["CANARY"],
    async close() {
      silent.close();
      await platform.close();
    },
  };
}

describeProvider("Thales", openBench);

let platform: TestPlatform;
let url: string;
beforeAll(async () => {
  platform = await openTestPlatform();
  url = await platform.app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => platform.close());
afterEach(async () => {
  vi.restoreAllMocks();
  await clearFaults(platform);
  await setSwitches(platform, { imageApi: { previewDelaySeconds: 0 } });
});
const send = (deadline = AbortSignal.timeout(60_000)) => providerAt(url).send(goodPicture, deadline);
const stored = async () => (await platform.app.inject("/sandbox/images")).json<{ images: unknown[] }>().images.length;

test.each([
  ["minus-one", "unknown", 0],
  ["minus-one-stored", "unknown", 1],
  ["code-minus-2", "misconfigured", 0],
  ["code-1", "image-refused", 0],
  ["code-2", "misconfigured", 0],
] as const)("the platform with %s: the adapter says %s, the platform has %i more", async (fault, kind, more) => {
  const before = await stored();
  await addFault(platform, { method: "SendImage", fault });
  expect((await send()).kind).toBe(kind);
  expect((await stored()) - before).toBe(more);
});

// A repeated id cannot be told from a good one by its reply.
const faults = faultsOn("SendImage").filter((name) => !name.startsWith("repeated-id"));
test.each(faults)(
  "%s: the adapter never takes a stored picture for missing, nor a missing one for stored",
  async (fault) => {
    const before = await stored();
    await addFault(platform, { method: "SendImage", fault, ...(fault === "late" ? { seconds: 0.1 } : {}) });
    const outcome = await send();
    const line = (await readLedger(platform)).at(-1);
    expect((await stored()) - before).toBe(faultKinds[fault].works ? 1 : 0);
    if (outcome.kind === "accepted") expect(outcome.cardImageId).toBe(line?.cardImageId);
    else if (faultKinds[fault].works) expect(outcome.kind).toBe("unknown");
  },
);

test("a slow platform is waited for within the deadline, and unknown beyond it, though it has the picture", async () => {
  const [before, deadline] = [await stored(), new AbortController()];
  const sendLate = async (more: number) => {
    await addFault(platform, { method: "SendImage", fault: "late", seconds: 600 });
    const outcome = send(deadline.signal);
    await eventually(async () => (await stored()) - before === more);
    return { outcome };
  };
  const slow = await sendLate(1);
  // Clearing lets go what is held back.
  await clearFaults(platform);
  expect((await slow.outcome).kind).toBe("accepted");
  const tooSlow = await sendLate(2);
  deadline.abort();
  expect((await tooSlow.outcome).kind).toBe("unknown");
  expect((await stored()) - before).toBe(2);
});

test("a connection that is reset before anything is read stores nothing, and nobody claims that it did", async () => {
  const before = await stored();
  await addFault(platform, { method: "SendImage", fault: "refused" });
  expect(["not-sent", "unknown"]).toContain((await send()).kind);
  expect(await stored()).toBe(before);
  const { calls } = (await platform.app.inject("/sandbox/ledger")).json<{ calls: object[] }>();
  expect(calls.at(-1)).toMatchObject({ fault: "refused", httpStatus: null });
});

test("a sender that goes away in the middle of its request leaves a line in the ledger and no picture", async () => {
  const before = await stored();
  const { port } = new URL(url);
  const socket = net.connect(Number(port), "127.0.0.1");
  platform.app.server.once("request", () => socket.destroy());
  socket.write(
    "POST /PDS/ImageUpload.asmx HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 5000\r\n\r\n<soap:Env",
  );
  const last = await eventually(async () => {
    const { calls } = (await platform.app.inject("/sandbox/ledger?limit=5000")).json<{
      calls: { fault: string | null; httpStatus: number | null; bytes: number | null }[];
    }>();
    const call = calls.at(-1);
    return call?.fault === null && call.httpStatus === null ? call : undefined;
  });
  expect(last.bytes).toBeNull();
  expect(await stored()).toBe(before);
});

const previewRequest = { format: "png", corner: "round", designType: "design", widthPx: 200 } as const;
async function sendAndAsk(): Promise<(deadline?: AbortSignal) => Promise<PreviewOutcome>> {
  const outcome = await send();
  const id = outcome.kind === "accepted" ? outcome.cardImageId : "";
  return (deadline = AbortSignal.timeout(60_000)) =>
    providerAt(url).getPreview({ cardImageId: id }, previewRequest, deadline);
}

const readFaults = async () =>
  (await platform.app.inject("/sandbox/ledger?limit=5000"))
    .json<{ calls: { fault: string | null }[] }>()
    .calls.map(({ fault }) => fault);

test("a preview that the platform has not made yet is not ready, and there later", async () => {
  await setSwitches(platform, { imageApi: { previewDelaySeconds: 600 } });
  const ask = await sendAndAsk();
  expect(await ask()).toEqual({ kind: "not-ready" });
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 600_000);
  expect(await ask()).toMatchObject({ kind: "image", mediaType: "image/png" });
});

test("an Image API that is down or answers a wrong picture gives no preview, and a slow one gives it within the deadline", async () => {
  const ask = await sendAndAsk();
  const suffer = (fault: "page-503" | "wrong-size" | "late", seconds?: number) =>
    addFault(platform, { method: "GetImage", fault, ...(seconds === undefined ? {} : { seconds }) });
  await suffer("page-503");
  expect(await ask()).toEqual({ kind: "unavailable", detail: "GetImage was answered with HTTP 503 and a web page" });
  await suffer("wrong-size");
  expect(await ask()).toMatchObject({
    kind: "unavailable",
    detail: expect.stringMatching(/^GetImage answered 7 x \d pixels/),
  });
  await suffer("late", 0.3);
  expect(await ask()).toMatchObject({ kind: "image" });
  await suffer("late", 60);
  const known = (await readFaults()).length;
  const deadline = new AbortController();
  const late = ask(deadline.signal);
  await eventually(async () => (await readFaults()).length > known);
  deadline.abort();
  expect(await late).toMatchObject({ kind: "unavailable" });
  expect((await readFaults()).slice(-4)).toEqual(["page-503", "wrong-size", "late", "late"]);
});

describe("of what may be asked of a preview", () => {
  const plain = { format: "png", corner: "square", designType: "print" } as const;
  let id: string;
  beforeAll(async () => {
    const outcome = await send();
    id = outcome.kind === "accepted" ? outcome.cardImageId : "";
  });
  const fetchImage = async (change: Partial<PreviewRequest>): Promise<Buffer> => {
    const outcome = await providerAt(url).getPreview(
      { cardImageId: id },
      { ...plain, ...change },
      AbortSignal.timeout(60_000),
    );
    expect(outcome.kind, JSON.stringify(outcome)).toBe("image");
    return outcome.kind === "image" ? Buffer.from(outcome.bytes) : Buffer.alloc(0);
  };
  const draw = async (change: Partial<PreviewRequest>) =>
    sharp(await fetchImage(change))
      .raw()
      .toBuffer();
  const sizeOf = async (change: Partial<PreviewRequest>) => {
    const { width, height } = await sharp(await fetchImage(change)).metadata();
    return [width, height];
  };

  test("every design type is drawn, cut to the card where the type shows the card", async () => {
    for (const designType of ["print", "review", "original"] as const)
      expect(await sizeOf({ designType }), designType).toEqual([1036, 664]);
    for (const designType of ["design", "design-with-template"] as const)
      expect(await sizeOf({ designType }), designType).toEqual([1011, 638]);
  });

  test("each template is drawn over the picture, and they differ", async () => {
    const templates = [undefined, "print", "design", "virtual-card"] as const;
    const drawn = await Promise.all(templates.map((template) => draw(template === undefined ? {} : { template })));
    expect(new Set(drawn.map((pixels) => pixels.toString("base64"))).size).toBe(templates.length);
  });

  test("the overlay is drawn or left away, whatever the design type would do", async () => {
    const bare = await draw({ designType: "design" });
    const covered = await draw({ designType: "design-with-template" });
    expect(covered.equals(bare)).toBe(false);
    expect((await draw({ designType: "design-with-template", overlay: false })).equals(bare)).toBe(true);
    expect((await draw({ designType: "design", overlay: true })).equals(covered)).toBe(true);
  });

  test("width and height set the size, the aspect ratio stays", async () => {
    expect(await sizeOf({ widthPx: 518 })).toEqual([518, 332]);
    expect(await sizeOf({ heightPx: 166 })).toEqual([259, 166]);
    expect(await sizeOf({ widthPx: 518, heightPx: 166 })).toEqual([259, 166]);
  });

  test("each quarter turn is a turn clockwise", async () => {
    const upright = sharp(await fetchImage({}));
    for (const rotateDeg of [0, 90, 180, 270] as const) {
      const turned = await upright.clone().rotate(rotateDeg).raw().toBuffer();
      expect((await draw({ rotateDeg })).equals(turned), `${rotateDeg}`).toBe(true);
    }
  });

  test("corners are round or square, the format is PNG or JPEG", async () => {
    expect((await draw({})).equals(await sharp(bytes).raw().toBuffer())).toBe(true);
    const round = await sharp(await fetchImage({ corner: "round" }))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([round.info.channels, round.data[3]]).toEqual([4, 0]);
    expect((await sharp(await fetchImage({ format: "jpeg" })).metadata()).format).toBe("jpeg");
  });
});

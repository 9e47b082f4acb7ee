import { readFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import fc from "fast-check";
import sharp from "sharp";
import { afterEach, expect, test } from "vitest";
import { freshFetch } from "../fresh-fetch.ts";
import type { PreviewRequest, SendOutcome } from "../provider.ts";
import { listenLocally } from "../testing/listen.ts";
import { createThalesProvider, type ThalesOptions } from "./adapter.ts";
import { readSize } from "./image-api.ts";

const example = (name: string) => readFileSync(new URL(`examples/${name}.xml`, import.meta.url), "utf8");
const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const picture = {
  bytes: new Uint8Array(300_000).fill(7),
  mediaType: "image/png",
  productId: "photo-landscape",
} as const;
const preview: PreviewRequest = { format: "png", corner: "round", designType: "design" };
const ground = sharp({ create: { width: 640, height: 404, channels: 3, background: "#2040a0" } });
const png = await ground.png().toBuffer();
const jpeg = await ground
  .jpeg()
  .withExif({ IFD0: { Artist: "a".repeat(2_000) } })
  .toBuffer();
const progressive = await ground.jpeg({ progressive: true }).toBuffer();
const servers: net.Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    if (server instanceof http.Server) server.closeAllConnections();
    server.close();
  }
});

async function listen(server: net.Server): Promise<string> {
  servers.push(server);
  return listenLocally(server);
}

interface Heard {
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A server that reads every request to its end and answers it with `answer`. */
async function serve(answer: (response: http.ServerResponse) => void): Promise<{ url: string; heard: Heard[] }> {
  const heard: Heard[] = [];
  const url = await listen(
    http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        heard.push({ url: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks) });
        answer(response);
      });
    }),
  );
  return { url, heard };
}

function providerAt(url: string, options: Partial<ThalesOptions> = {}) {
  return createThalesProvider({
    soapUrl: `${url}/soap`,
    getImageUrl: `${url}/ImageAPI/GetImage`,
    handoverKeys: { "photo-landscape": "CANARY-HANDOVER-KEY" },
    imageDeliveryKey: "CANARY-DELIVERY-KEY",
    notificationSecret: "CANARY-SECRET",
    ...options,
  });
}

function send(url: string, options: Partial<ThalesOptions> = {}): Promise<SendOutcome> {
  return providerAt(url, options).sendImage(picture, AbortSignal.timeout(20_000));
}

test("SendImage goes out as SOAP 1.1 with its action, and the answer's id comes back", async () => {
  const { url, heard } = await serve((response) => response.end(example("accepted")));
  expect(await send(url)).toEqual({ kind: "accepted", cardImageId: id });
  expect(heard[0]?.headers).toMatchObject({
    "content-type": "text/xml; charset=utf-8",
    soapaction: '"http://tempuri.org/SendImage"',
  });
});

test("namespace, action and field names are the installation's", async () => {
  const { url, heard } = await serve((response) => response.end(example("accepted")));
  await send(url, {
    namespace: "urn:pds",
    soapAction: "urn:pds#send",
    imageField: "image",
    handoverKeyField: "HandoverKey",
  });
  expect(heard[0]?.headers.soapaction).toBe('"urn:pds#send"');
  expect(heard[0]?.body.toString()).toMatch(
    /<SendImage xmlns="urn:pds"><image>.*<HandoverKey>CANARY-HANDOVER-KEY<\/HandoverKey>/,
  );
});

test.each([401, 403, 404, 405, 413, 429, 500, 502, 503, 504])(
  "HTTP %i after the whole request leaves it unknown, whatever it says",
  async (status) => {
    const { url } = await serve((response) => response.writeHead(status).end(example("handover-key-invalid")));
    expect(await send(url)).toEqual({ kind: "unknown", detail: `SendImage was answered with HTTP ${status}` });
  },
);

test("a redirect is not followed: the picture goes to the configured address only", async () => {
  const { url, heard } = await serve((response) => response.writeHead(307, { location: "/elsewhere" }).end());
  expect((await send(url)).kind).toBe("unknown");
  expect(heard).toHaveLength(1);
});

test("a reply without end is read up to its bound", async () => {
  const { url } = await serve((response) => {
    const chunk = Buffer.alloc(16 * 1024, " ");
    const pump = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", pump);
    pump();
  });
  expect(await send(url)).toEqual({ kind: "unknown", detail: "The reply is too large" });
});

test("a reply that never ends is waited for until the deadline", async () => {
  const { url } = await serve((response) => response.write("<soap:Envelope"));
  const deadline = new AbortController();
  const untilReply: typeof fetch = async (...given) => {
    const reply = await freshFetch(...given);
    deadline.abort();
    return reply;
  };
  expect(await providerAt(url, { fetch: untilReply }).sendImage(picture, deadline.signal)).toEqual({
    kind: "unknown",
    detail: "SendImage: the reply broke off",
  });
});

test("a connection that breaks inside the reply leaves it unknown", async () => {
  const { url } = await serve((response) => {
    response.writeHead(200, { "content-length": 5000 });
    response.write("<soap:Envelope", () => response.destroy());
  });
  expect((await send(url)).kind).toBe("unknown");
});

test("a gateway that turns a large picture away before it has come in: certainly not sent", async () => {
  const url = await listen(
    net.createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => {
        socket.pause();
        socket.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
      });
    }),
  );
  const large = { ...picture, bytes: new Uint8Array(32 * 1024 * 1024) };
  expect((await providerAt(url).sendImage(large, AbortSignal.timeout(20_000))).kind).toBe("not-sent");
});

test("another fetch: a refused connection is certain, any other failure is not", async () => {
  const failing = (cause: object) => ({ fetch: () => Promise.reject(new TypeError("fetch failed", { cause })) });
  expect((await send("http://127.0.0.1", failing({ code: "ECONNREFUSED" }))).kind).toBe("not-sent");
  expect((await send("http://127.0.0.1", failing({ code: "UND_ERR_SOCKET" }))).kind).toBe("unknown");
});

test("GetImage is asked at the very address of the installation, with every parameter under the vendor's names", async () => {
  const { url, heard } = await serve((response) => response.end(png));
  const request = {
    format: "png",
    corner: "square",
    designType: "design-with-template",
    template: "virtual-card",
    overlay: false,
    rotateDeg: 180,
    widthPx: 640,
    heightPx: 400,
  } as const;
  const getImageUrl = `${url}/base/pictures.ashx?tenant=7`;
  await providerAt(url, { getImageUrl }).getPreview(id, request, AbortSignal.timeout(20_000));
  const asked = new URL(heard[0]?.url ?? "", url);
  expect(asked.pathname).toBe("/base/pictures.ashx");
  expect(Object.fromEntries(asked.searchParams)).toEqual({
    tenant: "7",
    ImageDeliveryKey: "CANARY-DELIVERY-KEY",
    CardImageId: id,
    DesignType: "DesignwithTemplate",
    TemplateType: "VCDesign",
    Overlay: "False",
    DesignRotate: "Rotote180",
    Corner: "Square",
    Width: "640",
    Height: "400",
    ImageFormat: "PNG",
  });
});

test("an installation that has corrected its spelling is asked in it", async () => {
  const { url, heard } = await serve((response) => response.end(png));
  await providerAt(url, { rotate180: "Rotate180" }).getPreview(
    id,
    { ...preview, rotateDeg: 180 },
    AbortSignal.timeout(20_000),
  );
  expect(heard[0]?.url).toContain("DesignRotate=Rotate180");
});

test("what is not asked for is not sent, so that the platform's own size and template hold", async () => {
  const { url, heard } = await serve((response) => response.end(png));
  expect(await providerAt(url).getPreview(id, preview, AbortSignal.timeout(20_000))).toEqual({
    kind: "image",
    mediaType: "image/png",
    bytes: png,
  });
  expect(heard[0]?.url).not.toMatch(/Width|Height|TemplateType|Overlay|DesignRotate/);
});

test.each([
  [404, "not-ready"],
  [400, "unavailable"],
  [401, "unavailable"],
  [302, "unavailable"],
  [500, "unavailable"],
] as const)("GetImage answered with %i is %s", async (status, kind) => {
  const { url } = await serve((response) => response.writeHead(status, { location: "/" }).end(png));
  expect((await providerAt(url).getPreview(id, preview, AbortSignal.timeout(20_000))).kind).toBe(kind);
});

test("bytes that are not of the asked format are no preview, whatever the header says", async () => {
  const { url } = await serve((response) => response.setHeader("content-type", "image/jpeg").end(png));
  const outcome = await providerAt(url).getPreview(id, { ...preview, format: "jpeg" }, AbortSignal.timeout(20_000));
  expect(outcome.kind).toBe("unavailable");
});

test.each<[string, Buffer, Partial<PreviewRequest>, string]>([
  ["the asked width", png, { widthPx: 640 }, "image"],
  ["the asked height", png, { heightPx: 404 }, "image"],
  ["one of two asked sides, with its aspect ratio kept", png, { widthPx: 640, heightPx: 500 }, "image"],
  ["another width", png, { widthPx: 639 }, "unavailable"],
  ["another height", png, { heightPx: 405 }, "unavailable"],
  ["neither of two asked sides", png, { widthPx: 600, heightPx: 500 }, "unavailable"],
  ["the asked width, as a JPEG with much before its size", jpeg, { format: "jpeg", widthPx: 640 }, "image"],
  ["another width, as a JPEG", jpeg, { format: "jpeg", widthPx: 641 }, "unavailable"],
  ["the asked height, as a progressive JPEG", progressive, { format: "jpeg", heightPx: 404 }, "image"],
  ["a PNG that ends before its size", png.subarray(0, 20), {}, "unavailable"],
  ["a JPEG that ends before its size", jpeg.subarray(0, 100), { format: "jpeg" }, "unavailable"],
  ["a PNG without an IHDR", Buffer.concat([png.subarray(0, 8), png.subarray(33)]), {}, "unavailable"],
  ["a JPEG of a signature and nothing else", Buffer.from([0xff, 0xd8, 0xff]), { format: "jpeg" }, "unavailable"],
  ["an empty body", Buffer.alloc(0), {}, "unavailable"],
])("GetImage answered with %s", async (_what, bytes, change, kind) => {
  const { url } = await serve((response) => response.end(bytes));
  const outcome = await providerAt(url).getPreview(id, { ...preview, ...change }, AbortSignal.timeout(20_000));
  expect(outcome.kind).toBe(kind);
});

test("no bytes make the reader of sizes throw", () => {
  const files = [png, jpeg, Buffer.from([0xff, 0xd8, 0xff, 0xff, 0xff, 0xe0, 0, 0])];
  const spoilt = fc.tuple(fc.constantFrom(...files), fc.nat(2_500), fc.nat(255), fc.nat(3_000));
  fc.assert(
    fc.property(spoilt, fc.constantFrom("png", "jpeg"), ([file, at, value, length], format) => {
      const bytes = new Uint8Array(file.subarray(0, length));
      if (at < bytes.length) bytes[at] = value;
      const size = readSize(bytes, format);
      if (size !== undefined) expect(Math.min(size.widthPx, size.heightPx)).toBeGreaterThan(0);
    }),
  );
});

test("a preview of more than 12 MB is not taken in", async () => {
  const { url } = await serve((response) => response.end(Buffer.concat([png, Buffer.alloc(12 * 1024 * 1024)])));
  expect((await providerAt(url).getPreview(id, preview, AbortSignal.timeout(20_000))).kind).toBe("unavailable");
});

test("the secret of a notification may come in another header", () => {
  const provider = providerAt("http://127.0.0.1", { notificationHeader: "x-key" });
  const body = { ImageId: id, ImageState: "Accepted" };
  expect(provider.readNotification({ "x-key": "CANARY-SECRET" }, body).state).toBe("accepted");
  expect(() => provider.readNotification({ "x-notification-secret": "CANARY-SECRET" }, body)).toThrow();
});

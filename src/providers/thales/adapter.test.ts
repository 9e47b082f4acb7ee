import { readFileSync } from "node:fs";
import net from "node:net";
import { expect, test } from "vitest";
import { freshFetch } from "../fresh-fetch.ts";
import type { SendOutcome } from "../provider.ts";
import type { ThalesOptions } from "./adapter.ts";
import { listen, providerAt, serve } from "./testing/platform.ts";

const example = (name: string) => readFileSync(new URL(`examples/${name}.xml`, import.meta.url), "utf8");
const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const picture = {
  reference: "REFERENCE0REFERENCE0",
  attempt: 1,
  cardholderId: "cardholder-1",
  pixelOrigin: "cardholder",
  bytes: new Uint8Array(300_000).fill(7),
  mediaType: "image/png",
  productId: "photo-landscape",
} as const;

function send(url: string, options: Partial<ThalesOptions> = {}): Promise<SendOutcome> {
  return providerAt(url, options).send(picture, AbortSignal.timeout(20_000));
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
  expect(await providerAt(url, { fetch: untilReply }).send(picture, deadline.signal)).toEqual({
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
  expect((await providerAt(url).send(large, AbortSignal.timeout(20_000))).kind).toBe("not-sent");
});

test("another fetch: a refused connection is certain, any other failure is not", async () => {
  const failing = (cause: object) => ({ fetch: () => Promise.reject(new TypeError("fetch failed", { cause })) });
  expect((await send("http://127.0.0.1", failing({ code: "ECONNREFUSED" }))).kind).toBe("not-sent");
  expect((await send("http://127.0.0.1", failing({ code: "UND_ERR_SOCKET" }))).kind).toBe("unknown");
});

test("the secret of a notification may come in another header", () => {
  const provider = providerAt("http://127.0.0.1", { notificationHeader: "x-key" });
  const body = { ImageId: id, ImageState: "Accepted" };
  expect(provider.readNotification({ "x-key": "CANARY-SECRET" }, body).state).toBe("accepted");
  expect(() => provider.readNotification({ "x-notification-secret": "CANARY-SECRET" }, body)).toThrow();
});

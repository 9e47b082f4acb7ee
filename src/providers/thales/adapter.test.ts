import { readFileSync } from "node:fs";
import net from "node:net";
import { expect, test } from "vitest";
import { noCheckpoint } from "../testing/memory-checkpoint.ts";
import { freshFetch } from "../fresh-fetch.ts";
import type { SendOutcome } from "../provider.ts";
import type { ThalesOptions } from "./options.ts";
import { listen, providerAt, serve } from "./testing/platform.ts";

const example = (name: string) => readFileSync(new URL(`examples/${name}.xml`, import.meta.url), "utf8");
const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const picture = {
  reference: "REFERENCE0REFERENCE0",
  attempt: 1,
  checkpoint: noCheckpoint,
  cardholderId: "cardholder-1",
  pixelOrigin: "cardholder",
  bytes: new Uint8Array(300_000).fill(7),
  mediaType: "image/png",
  productId: "photo-landscape",
} as const;

function send(url: string, options: Partial<ThalesOptions> = {}): Promise<SendOutcome> {
  return providerAt(url, options).send(picture, AbortSignal.timeout(60_000));
}

test("SendImage goes out as SOAP 1.1 with its action, and the answer's id comes back", async () => {
  const { url, heard } = await serve((response) => response.end(example("accepted")));
  expect(await send(url)).toEqual({ kind: "accepted", cardImageId: id, clientId: "17" });
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

const page = "<!DOCTYPE html><html><body><h1>CANARY</h1><br></body></html>";
test.each<[number, string, string, string | undefined, string]>([
  [503, "text/html", page, "down", "HTTP 503 and a web page (text/html)"],
  [502, "text/html; charset=utf-8", "<html>", "down", "HTTP 502 and a web page (text/html)"],
  [504, "", "", "down", "HTTP 504 and nothing in it (no media type)"],
  [500, "application/json", "{}", "down", "HTTP 500 and JSON (application/json)"],
  [500, "text/xml", example("accepted"), "down", "HTTP 500 and a SOAP result (text/xml)"],
  [500, "text/xml", example("handover-key-invalid"), "down", "HTTP 500 and a SOAP result (text/xml)"],
  [503, "text/xml", example("fault"), "down", "HTTP 503 and a SOAP fault (Server) (text/xml)"],
  [
    503,
    "text/xml",
    example("fault").replace("Server", "Client"),
    "down",
    "HTTP 503 and a SOAP fault (Client) (text/xml)",
  ],
  [429, "text/plain", "CANARY", "down", "HTTP 429 and something that is not XML (text/plain)"],
  [408, "", "", "down", "HTTP 408 and nothing in it (no media type)"],
  [200, "text/html", page, "down", "HTTP 200 and a web page (text/html)"],
  [200, "text/html", "<html><body><h1>It works!</h1>", "down", "HTTP 200 and a web page (text/html)"],
  [200, "canary/canary", "CANARY", "down", "HTTP 200 and something that is not XML (another media type)"],
  [200, "text/xml", "<definitions/>", "down", "HTTP 200 and XML that is no SOAP envelope (text/xml)"],
  [200, "text/xml", "<Envelope/>", "down", "HTTP 200 and a SOAP envelope without one body (text/xml)"],
  [200, "text/xml", "<Envelope><Body>", "down", "HTTP 200 and XML that is not well-formed (text/xml)"],
  [
    200,
    "text/xml",
    "<!DOCTYPE x []><Envelope><Body/></Envelope>",
    "down",
    "HTTP 200 and XML with a document type (text/xml)",
  ],
  [202, "", "", "down", "HTTP 202 and nothing in it (no media type)"],
  [204, "", "", "down", "HTTP 204 and nothing in it (no media type)"],
  [401, "text/html", page, "settings", "HTTP 401 and a web page (text/html)"],
  [403, "", "", "settings", "HTTP 403 and nothing in it (no media type)"],
  [404, "text/html", page, "settings", "HTTP 404 and a web page (text/html)"],
  [404, "text/xml", example("accepted"), "settings", "HTTP 404 and a SOAP result (text/xml)"],
  [405, "", "", "settings", "HTTP 405 and nothing in it (no media type)"],
  [407, "", "", "settings", "HTTP 407 and nothing in it (no media type)"],
  [410, "", "", "settings", "HTTP 410 and nothing in it (no media type)"],
  [415, "", "", "settings", "HTTP 415 and nothing in it (no media type)"],
  [400, "text/plain", "CANARY", "settings", "HTTP 400 and something that is not XML (text/plain)"],
  [302, "", "", "settings", "HTTP 302 and nothing in it (no media type)"],
  [413, "", "", undefined, "HTTP 413 and nothing in it (no media type)"],
])("HTTP %i (%s) after the whole request leaves it unknown, whatever it says: %s", async (...given) => {
  const [status, type, body, symptom, detail] = given;
  const { url } = await serve((response) =>
    response.writeHead(status, type === "" ? {} : { "content-type": type }).end(body),
  );
  expect(await send(url)).toEqual({
    kind: "unknown",
    detail: `SendImage was answered with ${detail}`,
    ...(symptom !== undefined && { symptom }),
  });
});

test.each([200, 201, 202, 203, 206])("an envelope counts with HTTP %i as with 200", async (status) => {
  const { url } = await serve((response) => response.writeHead(status).end(example("accepted")));
  expect((await send(url)).kind).toBe("accepted");
});

test.each(["unexpected-system-error", "code-of-another-method", "success-without-id", "success-with-malformed-id"])(
  "the reply %s says nothing about the next picture",
  async (name) => {
    const { url } = await serve((response) => response.end(example(name)));
    const outcome = await send(url);
    expect(outcome.kind).toBe("unknown");
    expect(outcome).not.toHaveProperty("symptom");
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
  expect(await send(url)).toEqual({
    kind: "unknown",
    symptom: "down",
    detail: "SendImage was answered with HTTP 200 and more than 256 kB (no media type)",
  });
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

test.each([{ "content-length": 5000 }, { "transfer-encoding": "chunked" }])(
  "an envelope that has come whole counts, although the reply breaks off behind it: %j",
  async (headers) => {
    const { url } = await serve((response) => {
      response.writeHead(200, headers);
      response.write(example("accepted"), () => response.destroy());
    });
    expect((await send(url)).kind).toBe("accepted");
  },
);

test("an answer that is not HTTP, or switches protocols, is a service that is down", async () => {
  const { url } = await serve((response) => response.socket?.end("HTTP/1.1 101 Switching\r\nX: y\r\n\r\n"));
  expect(await send(url)).toEqual({
    kind: "unknown",
    symptom: "down",
    detail: "SendImage: HTTP 101 after the whole request was sent",
  });
});

test("a reply of 503 that breaks off is a service that is down", async () => {
  const { url } = await serve((response) => {
    response.writeHead(503, { "content-length": 5000 });
    response.write("<html>", () => response.destroy());
  });
  expect(await send(url)).toEqual({
    kind: "unknown",
    symptom: "down",
    detail: "SendImage was answered with HTTP 503 and a reply that broke off (no media type)",
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
  expect((await providerAt(url).send(large, AbortSignal.timeout(60_000))).kind).toBe("not-sent");
});

test("another fetch: a refused connection is certain, any other failure is not", async () => {
  const failing = (cause: object) => ({ fetch: () => Promise.reject(new TypeError("fetch failed", { cause })) });
  expect((await send("http://127.0.0.1", failing({ code: "ECONNREFUSED" }))).kind).toBe("not-sent");
  expect((await send("http://127.0.0.1", failing({ code: "UND_ERR_SOCKET" }))).kind).toBe("unknown");
});

test("SOAP 1.2 has its own envelope and media type, with the action in it", async () => {
  const { url, heard } = await serve((response) => response.end(example("accepted")));
  await send(url, { soapVersion: "1.2" });
  expect(heard[0]?.headers["content-type"]).toBe(
    'application/soap+xml; charset=utf-8; action="http://tempuri.org/SendImage"',
  );
  expect(heard[0]?.headers).not.toHaveProperty("soapaction");
  expect(heard[0]?.body.toString()).toContain('xmlns:soap="http://www.w3.org/2003/05/soap-envelope"');
});

test("the secret of a notification may come in another header", () => {
  const provider = providerAt("http://127.0.0.1", { notificationHeader: "x-key" });
  const body = Buffer.from(JSON.stringify({ ImageId: id, ImageState: "Accepted" }));
  expect(provider.readNotification({ "x-key": "CANARY-SECRET" }, body, 0)?.state).toBe("accepted");
  expect(() => provider.readNotification({ "x-notification-secret": "CANARY-SECRET" }, body, 0)).toThrow();
});

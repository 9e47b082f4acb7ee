import net from "node:net";
import { afterEach, expect, test } from "vitest";
import { freshFetch, stopUpload, TransportError } from "./fresh-fetch.ts";
import { listenLocally } from "./testing/listen.ts";

/** Larger than all the buffers between two programs on one machine. */
const large = Buffer.alloc(48 * 1024 * 1024, "a");
const small = "<small/>";
const servers: net.Server[] = [];
const sockets = new Set<net.Socket>();

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function serveRaw(handle: (socket: net.Socket) => void): Promise<string> {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    handle(socket);
  });
  servers.push(server);
  return `${await listenLocally(server)}/`;
}

/** Calls `done` once with the socket, when headers and `bodyBytes` of body have come in. */
function afterBody(socket: net.Socket, bodyBytes: number, done: () => void): void {
  let seen = Buffer.alloc(0);
  let size = 0;
  let headerBytes = -1;
  socket.on("data", (chunk) => {
    size += chunk.byteLength;
    if (headerBytes === -1) {
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf("\r\n\r\n");
      if (end !== -1) headerBytes = end + 4;
    }
    if (headerBytes === -1 || size < headerBytes + bodyBytes) return;
    headerBytes = Number.POSITIVE_INFINITY;
    done();
  });
}

function post(url: string, body: string | Uint8Array<ArrayBuffer>, timeoutMs = 60_000): Promise<Response> {
  return freshFetch(url, { method: "POST", body, signal: AbortSignal.timeout(timeoutMs) });
}

async function failureOf(call: Promise<Response>): Promise<TransportError> {
  const failure = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(TransportError);
  return failure as TransportError;
}

test("a refused connection has sent nothing", async () => {
  const url = await serveRaw(() => {});
  servers.pop()?.close();
  const failure = await failureOf(post(url, small));
  expect(failure).toMatchObject({ bodySent: false, message: "ECONNREFUSED before the whole request was sent" });
});

test("an unknown host has been sent nothing", async () => {
  expect((await failureOf(post("http://nowhere.invalid/", small))).bodySent).toBe(false);
});

test("TLS that cannot be agreed on has sent nothing", async () => {
  const url = await serveRaw((socket) => socket.on("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
  expect((await failureOf(post(url.replace("http:", "https:"), small))).bodySent).toBe(false);
});

test("a handshake that never ends has sent nothing", async () => {
  const url = await serveRaw((socket) => socket.resume());
  const failure = await failureOf(post(url.replace("http:", "https:"), small, 300));
  expect(failure).toMatchObject({ bodySent: false, message: "ETIMEDOUT before the whole request was sent" });
});

test("a server that resets at once cannot have a large request", async () => {
  const url = await serveRaw((socket) => socket.resetAndDestroy());
  expect((await failureOf(post(url, large))).bodySent).toBe(false);
});

test("a server that closes at once cannot have a large request", async () => {
  const url = await serveRaw((socket) => socket.destroy());
  expect((await failureOf(post(url, large))).bodySent).toBe(false);
});

test("a server that reads half and resets has half", async () => {
  const url = await serveRaw((socket) => afterBody(socket, large.byteLength / 2, () => socket.resetAndDestroy()));
  expect((await failureOf(post(url, large))).bodySent).toBe(false);
});

test("a server that stops reading until the deadline has only a part", async () => {
  const url = await serveRaw((socket) => socket.pause());
  expect((await failureOf(post(url, large, 1_500))).bodySent).toBe(false);
});

test("a server that reads all and resets may have acted on it, even when the last write is reported as failed", async () => {
  const body = large.subarray(0, 8 * 1024 * 1024);
  const url = await serveRaw((socket) => afterBody(socket, body.byteLength, () => socket.resetAndDestroy()));
  for (let call = 0; call < 20; call += 1) expect((await failureOf(post(url, body))).bodySent).toBe(true);
});

test("a server that reads all and closes without a word may have acted on it", async () => {
  const url = await serveRaw((socket) => afterBody(socket, small.length, () => socket.end()));
  expect((await failureOf(post(url, small))).bodySent).toBe(true);
});

test("a server that reads all and hangs may have acted on it", async () => {
  const { promise: received, resolve } = Promise.withResolvers<void>();
  const url = await serveRaw((socket) => afterBody(socket, small.length, resolve));
  const deadline = new AbortController();
  const failure = failureOf(freshFetch(url, { method: "POST", body: small, signal: deadline.signal }));
  await received;
  deadline.abort(new DOMException("", "TimeoutError"));
  expect(await failure).toMatchObject({ bodySent: true, message: "ETIMEDOUT after the whole request was sent" });
});

test.each(["SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 099 Too Low\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"])(
  "an answer that is not HTTP comes after the request: %j",
  async (garbage) => {
    const url = await serveRaw((socket) => afterBody(socket, small.length, () => socket.end(garbage)));
    expect((await failureOf(post(url, small))).bodySent).toBe(true);
  },
);

test("an answer that comes before the request is complete is known to be early, and stopping makes that final", async () => {
  const url = await serveRaw((socket) => {
    socket.once("data", () => {
      socket.pause();
      socket.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
    });
  });
  const response = await post(url, large);
  expect(response.status).toBe(413);
  expect(await response.text()).toBe("big");
  expect(stopUpload(response)).toBe(true);
});

test("an answer to a complete request cannot be stopped any more", async () => {
  const url = await serveRaw((socket) =>
    afterBody(socket, small.length, () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")),
  );
  const response = await post(url, small);
  expect(await response.text()).toBe("ok");
  expect(stopUpload(response)).toBe(false);
});

test("every request has a connection of its own", async () => {
  let connections = 0;
  const url = await serveRaw((socket) => {
    connections += 1;
    afterBody(socket, small.length, () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  });
  for (let call = 0; call < 3; call += 1) await (await post(url, small)).text();
  expect(connections).toBe(3);
});

test("a redirect is an answer like any other", async () => {
  const url = await serveRaw((socket) =>
    afterBody(socket, small.length, () =>
      socket.end("HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\n\r\n"),
    ),
  );
  expect((await post(url, small)).status).toBe(307);
});

test("an aborted call that has not begun sends nothing", async () => {
  const url = await serveRaw(() => {});
  const failure = await failureOf(freshFetch(url, { method: "POST", body: small, signal: AbortSignal.abort() }));
  expect(failure.bodySent).toBe(false);
});

test("no message repeats the address, which may hold a key", async () => {
  const refusing = await serveRaw(() => {});
  servers.pop()?.close();
  const failure = await failureOf(post(`${refusing}?ImageDeliveryKey=CANARY`, small));
  expect(JSON.stringify([failure.message, failure.stack, failure])).not.toContain("CANARY");
});

test.each([
  ["101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c", "HTTP 101"],
  ["101 Switching Protocols", "HTTP 101"],
  ["999 Whatever\r\nContent-Length: 0", "HTTP 999"],
  ["099 Whatever\r\nContent-Length: 0", "HTTP 99"],
  ["200 OK\r\nX Bad: 1", "HPE_INVALID_HEADER_TOKEN"],
])("a call that is answered with %j ends, and is no web service's answer", async (answer, code) => {
  const url = await serveRaw((socket) =>
    afterBody(socket, small.length, () => socket.write(`HTTP/1.1 ${answer}\r\n\r\n`)),
  );
  const failure = await failureOf(post(url, small));
  expect(failure).toMatchObject({ bodySent: true, isForeign: true });
  expect(failure.message).toContain(code);
});

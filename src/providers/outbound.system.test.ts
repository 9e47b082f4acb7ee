import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { execFileSync } from "node:child_process";
import type { TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { findSquid } from "../../scripts/browsers.mjs";
import { createFreshFetch, type Outbound, stopUpload, TransportError } from "./fresh-fetch.ts";
import { makePair, type Pair, readPair } from "./testing/certificates.ts";
import { listenLocally } from "./testing/listen.ts";
import { type Squid, startSquid } from "./testing/squid.ts";

/** Larger than all the buffers between three programs on one machine. */
const large = Buffer.alloc(48 * 1024 * 1024, "a");
let folder: string;
let [authority, serverPair, clientPair]: Pair[] = [];
let trust: Outbound;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "fullbleed-outbound-"));
  authority = makePair(folder, "authority");
  serverPair = makePair(folder, "server", authority);
  clientPair = makePair(folder, "client", authority);
  trust = { ca: [readPair(authority).certificate], client: readPair(clientPair) };
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Platform {
  readonly url: string;
  readonly seen: { client: unknown; body: string }[];
  connections: number;
}

/** Demands a certificate of the authority's, and answers 200. */
async function startPlatform(): Promise<Platform> {
  const { certificate: cert, key } = readPair(serverPair!);
  const ca = readPair(authority!).certificate;
  const server = https.createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: true });
  const platform: Platform = { url: "", seen: [], connections: 0 };
  server.on("connection", () => {
    platform.connections += 1;
  });
  server.on("request", async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { subject } = (request.socket as TLSSocket).getPeerCertificate();
    platform.seen.push({ client: subject?.CN, body: Buffer.concat(pieces).toString() });
    response.end("stored");
  });
  closing.push(() => server.close().closeAllConnections());
  const origin = await listenLocally(server);
  return Object.assign(platform, { url: origin.replace("http:", "https:") });
}

async function serveRaw(handle: (socket: net.Socket) => void): Promise<string> {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    closing.push(() => socket.destroy());
    socket.on("error", () => {});
    handle(socket);
  });
  closing.push(() => server.close());
  return listenLocally(server);
}

function post(outbound: Outbound, url: string, body: string | Uint8Array<ArrayBuffer> = "<small/>", ms = 20_000) {
  return createFreshFetch(outbound)(url, { method: "POST", body, signal: AbortSignal.timeout(ms) });
}

async function failureOf(call: Promise<Response>): Promise<TransportError> {
  const failure = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(TransportError);
  return failure as TransportError;
}

describe("a platform with a certificate authority of its own that asks who calls", () => {
  test("is reached with its authority and our certificate", async () => {
    const platform = await startPlatform();
    expect(await (await post(trust, platform.url)).text()).toBe("stored");
    expect(platform.seen).toEqual([{ client: "client", body: "<small/>" }]);
  });

  test("is sent nothing while its authority is not known", async () => {
    const platform = await startPlatform();
    const failure = await failureOf(post({ client: trust.client! }, platform.url));
    expect(failure.message).toMatch(/^[A-Z]+_[A-Z_]+ before the whole request was sent$/);
    expect(failure.bodySent).toBe(false);
  });

  test("its authority is trusted besides those that Node trusts, not instead of them", async () => {
    const other = makePair(folder, "other-authority");
    const program = `
      const { createFreshFetch } = await import(${JSON.stringify(new URL("fresh-fetch.ts", import.meta.url).href)});
      const [ca, url] = process.argv.slice(1);
      console.log((await createFreshFetch({ ca: [ca] })(url)).status);`;
    const { certificate: cert, key } = readPair(serverPair!);
    const server = https.createServer({ cert, key }, (_request, response) => response.end());
    closing.push(() => server.close().closeAllConnections());
    const url = (await listenLocally(server)).replace("http:", "https:");
    const child = spawn(
      process.execPath,
      ["--input-type=module", "-e", program, "--", readPair(other).certificate, url],
      {
        env: { ...process.env, NODE_EXTRA_CA_CERTS: authority!.certificate },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const [chunk] = await once(child.stdout, "data");
    expect(String(chunk)).toBe("200\n");
  });

  test.each(["-tls1_2", "-tls1_3"])(
    "has not been sent a request whose certificate it refuses (%s)",
    async (version) => {
      const { port } = new URL(await serveRaw(() => {}));
      closing.pop()?.();
      const identity = ["-cert", serverPair!.certificate, "-key", serverPair!.key];
      const demand = ["-Verify", "1", "-verify_return_error", "-CAfile", authority!.certificate];
      const server = spawn("openssl", ["s_server", "-accept", port, "-www", version, ...identity, ...demand]);
      const ended = once(server, "exit");
      closing.push(() => server.kill("SIGKILL") && ended);
      await once(server.stdout, "data");
      const failure = await failureOf(post({ ca: trust.ca! }, `https://127.0.0.1:${port}/`));
      expect(failure.message).toMatch(/^ERR_SSL_[\w/]+ before the whole request was sent$/);
      expect((await createFreshFetch(trust)(`https://127.0.0.1:${port}/`)).status).toBe(200);
    },
  );
});

describe.skipIf(findSquid() === undefined)("through squid", () => {
  async function squid(...rules: string[]): Promise<Squid> {
    const own = await mkdtemp(path.join(tmpdir(), "fullbleed-squid-"));
    closing.push(() => rm(own, { recursive: true }));
    const running = await startSquid(own, rules.length === 0 ? ["http_access allow all"] : rules);
    closing.push(() => running.stop());
    return running;
  }

  /** Asks for a name and a password. */
  async function guarded(): Promise<Squid> {
    const passwords = path.join(folder, "passwords");
    const hash = execFileSync("openssl", ["passwd", "-apr1", "pass word"], { encoding: "utf8", timeout: 10_000 });
    await writeFile(passwords, `fullbleed:${hash}`, { mode: 0o644 });
    execFileSync("chmod", ["755", folder]);
    return squid(
      `auth_param basic program /usr/lib/squid/basic_ncsa_auth ${passwords}`,
      "acl known proxy_auth REQUIRED",
      "http_access allow known",
      "http_access deny all",
    );
  }

  test("a request arrives, each on a connection of its own", async () => {
    const platform = await startPlatform();
    const { url, asked } = await squid();
    for (let call = 0; call < 3; call += 1)
      expect(await (await post({ ...trust, proxy: { url, except: [] } }, platform.url)).text()).toBe("stored");
    expect(platform.seen[0]).toEqual({ client: "client", body: "<small/>" });
    expect(platform.connections).toBe(3);
    await expect.poll(asked).toEqual(Array(3).fill(`CONNECT ${new URL(platform.url).host}`));
  });

  test("what is exempt goes past it, also when it is down", async () => {
    const platform = await startPlatform();
    const { url, stop } = await squid();
    await stop();
    const proxy = { url, except: ["127.0.0.0/8"] };
    expect((await post({ ...trust, proxy }, platform.url)).status).toBe(200);
  });

  test("a plain address on this machine goes through it when nothing exempts it", async () => {
    const target = await serveRaw((socket) => socket.once("data", () => socket.end("HTTP/1.1 204 No Content\r\n\r\n")));
    const { url, asked } = await squid();
    expect((await post({ proxy: { url, except: [] } }, target)).status).toBe(204);
    await expect.poll(asked).toEqual([`CONNECT ${new URL(target).host}`]);
  });

  test("with its password a request arrives", async () => {
    const platform = await startPlatform();
    const { url } = await guarded();
    const proxy = { url, credentials: "fullbleed:pass word", except: [] };
    expect((await post({ ...trust, proxy }, platform.url)).status).toBe(200);
  });

  test.each([undefined, "fullbleed:canary"])(
    "with the password %s nothing is sent, and the proxy is named",
    async (credentials) => {
      const platform = await startPlatform();
      const { url } = await guarded();
      const proxy = { url, except: [], ...(credentials && { credentials }) };
      const failure = await failureOf(post({ ...trust, proxy }, platform.url));
      expect(failure.bodySent).toBe(false);
      expect(failure.message).toBe("HTTP 407 at the outbound proxy before the whole request was sent");
      expect(JSON.stringify([failure, failure.stack])).not.toMatch(/canary|127\.0\.0\.1/);
      expect(platform.connections).toBe(0);
    },
  );

  test("when it forbids the platform nothing is sent", async () => {
    const { url } = await squid("http_access deny all");
    const failure = await failureOf(post({ proxy: { url, except: [] } }, "https://127.0.0.1:9/"));
    expect(failure).toMatchObject({
      bodySent: false,
      message: "HTTP 403 at the outbound proxy before the whole request was sent",
    });
  });

  test("when it cannot reach the platform nothing is sent", async () => {
    const { url } = await squid();
    const failure = await failureOf(post({ proxy: { url, except: [] } }, "https://127.0.0.1:9/"));
    expect(failure).toMatchObject({
      bodySent: false,
      message: "HTTP 503 at the outbound proxy before the whole request was sent",
    });
  });

  test("when it is down nothing is sent", async () => {
    const { url, stop } = await squid();
    await stop();
    const failure = await failureOf(post({ proxy: { url, except: [] } }, "https://127.0.0.1:9/"));
    expect(failure).toMatchObject({
      bodySent: false,
      message: "ECONNREFUSED at the outbound proxy before the whole request was sent",
    });
  });

  test("when the TLS behind it fails nothing is sent", async () => {
    const platform = await startPlatform();
    const { url } = await squid();
    const failure = await failureOf(post({ proxy: { url, except: [] } }, platform.url));
    expect(failure.message).toMatch(/^[A-Z]+_[A-Z_]+ behind the outbound proxy before the whole request was sent$/);
    expect(failure.bodySent).toBe(false);
  });

  test("a platform that closes at once cannot have a large request", async () => {
    const target = await serveRaw((socket) => socket.destroy());
    const { url } = await squid();
    expect((await failureOf(post({ proxy: { url, except: [] } }, target, large))).bodySent).toBe(false);
  });

  test("a platform that reads all and hangs up may have acted on it", async () => {
    const target = await serveRaw((socket) => {
      let text = "";
      socket.on("data", (chunk) => {
        text += String(chunk);
        if (text.endsWith("<small/>")) socket.resetAndDestroy();
      });
    });
    const { url } = await squid();
    const failure = await failureOf(post({ proxy: { url, except: [] } }, target));
    expect(failure.bodySent).toBe(true);
    expect(failure.message).toMatch(/^[A-Z]+ behind the outbound proxy after the whole request was sent$/);
  });

  test("an answer that comes before the request is complete can still be made the last word", async () => {
    const target = await serveRaw((socket) => {
      socket.once("data", () => {
        socket.pause();
        socket.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
      });
    });
    const { url } = await squid();
    const response = await post({ proxy: { url, except: [] } }, target, large);
    expect(response.status).toBe(413);
    expect(stopUpload(response)).toBe(true);
  });
});

describe("a proxy", () => {
  test("that takes the connection and says nothing has sent nothing when time is up", async () => {
    const url = await serveRaw((socket) => socket.resume());
    const failure = await failureOf(post({ proxy: { url, except: [] } }, "https://127.0.0.1:9/", "<small/>", 300));
    expect(failure).toMatchObject({
      bodySent: false,
      message: "ETIMEDOUT at the outbound proxy before the whole request was sent",
    });
  });

  test.each(["SSH-2.0-OpenSSH_9.2\r\n", "", "HTTP/1.1 302 Found\r\nLocation: /sign-in\r\n\r\n"])(
    "that answers %j has sent nothing",
    async (answer) => {
      const url = await serveRaw((socket) => socket.once("data", () => socket.end(answer)));
      const failure = await failureOf(post({ proxy: { url, except: [] } }, "https://127.0.0.1:9/"));
      expect(failure.bodySent).toBe(false);
      expect(failure.message).toMatch(/^[A-Z0-9_ ]+ at the outbound proxy before/);
    },
  );

  test("that is spoken to by TLS is trusted by the same authority, and gets no certificate of ours", async () => {
    const platform = await startPlatform();
    const { certificate: cert, key } = readPair(serverPair!);
    const shown: unknown[] = [];
    const server = https.createServer({ cert, key, requestCert: true, rejectUnauthorized: false });
    server.on("connect", (request, socket: TLSSocket) => {
      shown.push(socket.getPeerCertificate());
      const [host, port] = request.url?.split(":") ?? [];
      const onward = net.connect(Number(port), host ?? "");
      closing.push(() => onward.destroy());
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(onward).pipe(socket);
      socket.on("error", () => onward.destroy());
    });
    closing.push(() => server.close().closeAllConnections());
    const url = (await listenLocally(server)).replace("http:", "https:");
    expect((await post({ ...trust, proxy: { url, except: [] } }, platform.url)).status).toBe(200);
    expect(shown).toEqual([{}]);
    const failure = await failureOf(post({ proxy: { url, except: [] } }, platform.url));
    expect(failure.message).toMatch(/^[A-Z]+_[A-Z_]+ at the outbound proxy before/);
  });
});

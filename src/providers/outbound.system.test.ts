import { spawn } from "node:child_process";
import { once } from "node:events";
import https from "node:https";
import net from "node:net";
import type { TLSSocket } from "node:tls";
import { describe, expect, test } from "vitest";
import { createFreshFetch } from "./fresh-fetch.ts";
import { makePair, readPair } from "./testing/certificates.ts";
import { failureOf, post, useOutboundBench } from "./testing/outbound.ts";

const bench = useOutboundBench();

describe("a platform with a certificate authority of its own that asks who calls", () => {
  test("is reached with its authority and our certificate", async () => {
    const platform = await bench.startPlatform();
    expect(await (await post(bench.trust, platform.url)).text()).toBe("stored");
    expect(platform.seen).toEqual([{ client: "client", body: "<small/>" }]);
  });

  test("is sent nothing while its authority is not known", async () => {
    const platform = await bench.startPlatform();
    const failure = await failureOf(post({ client: bench.trust.client }, platform.url));
    expect(failure.message).toMatch(/^[A-Z]+_[A-Z_]+ before the whole request was sent$/);
    expect(failure.bodySent).toBe(false);
  });

  test("its authority is trusted besides those that Node trusts, not instead of them", async () => {
    const other = makePair(bench.folder, "other-authority");
    const program = `
      const { createFreshFetch } = await import(${JSON.stringify(new URL("fresh-fetch.ts", import.meta.url).href)});
      const [ca, url] = process.argv.slice(1);
      console.log((await createFreshFetch({ ca: [ca] })(url)).status);`;
    const { certificate: cert, key } = readPair(bench.serverPair);
    const server = https.createServer({ cert, key }, (_request, response) => response.end());
    const url = await bench.serveSecurely(server);
    const child = spawn(
      process.execPath,
      ["--input-type=module", "-e", program, "--", readPair(other).certificate, url],
      {
        env: { ...process.env, NODE_EXTRA_CA_CERTS: bench.authority.certificate },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const [chunk] = await once(child.stdout, "data");
    expect(String(chunk)).toBe("200\n");
  });

  test.each(["-tls1_2", "-tls1_3"])(
    "has not been sent a request whose certificate it refuses (%s)",
    async (version) => {
      const { port } = new URL(await bench.serveRaw(() => {}));
      bench.closing.pop()?.();
      const identity = ["-cert", bench.serverPair.certificate, "-key", bench.serverPair.key];
      const demand = ["-Verify", "1", "-verify_return_error", "-CAfile", bench.authority.certificate];
      const server = spawn("openssl", ["s_server", "-accept", port, "-www", version, ...identity, ...demand]);
      const ended = once(server, "exit");
      bench.closing.push(() => server.kill("SIGKILL") && ended);
      await once(server.stdout, "data");
      const failure = await failureOf(post({ ca: bench.trust.ca }, `https://127.0.0.1:${port}/`));
      expect(failure.message).toMatch(/^ERR_SSL_[\w/]+ before the whole request was sent$/);
      expect((await createFreshFetch(bench.trust)(`https://127.0.0.1:${port}/`)).status).toBe(200);
    },
  );
});

test.each(["http:", "https:"])(
  "a call on which nothing moves ends without its caller's signal (%s)",
  async (scheme) => {
    const silent = await bench.serveRaw((socket) => socket.resume());
    const tunnels = await bench.serveRaw((socket) => {
      socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    });
    const url = silent.replace("http:", scheme);
    for (const proxy of [undefined, { url: silent, except: [] }, { url: tunnels, except: [] }]) {
      const fetch = createFreshFetch({ idleTimeoutMs: 100, ...(proxy && { proxy }) });
      expect((await failureOf(fetch(url))).message).toMatch(/^ETIMEDOUT /);
    }
  },
);

describe("a proxy", () => {
  test("that takes the connection and says nothing has sent nothing when time is up", async () => {
    const url = await bench.serveRaw((socket) => socket.resume());
    const failure = await failureOf(post({ proxy: { url, except: [] } }, "https://127.0.0.1:9/", "<small/>", 300));
    expect(failure).toMatchObject({
      bodySent: false,
      message: "ETIMEDOUT at the outbound proxy before the whole request was sent",
    });
  });

  test.each(["SSH-2.0-OpenSSH_9.2\r\n", "", "HTTP/1.1 302 Found\r\nLocation: /sign-in\r\n\r\n"])(
    "that answers %j has sent nothing",
    async (answer) => {
      const url = await bench.serveRaw((socket) => socket.once("data", () => socket.end(answer)));
      const failure = await failureOf(post({ proxy: { url, except: [] } }, "https://127.0.0.1:9/"));
      expect(failure.bodySent).toBe(false);
      expect(failure.message).toMatch(/^[A-Z0-9_ ]+ at the outbound proxy before/);
    },
  );

  test("that is spoken to by TLS is trusted by the same authority, and gets no certificate of ours", async () => {
    const platform = await bench.startPlatform();
    const { certificate: cert, key } = readPair(bench.serverPair);
    const shown: unknown[] = [];
    const server = https.createServer({ cert, key, requestCert: true, rejectUnauthorized: false });
    server.on("connect", (request, socket: TLSSocket) => {
      shown.push(socket.getPeerCertificate());
      const [host, port] = request.url?.split(":") ?? [];
      const onward = net.connect(Number(port), host ?? "");
      bench.closing.push(() => onward.destroy());
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(onward).pipe(socket);
      socket.on("error", () => onward.destroy());
    });
    const url = await bench.serveSecurely(server);
    expect((await post({ ...bench.trust, proxy: { url, except: [] } }, platform.url)).status).toBe(200);
    expect(shown).toEqual([{}]);
    const failure = await failureOf(post({ proxy: { url, except: [] } }, platform.url));
    expect(failure.message).toMatch(/^[A-Z]+_[A-Z_]+ at the outbound proxy before/);
  });
});

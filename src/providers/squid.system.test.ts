import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { findSquid } from "../../scripts/browsers.mjs";
import { stopUpload } from "./fresh-fetch.ts";
import { failureOf, post, useOutboundBench } from "./testing/outbound.ts";
import { type Squid, startSquid } from "./testing/squid.ts";

/** Larger than all the buffers between three programs on one machine. */
const large = Buffer.alloc(48 * 1024 * 1024, "a");
const bench = useOutboundBench();

describe.skipIf(findSquid() === undefined)("through squid", () => {
  async function squid(...rules: string[]): Promise<Squid> {
    const own = await mkdtemp(path.join(tmpdir(), "fullbleed-squid-"));
    bench.closing.push(() => rm(own, { recursive: true }));
    const running = await startSquid(own, rules.length === 0 ? ["http_access allow all"] : rules);
    bench.closing.push(() => running.stop());
    return running;
  }

  /** Asks for a name and a password. */
  async function guarded(): Promise<Squid> {
    const passwords = path.join(bench.folder, "passwords");
    const hash = execFileSync("openssl", ["passwd", "-apr1", "pass word"], { encoding: "utf8", timeout: 10_000 });
    await writeFile(passwords, `fullbleed:${hash}`, { mode: 0o644 });
    await chmod(bench.folder, 0o755);
    return squid(
      `auth_param basic program /usr/lib/squid/basic_ncsa_auth ${passwords}`,
      "acl known proxy_auth REQUIRED",
      "http_access allow known",
      "http_access deny all",
    );
  }

  test("a request arrives, each on a connection of its own", async () => {
    const platform = await bench.startPlatform();
    const { url, asked } = await squid();
    for (let call = 0; call < 3; call += 1)
      expect(await (await post({ ...bench.trust, proxy: { url, except: [] } }, platform.url)).text()).toBe("stored");
    expect(platform.seen[0]).toEqual({ client: "client", body: "<small/>" });
    expect(platform.connections).toBe(3);
    await expect.poll(asked).toEqual(Array(3).fill(`CONNECT ${new URL(platform.url).host}`));
  });

  test("what is exempt goes past it, also when it is down", async () => {
    const platform = await bench.startPlatform();
    const { url, stop } = await squid();
    await stop();
    const proxy = { url, except: ["127.0.0.0/8"] };
    expect((await post({ ...bench.trust, proxy }, platform.url)).status).toBe(200);
  });

  test("a plain address on this machine goes through it when nothing exempts it", async () => {
    const target = await bench.serveRaw((socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 204 No Content\r\n\r\n")),
    );
    const { url, asked } = await squid();
    expect((await post({ proxy: { url, except: [] } }, target)).status).toBe(204);
    await expect.poll(asked).toEqual([`CONNECT ${new URL(target).host}`]);
  });

  test("with its password a request arrives", async () => {
    const platform = await bench.startPlatform();
    const { url } = await guarded();
    const proxy = { url, credentials: "fullbleed:pass word", except: [] };
    expect((await post({ ...bench.trust, proxy }, platform.url)).status).toBe(200);
  });

  test.each([undefined, "fullbleed:canary"])(
    "with the password %s nothing is sent, and the proxy is named",
    async (credentials) => {
      const platform = await bench.startPlatform();
      const { url } = await guarded();
      const proxy = { url, except: [], ...(credentials && { credentials }) };
      const failure = await failureOf(post({ ...bench.trust, proxy }, platform.url));
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
    const platform = await bench.startPlatform();
    const { url } = await squid();
    const failure = await failureOf(post({ proxy: { url, except: [] } }, platform.url));
    expect(failure.message).toMatch(/^[A-Z]+_[A-Z_]+ behind the outbound proxy before the whole request was sent$/);
    expect(failure.bodySent).toBe(false);
  });

  test("a platform that closes at once cannot have a large request", async () => {
    const target = await bench.serveRaw((socket) => socket.destroy());
    const { url } = await squid();
    expect((await failureOf(post({ proxy: { url, except: [] } }, target, large))).bodySent).toBe(false);
  });

  test("a platform that reads all and hangs up may have acted on it", async () => {
    const target = await bench.serveRaw((socket) => {
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
    const target = await bench.serveRaw((socket) => {
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

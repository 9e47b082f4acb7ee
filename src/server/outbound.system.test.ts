import dns from "node:dns";
import { appendFile, chmod, readFile, writeFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import path from "node:path";
import type { TLSSocket } from "node:tls";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { encryptKey, makePair, type Pair, readPair } from "#providers/testing/certificates.ts";
import { listenLocally } from "#providers/testing/listen.ts";
import { ConfigError, listSecrets, readConfig } from "./config.ts";
import { openOutbound } from "./outbound.ts";
import { testEnv } from "./testing/env.ts";
import { makeTestFolder } from "./testing/folder.ts";
import { createAddressGuard } from "./webhooks/addresses.ts";
import { postWebhook } from "./webhooks/post.ts";
import { createSecret } from "./webhooks/secrets.ts";

let folder: string;
let pair: Pair;
beforeEach(async () => {
  folder = await makeTestFolder();
  pair = makePair(folder, "client");
});

function open(env: Record<string, string>, now = Date.now()) {
  return openOutbound(readConfig({ ...testEnv, ...env }), now);
}

async function refusal(env: Record<string, string>): Promise<string> {
  const error = await open(env).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(ConfigError);
  const { message } = error as Error;
  for (const value of Object.values(env)) expect(message).not.toContain(value);
  return message;
}

async function write(name: string, content: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

describe("the operator reads what is wrong with", () => {
  test.each([
    ["FULLBLEED_OUTBOUND_CA", {}],
    ["FULLBLEED_OUTBOUND_CLIENT_CERTIFICATE", { FULLBLEED_OUTBOUND_CLIENT_KEY: "key" }],
  ])("%s", async (variable, others) => {
    const saidOf = (file: string): Promise<string> => refusal({ ...others, [variable]: file });
    expect(await saidOf(path.join(folder, "absent.pem"))).toBe(`${variable} is not valid: there is no such file.`);
    expect(await saidOf(folder)).toBe(`${variable} is not valid: it is a folder, and a file is expected.`);
    expect(await saidOf(pair.key)).toMatch(/: there is no certificate in the PEM format/);
    expect(await saidOf(await write("empty.pem", ""))).toMatch(/: there is no certificate in the PEM format/);
    const whole = await readFile(pair.certificate, "utf8");
    const damaged = `${whole}${whole.replace("MII", "AAA")}`;
    expect(await saidOf(await write("damaged.pem", damaged))).toMatch(/: certificate 2 of 2 in the file is damaged\./);
  });

  test.skipIf(process.getuid?.() === 0)("a file that it may not read", async () => {
    await chmod(pair.certificate, 0);
    expect(await refusal({ FULLBLEED_OUTBOUND_CA: pair.certificate })).toMatch(/this server's user may not read/);
  });

  test("a certificate without its key, and a key without its certificate", async () => {
    expect(await refusal({ FULLBLEED_OUTBOUND_CLIENT_CERTIFICATE: pair.certificate })).toBe(
      "FULLBLEED_OUTBOUND_CLIENT_KEY is not valid: it is missing, and FULLBLEED_OUTBOUND_CLIENT_CERTIFICATE is there.",
    );
    expect(await refusal({ FULLBLEED_OUTBOUND_CLIENT_KEY: pair.key })).toBe(
      "FULLBLEED_OUTBOUND_CLIENT_CERTIFICATE is not valid: it is missing, and FULLBLEED_OUTBOUND_CLIENT_KEY is there.",
    );
  });

  test("a key", async () => {
    const saidOf = (key: string, more: Record<string, string> = {}): Promise<string> =>
      refusal({
        FULLBLEED_OUTBOUND_CLIENT_CERTIFICATE: pair.certificate,
        FULLBLEED_OUTBOUND_CLIENT_KEY: key,
        ...more,
      });
    expect(await saidOf(pair.certificate)).toMatch(/^FULLBLEED_OUTBOUND_CLIENT_KEY .*: there is no private key/);
    expect(await saidOf(makePair(folder, "other").key)).toMatch(
      /^FULLBLEED_OUTBOUND_CLIENT_KEY .*: the key does not fit the certificate in FULLBLEED_OUTBOUND_CLIENT_CERTIFICATE\.$/,
    );
    const whole = await readFile(pair.key, "utf8");
    expect(await saidOf(await write("damaged.key", whole.replace("MI", "AA")))).toMatch(
      /: the key in the file is damaged/,
    );
    const encrypted = encryptKey(pair.key, "passphrase-canary");
    expect(await saidOf(encrypted)).toMatch(/: the key is encrypted, and FULLBLEED_OUTBOUND_CLIENT_KEY_PASSPHRASE is/);
    expect(await saidOf(encrypted, { FULLBLEED_OUTBOUND_CLIENT_KEY_PASSPHRASE: "wrong-canary" })).toMatch(
      /^FULLBLEED_OUTBOUND_CLIENT_KEY_PASSPHRASE .*: the key in FULLBLEED_OUTBOUND_CLIENT_KEY cannot be opened with it\.$/,
    );
  });

  test("a certificate that is not the first in its file", async () => {
    const authority = await readFile(makePair(folder, "authority").certificate, "utf8");
    const chain = await write("chain.pem", authority);
    await appendFile(chain, await readFile(pair.certificate, "utf8"));
    const env = { FULLBLEED_OUTBOUND_CLIENT_CERTIFICATE: chain, FULLBLEED_OUTBOUND_CLIENT_KEY: pair.key };
    expect(await refusal(env)).toMatch(/: its certificate is not the first one in .*: put it there/);
  });

  test("two files at once", async () => {
    const env = { FULLBLEED_OUTBOUND_CA: folder, FULLBLEED_OUTBOUND_CLIENT_KEY: pair.key };
    expect((await refusal(env)).split("\n")).toHaveLength(2);
  });
});

test("an expired certificate, or one of the future, is a warning", async () => {
  const env = { FULLBLEED_OUTBOUND_CA: pair.certificate };
  const day = 86_400_000;
  expect((await open(env)).warnings).toEqual([]);
  expect((await open(env, Date.now() + 2 * day)).warnings).toEqual([
    expect.stringMatching(/^A certificate in FULLBLEED_OUTBOUND_CA has expired \(\d{4}-\d\d-\d\d\)\. Replace it\.$/),
  ]);
  expect((await open(env, Date.now() - 2 * day)).warnings).toEqual([expect.stringContaining("is not good before")]);
});

test("an encrypted key opens with its passphrase, which is a secret like the proxy's name and password", async () => {
  const env = {
    FULLBLEED_OUTBOUND_CLIENT_CERTIFICATE: pair.certificate,
    FULLBLEED_OUTBOUND_CLIENT_KEY: encryptKey(pair.key, "passphrase-canary"),
    FULLBLEED_OUTBOUND_CLIENT_KEY_PASSPHRASE: "passphrase-canary",
  };
  expect((await open(env)).warnings).toEqual([]);
  expect(listSecrets(readConfig({ ...testEnv, ...env }))).toContain("passphrase-canary");
});

describe("webhooks", () => {
  test("go by the proxy of the settings, but not where their name leads into this machine", async () => {
    const asked: string[] = [];
    const proxy = http.createServer();
    proxy.on("connect", ({ url = "" }, socket) => {
      asked.push(url);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    const address = await listenLocally(proxy);
    onTestFinished(() => void proxy.close());
    const { guardedFetch } = await open({
      FULLBLEED_OUTBOUND_PROXY: address,
      FULLBLEED_OUTBOUND_NO_PROXY: "nothing.example",
    });
    const fetch = guardedFetch(createAddressGuard([]));
    for (const url of ["https://localhost/", "https://127.0.0.1/", "https://[::1]/"])
      await expect(fetch(url)).rejects.toThrow("ADDRESS_NOT_ALLOWED");
    await expect(fetch("https://hooks.bank.invalid/")).rejects.toThrow("HTTP 403 at the outbound proxy");
    expect(asked).toEqual(["hooks.bank.invalid:443"]);
  });

  test("do not wait for a name's resolution longer than for all the rest", async () => {
    for (const family of ["resolve4", "resolve6"] as const)
      vi.spyOn(dns.Resolver.prototype, family).mockImplementation(() => {});
    onTestFinished(() => void vi.restoreAllMocks());
    const { guardedFetch } = await open({ FULLBLEED_OUTBOUND_PROXY: "http://127.0.0.1:9" });
    const fetch = guardedFetch(createAddressGuard([]));
    const poster = { fetch, guard: createAddressGuard([]), timeoutMs: 50, now: Date.now };
    const endpoint = { url: "https://hooks.bank.example/", secrets: createSecret().secrets };
    const outcome = await postWebhook(poster, endpoint, "evt_1", "{}", new AbortController().signal);
    expect(outcome).toMatchObject({ kind: "failed", detail: "ETIMEDOUT" });
  });

  test("trust the authorities of the settings, and do not show the certificate that is for the platform", async () => {
    const authority = makePair(folder, "authority");
    const { certificate: cert, key } = readPair(makePair(folder, "server", authority));
    const shown: unknown[] = [];
    const server = https.createServer(
      { cert, key, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        shown.push((request.socket as TLSSocket).getPeerCertificate().subject?.CN);
        response.end();
      },
    );
    const url = (await listenLocally(server)).replace("http:", "https:");
    onTestFinished(() => void server.close());
    const outbound = await open({
      FULLBLEED_OUTBOUND_CA: authority.certificate,
      FULLBLEED_OUTBOUND_CLIENT_CERTIFICATE: pair.certificate,
      FULLBLEED_OUTBOUND_CLIENT_KEY: pair.key,
    });
    await outbound.fetch(url);
    await outbound.guardedFetch(createAddressGuard(["127.0.0.1"]))(url);
    expect(shown).toEqual(["client", undefined]);
  });
});

test("calls to the platform go to the proxy of the settings, with its decoded password, but not those to this machine", async () => {
  const asked: http.IncomingMessage[] = [];
  const proxy = http.createServer();
  proxy.on("connect", (request, socket) => {
    asked.push(request);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  const address = (await listenLocally(proxy)).replace("//", "//proxy%20user:pass%40word@");
  onTestFinished(() => void proxy.close());
  const { fetch } = await open({ FULLBLEED_OUTBOUND_PROXY: address });
  await expect(fetch("https://platform.example/soap?key=canary")).rejects.toThrow("HTTP 403 at the outbound proxy");
  await expect(fetch("http://127.0.0.1:9/")).rejects.toThrow(/^ECONNREFUSED before/);
  expect(asked.map(({ url, headers }) => [url, headers["proxy-authorization"]])).toEqual([
    ["platform.example:443", `Basic ${Buffer.from("proxy user:pass@word").toString("base64")}`],
  ]);
});

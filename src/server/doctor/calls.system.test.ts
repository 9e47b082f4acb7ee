import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { makeExpiredPair, makePair, type Pair, readPair } from "#providers/testing/certificates.ts";
import { listenLocally } from "#providers/testing/listen.ts";
import type { TestPlatform } from "#providers/thales/emulator/testing/platform.ts";
import { type DoctorBench, doctor, expectOneWrong, openThalesBench, thalesEnv } from "../testing/doctor.ts";

let folder: string;
let authority: Pair;
let goodPair: Pair;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "fullbleed-doctor-"));
  authority = makePair(folder, "authority", undefined, 400);
  goodPair = makePair(folder, "good", authority, 300);
});
afterAll(() => rm(folder, { recursive: true }));

let bench: DoctorBench<TestPlatform>;
beforeEach(async () => {
  bench = await openThalesBench();
});

/** The platform behind TLS, until the test is over. */
async function serveSecurely(pair: Pair, options: https.ServerOptions = {}): Promise<string> {
  const { certificate: cert, key } = readPair(pair);
  const handle = bench.platform.app.routing.bind(bench.platform.app);
  const server = https.createServer({ cert, key, ...options }, handle);
  onTestFinished(() => server.close().closeAllConnections());
  return (await listenLocally(server)).replace("http:", "https:");
}

/** At this origin, trusting the authority unless told otherwise. */
const at = (origin: string, change: Record<string, string> = {}): Record<string, string> => ({
  ...bench.env,
  ...thalesEnv(origin),
  FULLBLEED_OUTBOUND_CA: authority.certificate,
  ...change,
});

const bothAddresses = "^FULLBLEED_THALES_SOAP_URL, FULLBLEED_THALES_GET_IMAGE_URL: 127\\.0\\.0\\.1:\\d+: ";

test("a platform with a good certificate: nothing is wrong, and until when it is good is said", async () => {
  const { of, code } = await doctor(at(await serveSecurely(goodPair)));
  expect([of("wrong"), of("unchecked"), code]).toEqual([[], [], 0]);
  expect(of("ok").join()).toMatch(/its certificate is good until \d{4}-\d\d-\d\d/);
});

describe("one mistake is one sentence that names the setting", () => {
  test("a certificate from an authority that is not trusted", async () =>
    expectOneWrong(
      at(await serveSecurely(goodPair), { FULLBLEED_OUTBOUND_CA: "" }),
      new RegExp(`${bothAddresses}.*not trusted here.*FULLBLEED_OUTBOUND_CA`),
    ));

  test("a certificate that nobody has signed", async () =>
    expectOneWrong(
      at(await serveSecurely(makePair(folder, "self-signed", undefined, 300))),
      new RegExp(`${bothAddresses}.*not trusted here \\((?:DEPTH_ZERO_)?SELF_SIGNED`),
    ));

  test("a certificate that has expired", async () =>
    expectOneWrong(
      at(await serveSecurely(makeExpiredPair(folder, "expired", authority))),
      new RegExp(`${bothAddresses}its certificate has expired \\(\\d{4}-\\d\\d-\\d\\d\\)`),
    ));

  test("a certificate that expires soon", async () =>
    expectOneWrong(
      at(await serveSecurely(makePair(folder, "soon", authority, 3))),
      new RegExp(`${bothAddresses}its certificate expires soon, on \\d{4}`),
    ));

  test("our own authority's certificate that expires soon", async () => {
    const soon = makePair(folder, "authority-soon", undefined, 3);
    const origin = await serveSecurely(makePair(folder, "of-soon", soon, 300));
    await expectOneWrong(
      at(origin, { FULLBLEED_OUTBOUND_CA: soon.certificate }),
      /^FULLBLEED_OUTBOUND_CA: .*expires soon/,
    );
  });

  test("another host's certificate", async () => {
    const origin = (await serveSecurely(goodPair)).replace("127.0.0.1", "127.0.0.2");
    const server = net.createServer((socket) => {
      const through = net.connect(Number(new URL(origin).port), "127.0.0.1");
      socket.pipe(through).pipe(socket);
      for (const one of [socket, through]) one.on("error", () => one.destroy());
    });
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.2", resolve));
    const { port } = server.address() as net.AddressInfo;
    await expectOneWrong(
      at(`https://127.0.0.2:${port}`),
      /^FULLBLEED_THALES_SOAP_URL, .*127\.0\.0\.2:\d+: its certificate is another host's/,
    );
  });

  test("https in the settings, where http is spoken", () =>
    expectOneWrong(at(bench.origin.replace("http:", "https:")), new RegExp(`${bothAddresses}it does not speak TLS`)));

  test("http in the settings, where https is spoken", async () =>
    expectOneWrong(
      at((await serveSecurely(goodPair)).replace("https:", "http:")),
      new RegExp(`${bothAddresses}it speaks https`),
    ));

  test("no client certificate for a platform that demands one", async () => {
    const ca = readPair(authority).certificate;
    const origin = await serveSecurely(goodPair, { ca, requestCert: true, rejectUnauthorized: true });
    await expectOneWrong(at(origin), new RegExp(`${bothAddresses}.*FULLBLEED_OUTBOUND_CLIENT_CERTIFICATE`));
  });

  test("a proxy at which nobody listens, on the way to all that is asked", () =>
    expectOneWrong(
      at(bench.origin, {
        FULLBLEED_OUTBOUND_PROXY: "http://127.0.0.1:9",
        FULLBLEED_OUTBOUND_NO_PROXY: "10.0.0.0/8",
        FULLBLEED_THALES_SEARCH_URL: "https://127.0.0.1:10/Search",
      }),
      /^FULLBLEED_OUTBOUND_PROXY: The proxy: nothing listens there/,
    ));

  test.each([
    [407, /^FULLBLEED_OUTBOUND_PROXY: The proxy: it wants other credentials/],
    [403, /^FULLBLEED_OUTBOUND_PROXY: The proxy: it forbids the card platform\. Have it allow 127\.0\.0\.1:/],
    [502, /^FULLBLEED_OUTBOUND_PROXY: The proxy cannot reach 127\.0\.0\.1:/],
  ])("a proxy that answers %i", async (status, expected) => {
    const proxy = createServer();
    proxy.on("connect", (_request, socket) => socket.end(`HTTP/1.1 ${status} No\r\n\r\n`));
    onTestFinished(() => void proxy.close());
    const url = await listenLocally(proxy);
    await expectOneWrong(
      at(bench.origin, { FULLBLEED_OUTBOUND_PROXY: url, FULLBLEED_OUTBOUND_NO_PROXY: "10.0.0.0/8" }),
      expected,
    );
  });

  test("a file of certificates that there is not", () =>
    expectOneWrong(
      at(bench.origin, { FULLBLEED_OUTBOUND_CA: path.join(folder, "absent.pem") }),
      /^FULLBLEED_OUTBOUND_CA: Is not valid: there is no such file/,
    ));
});

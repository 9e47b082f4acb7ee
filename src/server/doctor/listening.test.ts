import net from "node:net";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { type DoctorBench, doctor, expectOneWrong, openThalesBench, page, serve } from "../testing/doctor.ts";

let bench: DoctorBench<unknown>;
beforeEach(async () => {
  bench = await openThalesBench();
});

const withEnv = (change: Record<string, string>): Record<string, string> => ({ ...bench.env, ...change });

/** Listens there until the test is over, on a free port. */
async function listenAt(host: string): Promise<string> {
  const server = net.createServer((socket) => socket.destroy());
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return String((server.address() as net.AddressInfo).port);
}

test("another program at the server's port", async () => {
  const { port } = new URL(await serve(200, "text/html", page));
  await expectOneWrong(withEnv({ FULLBLEED_PORT: port }), /^FULLBLEED_PORT: Another program listens there/);
});

test("another program at the server's port, at another address of this machine", async () => {
  const change = { FULLBLEED_HOST: "0.0.0.0", FULLBLEED_PORT: await listenAt("127.0.0.2") };
  await expectOneWrong(withEnv(change), /^FULLBLEED_PORT: The port is in use: end the program/);
});

test("an address that this machine has not", () =>
  expectOneWrong(
    withEnv({ FULLBLEED_HOST: "203.0.113.1" }),
    /^FULLBLEED_HOST: This machine has no such address: set one/,
  ));

test("metrics at the server's own port", () =>
  expectOneWrong(
    withEnv({ FULLBLEED_PORT: "45123", FULLBLEED_METRICS_LISTEN: "127.0.0.1:45123" }),
    /^FULLBLEED_METRICS_LISTEN: Is not valid: .*the same address and port: expected another port/,
  ));

test("another program at the port of the metrics", async () => {
  const { port } = new URL(await serve(200, "text/html", page));
  await expectOneWrong(
    withEnv({ FULLBLEED_METRICS_LISTEN: `127.0.0.1:${port}` }),
    /^FULLBLEED_METRICS_LISTEN: Another program listens there/,
  );
  const elsewhere = `0.0.0.0:${await listenAt("127.0.0.2")}`;
  await expectOneWrong(
    withEnv({ FULLBLEED_METRICS_LISTEN: elsewhere }),
    /^FULLBLEED_METRICS_LISTEN: The port is in use: end the program/,
  );
});

test("metrics at an address that this machine has not", () =>
  expectOneWrong(
    withEnv({ FULLBLEED_METRICS_LISTEN: "203.0.113.1:9464" }),
    /^FULLBLEED_METRICS_LISTEN: This machine has no such address/,
  ));

test("metrics of a server that runs are looked for, and one that was started without them is told of", async () => {
  const csp = { "content-security-policy": "default-src 'none'; frame-ancestors *", "dpop-nonce": "n" };
  const unknownHere = {
    type: "about:blank",
    title: "Sign in again",
    status: 401,
    code: "not-authenticated",
    retryable: false,
  };
  const running = {
    FULLBLEED_PORT: new URL(await serve(200, "application/json", '{"status":"ok"}')).port,
    FULLBLEED_PUBLIC_URL: await serve(401, "application/problem+json", JSON.stringify(unknownHere), csp),
  };
  const there = new URL(await serve(200, "text/plain", '# HELP x\nfullbleed_build_info{version="0"} 1\n')).host;
  const { of, code } = await doctor(withEnv({ ...running, FULLBLEED_METRICS_LISTEN: there }));
  expect([of("wrong"), code]).toEqual([[], 0]);
  expect(of("ok")).toContain("FULLBLEED_METRICS_LISTEN: The metrics are there.");
  await expectOneWrong(
    withEnv({ ...running, FULLBLEED_METRICS_LISTEN: "127.0.0.1:9" }),
    /^FULLBLEED_METRICS_LISTEN: The server runs, and there are no metrics there: .*Restart it/,
  );
});

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { type TestSynctera, testApiKey, testCardProducts } from "#providers/synctera/emulator/testing/synctera.ts";
import { type DoctorBench, doctor, expectOneWrong, openSyncteraBench, page, serve } from "../testing/doctor.ts";
import { makeTestFolder } from "../testing/folder.ts";

let bench: DoctorBench<TestSynctera>;
let file: string;
beforeEach(async () => {
  bench = await openSyncteraBench();
  file = path.join(await makeTestFolder(), "issuers.json");
});

const makeIssuer = (id: string, more: object = {}) => ({
  id,
  name: id,
  keys: [],
  products: { "photo-landscape": { provider: "synctera" } },
  providers: {
    synctera: {
      FULLBLEED_SYNCTERA_URL: `${bench.origin}/v1`,
      FULLBLEED_SYNCTERA_API_KEY: testApiKey,
      FULLBLEED_SYNCTERA_CARD_PRODUCTS: testCardProducts,
      FULLBLEED_SYNCTERA_WEBHOOK_SECRET: `${id}-CANARY-WEBHOOK-SECRET`,
    },
  },
  ...more,
});

/** With these issuers alone. */
async function list(...issuers: readonly object[]): Promise<Record<string, string>> {
  await writeFile(file, JSON.stringify({ issuers }));
  const own = Object.entries(bench.env).filter(([name]) => !/_(?:SYNCTERA|ISSUER|PROVIDER)/.test(name));
  return { ...Object.fromEntries(own), FULLBLEED_ISSUERS: file };
}

test("a name in the file that is misspelt is told by its place, as it stands there", async () => {
  const { of } = await expectOneWrong(
    await list(makeIssuer("river", { orgins: ["https://bank.example"] })),
    /^FULLBLEED_ISSUERS: issuers\[0\]\.orgins is not known: expected an object whose fields are/,
  );
  expect(of("skipped").join() + of("unchecked").join()).toContain("all else");
});

test("two issuers with one account at a platform are told of, without its secrets", async () => {
  const { of } = await doctor(await list(makeIssuer("river"), makeIssuer("lake")));
  expect(of("wrong")).toEqual([expect.stringMatching(/FULLBLEED_SYNCTERA_API_KEY stands with another issuer too/)]);
});

describe("webhook endpoints of the file", () => {
  const secret = `whsec_${Buffer.from("CANARY-OF-THE-WEBHOOK-SECRET-123").toString("base64")}`;
  const withWebhook = (url: string): Promise<Record<string, string>> =>
    list(makeIssuer("river", { webhooks: [{ url, secret }] }));

  test("are reached as webhooks go, and nothing is posted", async () => {
    const asked: string[] = [];
    const url = await serve(404, "text/plain", "", {}, ({ method = "" }) => void asked.push(method));
    const env = { ...(await withWebhook(`${url}/hooks`)), FULLBLEED_WEBHOOK_NETWORKS: "127.0.0.0/8" };
    const { of, code } = await doctor(env);
    expect([of("wrong"), of("unchecked"), code]).toEqual([[], [], 0]);
    expect(of("ok").join()).toMatch(/river, webhooks: 127\.0\.0\.1:\d+ answers/);
    expect(asked).toEqual(["GET"]);
  });

  test("whose host there is not are told of", async () =>
    expectOneWrong(
      await withWebhook("https://no-such-host.invalid/hooks"),
      /^river, webhooks: no-such-host\.invalid: (?:there is no host of that name|this machine's name server)/,
    ));

  test("whose name leads inside the network are told of, and not called", async () => {
    const url = await serve(200, "text/html", page);
    await expectOneWrong(
      await withWebhook(`https://localhost:${new URL(url).port}/hooks`),
      /^river, webhooks: localhost:\d+: it is not in a public network.*FULLBLEED_WEBHOOK_NETWORKS/,
    );
  });
});

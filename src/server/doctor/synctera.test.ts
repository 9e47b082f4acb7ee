import { writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import {
  newCustomer,
  type TestSynctera,
  testApiKey,
  testCardProducts,
} from "#providers/synctera/emulator/testing/synctera.ts";
import { runCli } from "../cli.ts";
import { type DoctorBench, doctor, expectOneWrong, openSyncteraBench } from "../testing/doctor.ts";
import { makeTestFolder } from "../testing/folder.ts";

let bench: DoctorBench<TestSynctera>;
beforeEach(async () => {
  bench = await openSyncteraBench();
});

const withEnv = (change: Record<string, string>): Record<string, string> => ({ ...bench.env, ...change });

test("settings in which nothing is wrong: all is said to be well, and no card image is made", async () => {
  const { code, of } = await doctor(bench.env);
  expect([of("wrong"), of("unchecked"), code]).toEqual([[], [], 0]);
  expect(of("ok").join()).toContain("photo-landscape, photo-portrait: Synctera has the card product");
  expect(await bench.platform.images()).toEqual([]);
});

describe("one mistake is one sentence that names the setting", () => {
  test("a key that Synctera does not know", () =>
    expectOneWrong(
      withEnv({ FULLBLEED_SYNCTERA_API_KEY: "another-canary" }),
      /^FULLBLEED_SYNCTERA_API_KEY: .*HTTP 401 .*does not know the key/,
    ));

  test("an address without its version", () =>
    expectOneWrong(withEnv({ FULLBLEED_SYNCTERA_URL: bench.origin }), /^FULLBLEED_SYNCTERA_URL: .*with its version/));

  test("a web page at the address", async () => {
    await bench.platform.addFault({ method: "Details", fault: "page-200" });
    const said = await doctor(bench.env);
    expect([...said.of("wrong"), ...said.of("unchecked")]).toEqual([
      expect.stringMatching(/^FULLBLEED_SYNCTERA_URL: /),
    ]);
  });

  test("a gateway that refuses", async () => {
    await bench.platform.addFault({ method: "Details", fault: "page-403" });
    await expectOneWrong(bench.env, /^FULLBLEED_SYNCTERA_URL: .*HTTP 403.*IP address/);
  });

  test("a card product that Synctera has not", () =>
    expectOneWrong(
      withEnv({
        FULLBLEED_SYNCTERA_CARD_PRODUCTS: JSON.stringify({ ...testCardProducts, "photo-portrait": newCustomer() }),
      }),
      /^FULLBLEED_SYNCTERA_CARD_PRODUCTS: photo-portrait: .*no card product with this id/,
    ));

  test("a service that is not well is nobody's mistake: it could not be checked", async () => {
    await bench.platform.addFault({ method: "Details", fault: "error-500" });
    const { code, of } = await doctor(bench.env);
    expect([of("wrong"), code]).toEqual([[], 2]);
    expect(of("unchecked")).toEqual([expect.stringMatching(/HTTP 500.*not well/)]);
  });
});

test("of several issuers each is looked at by itself", async () => {
  const issuer = (id: string, key: string) => ({
    id,
    name: id,
    keys: [],
    products: { "photo-landscape": { provider: "synctera" } },
    providers: {
      synctera: {
        FULLBLEED_SYNCTERA_URL: `${bench.origin}/v1`,
        FULLBLEED_SYNCTERA_API_KEY: key,
        FULLBLEED_SYNCTERA_CARD_PRODUCTS: testCardProducts,
        FULLBLEED_SYNCTERA_WEBHOOK_SECRET: `${id}-CANARY-WEBHOOK-SECRET`,
      },
    },
  });
  const file = path.join(await makeTestFolder(), "issuers.json");
  await writeFile(file, JSON.stringify({ issuers: [issuer("river", "CANARY-WRONG"), issuer("lake", testApiKey)] }));
  const own = Object.entries(bench.env).filter(([name]) => !/_(?:SYNCTERA|ISSUER|PROVIDER)/.test(name));
  const env = { ...Object.fromEntries(own), FULLBLEED_ISSUERS: file };
  const { sections } = await expectOneWrong(env, /^FULLBLEED_SYNCTERA_API_KEY: .*does not know the key/);
  const spoilt = sections.filter(({ findings }) => findings.some(({ verdict }) => verdict === "wrong"));
  expect(spoilt.map(({ title }) => title)).toEqual(["river (river) at synctera"]);
  expect(sections.map(({ title }) => title)).toContain("lake (lake) at synctera");
  const args = ["--send-test-picture", "--cardholder", newCustomer()];
  expect(await runCli({ args: ["doctor", ...args], env, fetch, out: () => {}, err: () => {} })).toBe(2);
});

describe("a test picture", () => {
  const args = ["--send-test-picture", "--product", "photo-landscape", "--cardholder"];

  test("is sent only where it may be left, since nothing can be deleted there", async () => {
    const refused = await doctor(bench.env, [...args, newCustomer()]);
    expect([refused.of("unchecked").join(), refused.code]).toEqual([expect.stringContaining("--leave"), 2]);
    expect(await bench.platform.images()).toEqual([]);
    const { of, code } = await doctor(bench.env, [...args, newCustomer(), "--leave"]);
    expect([of("wrong"), code]).toEqual([[], 0]);
    const [image] = await bench.platform.images();
    expect(of("skipped").join()).toContain(`under the id ${image?.image.id}`);
  });

  test("is for a customer of Synctera's", () =>
    expectOneWrong(bench.env, /^--cardholder: .*customer's id at Synctera/, [...args, "test-person", "--leave"]));
});

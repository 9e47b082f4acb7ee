import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { PurgeOutcome } from "../provider.ts";
import type { ThalesOptions } from "./options.ts";
import { providerAt, serve } from "./testing/platform.ts";

const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const key = { purgeKeys: { "photo-landscape": "CANARY-PURGE-KEY" } };
const example = (name: string) => readFileSync(new URL(`examples/purge-${name}.xml`, import.meta.url), "utf8");
const reply = (code: string) => example("success").replace(">0<", `>${code}<`);

function purge(url: string, options: Partial<ThalesOptions> = key): Promise<PurgeOutcome> {
  return providerAt(url, options).purge(id, "photo-landscape", AbortSignal.timeout(60_000));
}

test("SetImageToPurge goes out with the id and the key, in this order", async () => {
  const { url, heard } = await serve((response) => response.end(example("success")));
  expect(await purge(url)).toEqual({ kind: "taken" });
  expect(heard[0]).toMatchObject({ url: "/soap", headers: { soapaction: '"http://tempuri.org/SetImageToPurge"' } });
  expect(heard[0]?.body.toString()).toContain(
    `<SetImageToPurge xmlns="http://tempuri.org/"><CardImageID>${id}</CardImageID><ImagePurgeKey>CANARY-PURGE-KEY</ImagePurgeKey></SetImageToPurge>`,
  );
});

test("address, action and names are the installation's", async () => {
  const { url, heard } = await serve((response) => response.end(example("success")));
  await purge(url, {
    ...key,
    purgeUrl: `${url}/purge`,
    purgeSoapAction: "urn:purge",
    cardImageIdField: "Id",
    imagePurgeKeyField: "Key",
  });
  expect(heard[0]).toMatchObject({ url: "/purge", headers: { soapaction: '"urn:purge"' } });
  expect(heard[0]?.body.toString()).toMatch(/<Id>.*<\/Id><Key>.*<\/Key>/);
});

test.each([
  ["success", { kind: "taken" }],
  ["card-image-id-invalid", { kind: "unknown-id", detail: expect.stringContaining("answered 1: ") }],
  ["key-invalid", { kind: "misconfigured", what: "key", detail: expect.stringContaining("answered 2: ") }],
  [
    "address-not-allowed",
    { kind: "misconfigured", what: "address", detail: expect.stringContaining("AAM_Purge_WS_IP_Restrict") },
  ],
  ["unexpected-system-error", { kind: "failed", detail: expect.stringContaining("answered -1: ") }],
])("the documented answer %s says what is to be done", async (name, outcome) => {
  const { url } = await serve((response) => response.end(example(name)));
  expect(await purge(url)).toEqual(outcome);
});

test.each([
  [200, "99"],
  [200, "CANARY"],
  [200, "0</SetImageToPurgeResult><SetImageToPurgeResult>1"],
  [500, "0"],
  [404, "1"],
  [401, "2"],
  [503, "-2"],
] as const)("HTTP %i with the code %s may pass, and nobody takes it for done", async (status, code) => {
  const { url } = await serve((response) => response.writeHead(status).end(reply(code)));
  const outcome = await purge(url);
  expect(outcome.kind).toBe("failed");
  expect(JSON.stringify(outcome)).not.toContain("CANARY");
});

test.each([
  ["a web page", "<html>CANARY</html>"],
  [
    "a fault",
    "<Envelope><Body><Fault><faultcode>Client</faultcode><faultstring>CANARY</faultstring></Fault></Body></Envelope>",
  ],
  ["another method's result", reply("0").replaceAll("SetImageToPurgeResult", "ErrorCode")],
  ["nothing", ""],
])("answered with %s, it has failed and may be repeated", async (_what, body) => {
  const { url } = await serve((response) => response.end(body));
  const outcome = await purge(url);
  expect(outcome).toMatchObject({ kind: "failed", detail: expect.stringMatching(/^SetImageToPurge /) });
  expect(JSON.stringify(outcome)).not.toContain("CANARY");
});

test("without a key for the product nothing is sent, and the operator is told which is missing", async () => {
  const { url, heard } = await serve((response) => response.end(example("success")));
  const detail = "There is no ImagePurgeKey for product photo-landscape";
  for (const options of [{}, { purgeKeys: { "photo-portrait": "CANARY-KEY" } }])
    expect(await purge(url, options)).toEqual({ kind: "misconfigured", what: "key", detail });
  expect(heard).toHaveLength(0);
});

test("who can delete a picture is told by product: this server with a key, the issuer without one", () => {
  const provider = providerAt("http://127.0.0.1:9", key);
  expect(provider.capabilities("photo-landscape").purge).toBe("here");
  expect(provider.capabilities("photo-portrait").purge).toBe("elsewhere");
});

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConfigError, listSecrets, readConfig } from "./config.ts";
import { findByKey, findIssued, type Issuer } from "./issuers.ts";
import { hashSecret } from "./sessions/credentials.ts";
import { testEnv } from "./testing/env.ts";

const { FULLBLEED_PORT, FULLBLEED_DATA, FULLBLEED_PUBLIC_URL } = testEnv;
/** Of a server without a default issuer. */
const bare = { FULLBLEED_PORT, FULLBLEED_DATA, FULLBLEED_PUBLIC_URL };
const env = { RIVER_KEY: "river-canary-api-key", RIVER_HOOK: `whsec_${Buffer.alloc(32, 7).toString("base64")}` };
const key = "k".repeat(32);
const hash = `sha256:${hashSecret(key)}`;

const synctera = {
  FULLBLEED_SYNCTERA_URL: "https://api.synctera.example/v1",
  FULLBLEED_SYNCTERA_API_KEY: { env: "RIVER_KEY" },
  FULLBLEED_SYNCTERA_CARD_PRODUCTS: { "photo-portrait": "7d943c51-e4ff-4e57-9558-08cab6b963c7" },
  FULLBLEED_SYNCTERA_WEBHOOK_SECRET: "synctera-canary-secret",
};
const river = {
  id: "river",
  name: "River Credit Union",
  keys: [hash],
  origins: ["https://bank.example"],
  products: { "photo-portrait": { provider: "synctera", texts: { en: { name: "River" }, ar: { name: "نهر" } } } },
  providers: { synctera },
  webhooks: [{ url: "https://bank.example/hooks", secret: { env: "RIVER_HOOK" } }],
};
const plain = { id: "hill", name: "Hill", keys: [], products: {}, providers: {} };

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "fullbleed-"));
  file = path.join(folder, "issuers.json");
});
afterEach(() => rm(folder, { recursive: true }));

async function read(content: unknown, beside: Record<string, string | undefined> = bare): Promise<readonly Issuer[]> {
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  return readConfig({ ...beside, ...env, FULLBLEED_ISSUERS: file }).issuers;
}

/** The lines about the file, each without its indentation and the variable's name. */
async function refusals(content: unknown, beside?: Record<string, string | undefined>): Promise<string[]> {
  const error = await read(content, beside).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(ConfigError);
  const { message } = error as ConfigError;
  expect(message).not.toContain("canary");
  expect(message).not.toContain(hash);
  return message
    .split("\n")
    .slice(1)
    .map((line) => line.replace(/^ {2}FULLBLEED_ISSUERS: /, ""));
}

describe("the file of issuers", () => {
  test("gives each its keys, origins, products, platforms and webhooks", async () => {
    const [one, ...more] = await read({ issuers: [river, plain] });
    expect(more.map(({ id }) => id)).toEqual(["hill"]);
    expect(one).toMatchObject({
      id: "river",
      name: "River Credit Union",
      keyHashes: [hashSecret(key)],
      origins: ["https://bank.example"],
      products: { "photo-portrait": { provider: "synctera" } },
      webhooks: [{ url: "https://bank.example/hooks", secret: env.RIVER_HOOK }],
    });
    expect(one?.platforms[0]?.values).toMatchObject({
      apiKey: env.RIVER_KEY,
      cardProducts: { "photo-portrait": "7d943c51-e4ff-4e57-9558-08cab6b963c7" },
    });
  });

  test("stands beside the issuer of the environment, or instead of it", async () => {
    expect((await read({ issuers: [river] }, testEnv)).map(({ id }) => id)).toEqual(["default", "river"]);
    expect((await read({ issuers: [{ ...river, id: "default" }] })).map(({ id }) => id)).toEqual(["default"]);
    // Half of a default issuer is none.
    const half = await refusals({ issuers: [river] }, { ...bare, FULLBLEED_ISSUER_NAME: "Test Bank" });
    expect(half.map((line) => line.trim().split(":")[0])).toEqual([
      "FULLBLEED_ISSUER_KEY is missing",
      "FULLBLEED_PROVIDER is missing",
    ]);
  });

  test("says by its key who asks; two keys are good at once, and of an empty list none is", async () => {
    const keys = ["a", "b", "c"].map((letter) => letter.repeat(40));
    const hashes = keys.map((one) => `sha256:${hashSecret(one).toUpperCase()}`);
    const two = { ...river, keys: hashes.slice(0, 2) };
    const issuers = await read({ issuers: [two, { ...plain, keys: [] }] });
    expect(keys.map((one) => findByKey(issuers, one)?.id)).toEqual(["river", "river", undefined]);
    expect(await refusals({ issuers: [{ ...river, keys: hashes }] })).toEqual([
      "issuers[0].keys is not valid: expected an array of the hashes of at most two keys.",
    ]);
  });

  test("has its products' texts in every language that the file has them in", async () => {
    const [one, other] = await read({ issuers: [river, plain] });
    expect(findIssued(one, "photo-portrait")?.texts).toMatchObject({ en: { name: "River" }, ar: { name: "نهر" } });
    expect(findIssued(one, "photo-landscape")?.texts ?? {}).toEqual({});
    expect(findIssued(other, "photo-portrait")?.texts ?? {}).toEqual({});
  });

  test("keeps its secrets, and whatever the environment holds for it, out of logs and answers", async () => {
    await read({ issuers: [river] });
    const secrets = listSecrets(readConfig({ ...bare, ...env, FULLBLEED_ISSUERS: file }));
    expect(secrets.toSorted()).toEqual([env.RIVER_KEY, "synctera-canary-secret", env.RIVER_HOOK].toSorted());
  });

  const change = (part: object) => ({ issuers: [plain, { ...river, ...part }] });
  const settings = (part: object) => change({ providers: { synctera: { ...synctera, ...part } } });
  test.each<[string, unknown, string]>([
    ["no issuers", { issuers: [] }, "issuers is not valid: expected an array of 1 to 1000 issuers."],
    [
      "another field",
      change({ kyes: ["canary"] }),
      "issuers[1].kyes is not known: expected an object whose fields are id, ",
    ],
    [
      "an id with capitals",
      change({ id: "Canary" }),
      "issuers[1].id is not valid: expected 1 to 40 of a-z, 0-9 and -.",
    ],
    ["no id", change({ id: undefined }), "issuers[1].id is missing: expected 1 to 40 of a-z, 0-9 and -."],
    ["an id that another has", change({ id: "hill" }), "issuers[1].id stands elsewhere too: expected one of its own."],
    ["a name in two lines", change({ name: "canary\nbank" }), "issuers[1].name is not valid: expected 1 to 100 "],
    [
      "a key instead of its hash",
      change({ keys: ["canary".repeat(6)] }),
      "issuers[1].keys[0] is not valid: expected sha256:",
    ],
    ["the same key twice", change({ keys: [hash, hash] }), "issuers[1].keys[1] stands elsewhere too: expected one "],
    [
      "an origin with a path",
      change({ origins: ["https://canary.example/x"] }),
      "issuers[1].origins[0] is not valid: ",
    ],
    ["no origins at all", change({ origins: [] }), "issuers[1].origins is not valid: expected an array of 1 to 50 "],
    [
      "an unknown product",
      change({ products: { canarie: { provider: "synctera" } } }),
      "issuers[1].products.canarie is not known: expected an object whose fields are among ",
    ],
    [
      "an unknown platform",
      change({ products: { "photo-fine": { provider: "canary" } } }),
      "issuers[1].products.photo-fine.provider is not valid: expected thales or synctera.",
    ],
    [
      "a platform without settings",
      change({ products: { "photo-portrait": { provider: "thales" } } }),
      "issuers[1].products.photo-portrait.provider is not valid: expected one of this issuer's providers.",
    ],
    [
      "a text that is too long",
      change({
        products: { "photo-portrait": { provider: "synctera", texts: { en: { name: "canary".repeat(11) } } } },
      }),
      "issuers[1].products.photo-portrait.texts.en.name is not valid: expected 1 to 60 ",
    ],
    [
      "an unknown setting",
      settings({ FULLBLEED_SYNCTERA_KEY: "canary" }),
      "issuers[1].providers.synctera.FULLBLEED_SYNCTERA_KEY is not known: synctera has no such setting.",
    ],
    [
      "a missing setting",
      settings({ FULLBLEED_SYNCTERA_URL: undefined }),
      "issuers[1].providers.synctera.FULLBLEED_SYNCTERA_URL is missing: expected the address of ",
    ],
    [
      "a wrong setting",
      settings({ FULLBLEED_SYNCTERA_URL: "canary" }),
      "issuers[1].providers.synctera.FULLBLEED_SYNCTERA_URL is not valid: expected the address of ",
    ],
    [
      "a variable that is not set",
      settings({ FULLBLEED_SYNCTERA_API_KEY: { env: "CANARY_canary" } }),
      'issuers[1].providers.synctera.FULLBLEED_SYNCTERA_API_KEY is not set: expected { "env": "NAME" } with ',
    ],
    [
      "what every object has instead of a variable",
      settings({ FULLBLEED_SYNCTERA_API_KEY: { env: "constructor" } }),
      'issuers[1].providers.synctera.FULLBLEED_SYNCTERA_API_KEY is not set: expected { "env": "NAME" } with ',
    ],
    [
      "an object instead of a variable's name",
      settings({ FULLBLEED_SYNCTERA_API_KEY: { env: { toString: "canary" } } }),
      'issuers[1].providers.synctera.FULLBLEED_SYNCTERA_API_KEY is not set: expected { "env": "NAME" } with ',
    ],
    [
      "a misspelt env, which would be a key",
      settings({ FULLBLEED_SYNCTERA_API_KEY: { enw: "canary" } }),
      "issuers[1].providers.synctera.FULLBLEED_SYNCTERA_API_KEY is not valid: expected a text or ",
    ],
    [
      "an array of secrets, which would be one",
      settings({ FULLBLEED_SYNCTERA_WEBHOOK_SECRET: ["canary".repeat(4)] }),
      "issuers[1].providers.synctera.FULLBLEED_SYNCTERA_WEBHOOK_SECRET is not valid: expected a text or ",
    ],
    [
      "a webhook into the private network",
      change({ webhooks: [{ url: "https://10.0.0.1/canary", secret: env.RIVER_HOOK }] }),
      "issuers[1].webhooks[0].url is not valid: expected an https address ",
    ],
    [
      "a webhook's secret that is none",
      change({ webhooks: [{ url: "https://bank.example", secret: "canary" }] }),
      "issuers[1].webhooks[0].secret is not valid: expected whsec_ and ",
    ],
    [
      "the same webhook twice",
      change({ webhooks: [...river.webhooks, ...river.webhooks] }),
      "issuers[1].webhooks[1].url stands elsewhere too",
    ],
  ])("with %s stops the start and says where", async (_what, content, expected) => {
    const [line, ...more] = await refusals(content);
    expect(more).toEqual([]);
    expect(line).toContain(expected);
    expect(line).toMatch(/[^ .]\.$/);
  });

  test.each([
    ["products", change({ products: { ...river.products, PROTO: { provider: "canary" } } }), "products"],
    ["platforms", change({ providers: { synctera, PROTO: {} } }), "providers"],
    ["settings", settings({ PROTO: "canary" }), "providers.synctera"],
    [
      "a setting",
      settings({ FULLBLEED_SYNCTERA_CARD_PRODUCTS: { PROTO: "canary" } }),
      "providers.synctera.FULLBLEED_SYNCTERA_CARD_PRODUCTS",
    ],
    [
      "texts",
      change({ products: { "photo-portrait": { provider: "synctera", texts: { PROTO: {} } } } }),
      "products.photo-portrait.texts",
    ],
  ])("leaves no name among %s unread, whatever it is", async (_what, content, where) => {
    const lines = await refusals(JSON.stringify(content).replaceAll("PROTO", "__proto__"));
    expect(lines).toContain(`issuers[1].${where}.__proto__ is not known: expected no such name.`);
  });

  test("may have no key and no id of the issuer of the environment", async () => {
    const theirs = `sha256:${hashSecret(testEnv.FULLBLEED_ISSUER_KEY)}`;
    const twice = { issuers: [{ ...river, id: "default", keys: [theirs] }] };
    expect(await refusals(twice, testEnv)).toEqual([
      "issuers[0].id stands elsewhere too: expected one of its own.",
      "issuers[0].keys[0] stands elsewhere too: expected one of its own.",
    ]);
  });

  test("may have no issuer in the platform account of another", async () => {
    const other = { ...river, id: "copied", keys: [], webhooks: [] };
    expect(await refusals({ issuers: [river, other] })).toEqual([
      "issuers[1].providers.synctera.FULLBLEED_SYNCTERA_API_KEY stands with another issuer too: expected that of an account of its own.",
      "issuers[1].providers.synctera.FULLBLEED_SYNCTERA_WEBHOOK_SECRET stands with another issuer too: expected that of an account of its own.",
    ]);
  });

  test("that is no JSON, says something twice or is not there is refused without repeating it", async () => {
    expect(await refusals('{\n  "issuers": canary\n}')).toEqual(["the file is not JSON."]);
    expect(await refusals('{\n  "issuers": [] "canary"\n}')).toEqual(["the file is not JSON: look at line 2."]);
    expect(await refusals('{"issuers": [], "issuers": []}')).toEqual([
      "the file has an object in which a name stands twice.",
    ]);
    expect(() => readConfig({ ...bare, FULLBLEED_ISSUERS: folder })).toThrow("the file cannot be read (EISDIR).");
    expect(() => readConfig({ ...bare, FULLBLEED_ISSUERS: `${file}.none` })).toThrow("cannot be read (ENOENT).");
  });

  test("names everything that is wrong at once", async () => {
    const lines = await refusals({
      issuers: [
        { ...river, id: "", name: "" },
        { ...plain, keys: "canary" },
      ],
    });
    expect(lines.map((line) => line.split(" ")[0])).toEqual(["issuers[0].id", "issuers[0].name", "issuers[1].keys"]);
  });

  test("is as docs/configuration.md shows it", async () => {
    const page = await readFile(new URL("../../docs/configuration.md", import.meta.url), "utf8");
    const [, example = ""] = /```json\n(.*?)```/s.exec(page) ?? [];
    const values = [...example.matchAll(/"env": "(\w+)"/g)].map(([, name = ""]) => [name, "0123456789abcdef"]);
    const given = {
      ...Object.fromEntries(values),
      RIVER_HANDOVER_KEYS: '{"photo-landscape":"handover-key"}',
      RIVER_WEBHOOK_SECRET: env.RIVER_HOOK,
    };
    expect((await read(example, { ...bare, ...given })).map(({ id }) => id)).toEqual(["river"]);
  });
});

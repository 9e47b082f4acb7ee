import { expect, test } from "vitest";
import { runCli } from "./cli.ts";
import { createScrub } from "./scrub.ts";
import { hashSecret } from "./sessions/credentials.ts";
import { bearerKey } from "./setting-kinds.ts";

async function fullbleed(args: readonly string[], given: readonly string[] = []) {
  const said: string[] = [];
  const write = (line: string): void => void said.push(line);
  async function* input() {
    yield* given;
  }
  const code = await runCli({ args, env: {}, fetch, input: input(), out: write, err: write });
  return { code, said };
}

test("a fresh key comes with the hash that stands in the file of issuers, and needs no server", async () => {
  const { code, said } = await fullbleed(["issuer-key"]);
  const [key = "", hash] = said.map((line) => line.split(/ +/)[1]);
  expect(code).toBe(0);
  expect(bearerKey.parse(key)).toBe(key);
  expect(hash).toBe(`sha256:${hashSecret(key)}`);
  expect((await fullbleed(["issuer-key"])).said).not.toEqual(said);
  // The server knows the hash alone, and still keeps the key out of its log.
  expect(createScrub([])(`key=${key}`)).toBe("key=[secret]");
});

test("a key that there is comes on the standard input, and only its hash is written", async () => {
  const key = "0123456789abcdef".repeat(3);
  const { code, said } = await fullbleed(["issuer-key", "--stdin"], [key.slice(0, 20), `${key.slice(20)}\r\n`]);
  expect({ code, said }).toEqual({ code: 0, said: [`sha256:${hashSecret(key)}`] });
  const asArgument = await fullbleed(["issuer-key", key]);
  expect(asArgument.code).toBe(2);
  expect(asArgument.said.join()).not.toContain(key);
});

test("what is no key is refused without being repeated, however long it is", async () => {
  async function* endless() {
    for (;;) yield "canary ";
  }
  const said: string[] = [];
  const write = (line: string): void => void said.push(line);
  const args = ["issuer-key", "--stdin"];
  for (const input of [endless(), (async function* () {})()])
    expect(await runCli({ args, env: {}, fetch, input, out: write, err: write })).toBe(2);
  expect(said.join()).toContain("has no key");
  expect(said.join()).not.toContain("canary");
});

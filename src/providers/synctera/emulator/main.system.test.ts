import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTestFolder } from "#server/testing/folder.ts";
import { testApiKey, testCardProducts } from "./testing/synctera.ts";

async function start(variables: Record<string, string>) {
  const env = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
    SYNCTERA_PORT: "0",
    SYNCTERA_DATA: await makeTestFolder(),
    SYNCTERA_API_KEY: testApiKey,
    SYNCTERA_CARD_PRODUCTS: JSON.stringify(testCardProducts),
    ...variables,
  };
  const program = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [program.stdout, program.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => (text += part));
  return { program, output: () => text };
}

test("the emulator is a program of its own, which stops when it is told to", async () => {
  const { program, output } = await start({});
  await expect.poll(output).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
  const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/.exec(output()) ?? [];
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const ended = once(program, "exit");
  program.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  expect(output()).not.toContain("CANARY");
});

test.each([
  ["SYNCTERA_CARD_PRODUCTS", "no JSON"],
  ["SYNCTERA_CARD_PRODUCTS", '{"no-such-product":"CANARY"}'],
  ["SYNCTERA_PORT", "CANARY"],
  ["SYNCTERA_WEBHOOK_URL", "http://127.0.0.1:9"],
])("with %s=%s it says what is wrong and ends", async (variable, value) => {
  const { program, output } = await start({ [variable]: value });
  expect(await once(program, "close")).toEqual([2, null]);
  expect(output()).toMatch(/cannot start\. SYNCTERA_\w+: /);
  expect(output()).not.toContain("CANARY");
});

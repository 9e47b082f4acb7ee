import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeTestFolder } from "#server/testing/folder.ts";
import {
  eventually,
  makeNoise,
  openTestPlatform,
  readLedger,
  sendPicture,
  testDeliveryKey,
  testKeys,
} from "./testing/platform.ts";

const programs: ChildProcess[] = [];
afterEach(() => {
  for (const program of programs.splice(0)) program.kill("SIGKILL");
});

async function start(variables: Record<string, string>): Promise<{ program: ChildProcess; output: () => string }> {
  const env = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
    PDS_PORT: "0",
    PDS_DATA: await makeTestFolder(),
    PDS_HANDOVER_KEYS: JSON.stringify(testKeys),
    PDS_IMAGE_DELIVERY_KEY: testDeliveryKey,
    ...variables,
  };
  const program = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  programs.push(program);
  let text = "";
  for (const stream of [program.stdout, program.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => (text += part));
  return { program, output: () => text };
}

async function urlIn({ program, output }: Awaited<ReturnType<typeof start>>): Promise<string> {
  while (program.exitCode === null) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(output()) ?? [];
    if (url !== undefined) return url;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(output());
}

test("it starts, is healthy, logs JSON without a key, and ends cleanly when told to", async () => {
  const started = await start({});
  const url = await urlIn(started);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  await fetch(`${url}/ImageAPI/GetImage?ImageDeliveryKey=${testDeliveryKey}&CardImageID=1`);
  await fetch(`${url}/nowhere?ImageDeliveryKey=${testDeliveryKey}`);
  const ended = once(started.program, "close");
  started.program.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  const lines = started
    .output()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { path?: string });
  expect(lines.map(({ path }) => path)).toContain("/ImageAPI/GetImage");
  expect(started.output()).not.toContain("CANARY");
});

test("a wrong setting stops the start with a sentence that names it", async () => {
  const { program, output } = await start({ PDS_HANDOVER_KEYS: "CANARY" });
  expect(await once(program, "close")).toEqual([2, null]);
  expect(output()).toBe("The card platform (sandbox) cannot start. PDS_HANDOVER_KEYS: is not JSON\n");
});

test("a port that is taken stops the start with the reason, also while a verdict is due", async () => {
  const { port } = new URL(await urlIn(await start({})));
  const folder = await makeTestFolder();
  const before = await openTestPlatform({ folder });
  await before.app.inject({ method: "PUT", url: "/sandbox/switches", payload: { review: { delaySeconds: 600 } } });
  await sendPicture(before, await makeNoise(1036, 664).png().toBuffer());
  await before.app.close();
  const second = await start({ PDS_PORT: port, PDS_DATA: folder });
  expect((await once(second.program, "close"))[0]).toBe(2);
  expect(second.output()).toContain("EADDRINUSE");
});

test("killed at any moment of many calls: a picture is there exactly when its line in the ledger is", async () => {
  const folder = await makeTestFolder();
  const image = (await makeNoise(1036, 664).jpeg().toBuffer()).toString("base64");
  for (let round = 0; round < 3; round += 1) {
    const { program, output } = await start({ PDS_DATA: folder, PDS_DATA_CAPTURE_FIELDS: "Ref" });
    const url = await urlIn({ program, output });
    const answered = new Set<string>();
    const send = async (nth: number) => {
      const reply = await fetch(`${url}/PDS/ImageUpload.asmx`, {
        method: "POST",
        headers: { "content-type": "text/xml", soapaction: '"http://tempuri.org/SendImageWithDataCapture"' },
        body:
          `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><SendImageWithDataCapture><Image>${image}</Image>` +
          `<handoverKey>${testKeys["photo-landscape"]}</handoverKey><DataCapture>Ref=R${round}N${nth}</DataCapture></SendImageWithDataCapture></e:Body></e:Envelope>`,
      });
      answered.add(/<CardImageID>([0-9a-f-]{36})</.exec(await reply.text())?.[1] ?? "none");
      if (answered.size === 5) program.kill("SIGKILL");
    };
    await Promise.allSettled(Array.from({ length: 12 }, (_, nth) => send(nth)));
    await eventually(() => program.exitCode !== null || program.signalCode !== null);
    const after = await openTestPlatform({ folder });
    const kept = (await after.app.inject("/sandbox/images?limit=5000")).json<{ images: { cardImageId: string }[] }>();
    const told = (await readLedger(after)).map(({ evidence }) => evidence?.cardImageId);
    await after.app.close();
    const ids = kept.images.map(({ cardImageId }) => cardImageId);
    expect(new Set(told)).toEqual(new Set(ids));
    expect(told.length).toBe(ids.length);
    expect([...answered].filter((id) => !ids.includes(id))).toEqual([]);
  }
});

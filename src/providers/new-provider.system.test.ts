import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { testEnv } from "#server/testing/env.ts";
import { makeTestFolder, writeBuild } from "#server/testing/folder.ts";
import { enterSession, sendOne } from "#server/testing/issuer.ts";
import { makePicture, sha256Of } from "#server/testing/picture.ts";
import { listenLocally } from "./testing/listen.ts";

const root = path.join(import.meta.dirname, "../..");

/** A whole provider: it posts the picture and reads an id. */
const definition = `import * as z from "zod";
import { defineProvider } from "../definition.ts";
import { noCapabilities } from "../provider.ts";
import { addressOf, type Settings, webAddress } from "../setting.ts";

const settings = {
  url: { variable: "FULLBLEED_TOY_URL", schema: webAddress, expected: addressOf("the toy platform") },
  key: { variable: "FULLBLEED_TOY_KEY", schema: z.string().min(8), expected: "the toy's key", secret: true },
} as const satisfies Settings;

export const toy = defineProvider({
  name: "toy",
  settings,
  create: async ({ url, key }, fetch) => ({
    name: "toy",
    offers: () => true,
    capabilities: () => noCapabilities,
    findCardholderFault: () => undefined,
    readCardImageId: (text) => text,
    settingsFingerprint: () => url,
    async send({ bytes }, signal) {
      const headers = { authorization: key };
      const response = await fetch(url, { method: "POST", headers, body: bytes as Uint8Array<ArrayBuffer>, signal });
      return { kind: "accepted", cardImageId: await response.text() };
    },
    find: async () => ({ kind: "cannot-tell", detail: "the toy has no search" }),
    annotate: async () => ({ kind: "refused", detail: "the toy keeps nothing beside a picture" }),
    decide: async () => ({ kind: "refused", detail: "nobody decides at the toy's" }),
    purge: async () => ({ kind: "unsupported", detail: "the toy deletes nothing" }),
    getReview: async () => ({ kind: "cannot-tell", detail: "nobody decides at the toy's" }),
    getPreview: async () => ({ kind: "unavailable", detail: "the toy shows nothing" }),
    getTemplate: async () => ({ kind: "unavailable", detail: "the toy has no art" }),
    readNotification: () => null,
  }),
});
`;

/** All files below \`folder\`, by their paths. */
function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

function linesOf(file: string): string[] {
  return readFileSync(file, "utf8").split("\n");
}

/** The lines that are new in one of two trees, outside the toy's folder. */
function newLines(before: string, after: string): string[] {
  return listFiles(after)
    .filter((file) => !file.startsWith("providers/toy/"))
    .flatMap((file) => {
      const known = new Set(linesOf(path.join(before, file)));
      return linesOf(path.join(after, file))
        .filter((line) => !known.has(line))
        .map((line) => `${file}: ${line}`);
    });
}

function copyTree(copy: string): void {
  const alone = ["tsconfig.json", "tsconfig.test.json", "package.json"];
  // With what is compiled already and when each was written, tsc looks only at what the toy touches.
  for (const each of ["src", ".cache/types", ...alone])
    if (existsSync(path.join(root, each)))
      cpSync(path.join(root, each), path.join(copy, each), { recursive: true, preserveTimestamps: true });
  symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
}

function addToy(copy: string): void {
  mkdirSync(path.join(copy, "src/providers/toy"));
  writeFileSync(path.join(copy, "src/providers/toy/definition.ts"), definition);
  const list = path.join(copy, "src/providers/providers.ts");
  const text = readFileSync(list, "utf8");
  writeFileSync(
    list,
    text
      .replace("import { thales }", 'import { toy } from "./toy/definition.ts";\nimport { thales }')
      .replace("] as const", ", toy] as const"),
  );
}

function run(program: string, args: readonly string[], cwd: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd, maxBuffer: 16 * 1024 * 1024 }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : 1, output: out + err }),
    );
  });
}

async function startServer(copy: string, folder: string, platform: string) {
  const dist = path.join(folder, "dist");
  await writeBuild(dist);
  const own = Object.entries(testEnv).filter(([name]) => !name.startsWith("FULLBLEED_THALES_"));
  const env = {
    ...Object.fromEntries(own),
    PATH: process.env.PATH,
    FULLBLEED_PROVIDER: "toy",
    FULLBLEED_TOY_URL: platform,
    FULLBLEED_TOY_KEY: "toy-key-canary",
    FULLBLEED_DATA: path.join(folder, "data"),
    FULLBLEED_DIST: dist,
  };
  const child = spawn(process.execPath, [path.join(copy, "src/server/main.ts")], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, at } = JSON.parse(line) as { msg?: string; at?: string };
    if (msg === "ready" && at !== undefined) return { child, url: at };
  }
  throw new Error("the server ended before it was ready");
}

test("a provider costs one folder and two lines: it is compiled, and takes a picture", {
  timeout: 300_000,
}, async () => {
  const folder = await makeTestFolder();
  const copy = path.join(folder, "copy");
  copyTree(copy);
  addToy(copy);
  const edited = newLines(path.join(root, "src"), path.join(copy, "src"));
  process.stdout.write(`${edited.join("\n")}\n`);
  expect(edited).toHaveLength(2);
  for (const line of edited) expect(line).toMatch(/^providers\/providers\.ts: /);

  // The server and what it is built on: the other rooms know no provider.
  expect(await run(path.join(root, "node_modules/.bin/tsc"), ["-b", "src/server"], copy)).toEqual({
    code: 0,
    output: "",
  });

  const arrived: string[] = [];
  const platform = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => response.end(`toy-${arrived.push(sha256Of(Buffer.concat(pieces)))}`));
  });
  const { child, url } = await startServer(copy, folder, await listenLocally(platform));
  try {
    const frame = await enterSession(url);
    const picture = makePicture();
    const { submissionId } = await sendOne(frame, picture);
    const read = async () => (await (await frame.get(`/v1/submissions/${submissionId}`)).json()) as { state: string };
    await expect.poll(async () => (await read()).state).toBe("accepted");
    expect(arrived).toEqual([sha256Of(picture)]);
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
    platform.close();
  }
});

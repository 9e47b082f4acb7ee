import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./steps.mjs";

/** Who may import whom: the house's table, written out. */
const mayImport = {
  contracts: [],
  card: ["contracts"],
  design: ["card", "contracts"],
  paint: ["design", "card", "contracts"],
  lettering: ["design", "card", "contracts"],
  image: ["paint", "lettering", "design", "card", "contracts"],
  designer: ["image", "paint", "lettering", "design", "card", "contracts"],
  embed: ["contracts"],
  kit: [],
  providers: ["card", "contracts"],
  server: ["providers", "lettering", "paint", "design", "card", "contracts"],
  sandbox: ["server", "providers", "lettering", "paint", "design", "card", "contracts"],
} as const satisfies Record<string, readonly string[]>;

type Room = keyof typeof mayImport;
const rooms = Object.keys(mayImport) as Room[];
const everywhere = ["contracts", "card", "design", "paint", "lettering"] as const;
const browser = ["image", "designer", "embed"] as const;
const node = ["kit", "providers", "server", "sandbox"] as const;

/** A violation: what is planted where, and what must be said about that very file. */
interface Violation {
  readonly fence: string;
  readonly file: string;
  readonly text: string;
  readonly code: string;
}

/** Emulators live beside their adapters, and are a room of their own: who may import them, and whom they may. */
const emulator = "#providers/planted/emulator/planted-landing.ts";
const importsOfEmulators = (["providers", "server"] as const).map((room) => ({
  ...plantIn(room, "imports-an-emulator", "TS6307", `export { landing } from "${emulator}";\n`),
}));
const importsByEmulators = (["server", "design", "sandbox"] as const).map((other) => ({
  fence: `an emulator imports ${other}`,
  file: `src/providers/planted/emulator/planted-imports-${other}.ts`,
  text: `export { landing } from "#${other}/planted-landing.ts";\n`,
  code: "TS6307",
}));
const allowedToEmulators = [
  ...(["providers", "card", "contracts"] as const).map((other) => ({
    file: `src/providers/planted/emulator/planted-may-import-${other}.ts`,
    text: `export { landing } from "${other === "providers" ? "../.." : `#${other}`}/planted-landing.ts";\n`,
  })),
  { file: "src/sandbox/planted-may-import-an-emulator.ts", text: `export { landing } from "${emulator}";\n` },
];

function plantIn(room: Room, name: string, code: string, text: string): Violation {
  return { fence: `${room}: ${name}`, file: `src/${room}/planted-${name}.ts`, text, code };
}

const imports = rooms.flatMap((room) =>
  rooms
    .filter((other) => other !== room && !(mayImport[room] as readonly string[]).includes(other))
    .map((other) =>
      plantIn(room, `imports-${other}`, "TS6307", `export { landing } from "#${other}/planted-landing.ts";\n`),
    ),
);

const allowedImports = rooms.flatMap((room) =>
  mayImport[room].map((other) => ({
    file: `src/${room}/planted-may-import-${other}.ts`,
    text: `export { landing } from "#${other}/planted-landing.ts";\n`,
  })),
);

const surroundings = [
  ...[...everywhere, ...node].map((room) =>
    plantIn(room, "has-no-document", "TS2584", "export const title = () => document.title;\n"),
  ),
  ...[...everywhere, ...browser].flatMap((room) => [
    plantIn(room, "has-no-Buffer", "TS2591", 'export const bytes = () => Buffer.from("");\n'),
    plantIn(room, "has-no-process", "TS2591", "export const argv = () => process.argv;\n"),
    plantIn(room, "has-no-node-modules", "TS2591", 'export { readFileSync } from "node:fs";\n'),
  ]),
];

/** What the oldest browsers do not have; what is newer than they are and no part of the language, check-browsers.mjs finds. */
const newerLanguage = [...everywhere, ...browser].flatMap((room) => [
  plantIn(room, "sorts-a-copy", "TS2550", "export const sorted = [2, 1].toSorted();\n"),
  plantIn(room, "uses-a-new-static", "TS2550", "export const settled = Promise.withResolvers<void>();\n"),
  plantIn(room, "maps-an-iterator", "TS2339", "export const doubled = [1].values().map(Number);\n"),
]);

const byTheCompiler: readonly Violation[] = [
  ...importsOfEmulators,
  ...importsByEmulators,
  ...newerLanguage,
  ...imports,
  ...surroundings,
  ...rooms.map((room) =>
    plantIn(room, "imports-a-test", "TS6307", 'export { checked } from "./planted-landing.test.ts";\n'),
  ),
  ...rooms.map((room) =>
    plantIn(room, "imports-a-test-helper", "TS6307", 'export { landing } from "./testing/planted-landing.ts";\n'),
  ),
  plantIn("server", "reaches-into-e2e", "TS6307", 'export { journey } from "../../e2e/planted-landing.ts";\n'),
  plantIn("card", "has-an-enum", "TS1294", "export enum Side { Front, Back }\n"),
  plantIn("card", "has-a-parameter-property", "TS1294", "export class Card { constructor(readonly id: string) {} }\n"),
];

const sibling = "../planted-sibling/tool.ts";
const byTheLinter: readonly Violation[] = [
  plantIn(
    "card",
    "cycle-a",
    "import(no-cycle)",
    'import { b } from "./planted-cycle-b.ts";\nexport const a = () => b;\n',
  ),
  plantIn(
    "card",
    "cycle-b",
    "import(no-cycle)",
    'import { a } from "./planted-cycle-a.ts";\nexport const b = () => a;\n',
  ),
  plantIn("card", "default-export", "import(no-default-export)", "export default 1;\n"),
  plantIn("card", "any", "typescript(no-explicit-any)", "export const anything = (value: any): unknown => value;\n"),
  plantIn("card", "barrel", "oxc(no-barrel-file)", 'export * from "./planted-landing.ts";\n'),
  plantIn("card", "long-file", "eslint(max-lines)", "export const mm = [\n" + "  1,\n".repeat(300) + "];\n"),
  plantIn(
    "card",
    "long-function",
    "eslint(max-lines-per-function)",
    `export function long(list: number[]): void {\n${"  list.push(1);\n".repeat(60)}}\n`,
  ),
  plantIn(
    "server",
    "forgotten-promise",
    "typescript(no-floating-promises)",
    "export function forget(work: () => Promise<void>): void {\n  work();\n}\n",
  ),
  ...everywhere.map((room) =>
    plantIn(room, "imports-a-package", "eslint(no-restricted-imports)", 'export { pino } from "pino";\n'),
  ),
  ...browser.map((room) =>
    plantIn(room, "imports-a-server-package", "eslint(no-restricted-imports)", 'export { fastify } from "fastify";\n'),
  ),
  ...browser.map((room) =>
    plantIn(room, "imports-whole-zod", "eslint(no-restricted-imports)", 'export { z } from "zod";\n'),
  ),
  ...node.map((room) =>
    plantIn(room, "imports-react", "eslint(no-restricted-imports)", 'export { useState } from "react";\n'),
  ),
  ...[sibling, "#designer/tools/planted-sibling/tool.ts", "../../tools/planted-sibling/tool.ts"].map((path, index) => ({
    fence: `a tool imports a sibling tool (${path})`,
    file: `src/designer/tools/planted/imports-${index}.ts`,
    text: `export { tool } from "${path}";\n`,
    code: "eslint(no-restricted-imports)",
  })),
  ...[
    ["", "../planted-sibling/wire.ts"],
    ["", "#providers/planted-sibling/wire.ts"],
    ["emulator/", "../../planted-sibling/wire.ts"],
    ["emulator/", "#providers/planted-sibling/wire.ts"],
  ].map(([folder, path], index) => ({
    fence: `a provider imports another provider (${folder}${path})`,
    file: `src/providers/planted/${folder}imports-${index}.ts`,
    text: `export { wire } from "${path}";\n`,
    code: "eslint(no-restricted-imports)",
  })),
];

const notNamed = plantIn("card", "not-named", "typescript(no-explicit-any)", "export const all = (one: any) => one;\n");
const deadFile = { file: "src/card/planted-dead.ts", text: "export const nobodyReadsThis = 1;\n" };
const unformattedFile = { file: "src/card/planted-unformatted.ts", text: "export   const x=1\n" };

const targets = [
  ...rooms.flatMap((room) => [
    { file: `src/${room}/planted-landing.ts`, text: "export const landing = 1;\n" },
    { file: `src/${room}/planted-landing.test.ts`, text: "export const checked = 1;\n" },
    { file: `src/${room}/testing/planted-landing.ts`, text: "export const landing = 1;\n" },
  ]),
  { file: "e2e/planted-landing.ts", text: "export const journey = 1;\n" },
  { file: "src/designer/tools/planted-sibling/tool.ts", text: "export const tool = 1;\n" },
  { file: "src/providers/planted/emulator/planted-landing.ts", text: "export const landing = 1;\n" },
  { file: "src/providers/planted-sibling/wire.ts", text: "export const wire = 1;\n" },
];

let scratch: string;
let said: Record<"tsc" | "oxlint" | "oxlintAlone" | "biome" | "knip", string>;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "fullbleed-fences-"));
  // Copies of their own: a forbidden package brings Node's types along, which would hide the compiler's own fences.
  const forTypes = plantCopy("types", [...targets, ...allowedImports, ...allowedToEmulators, ...byTheCompiler]);
  const forLint = plantCopy("lint", [...targets, ...byTheLinter]);
  const few = plantCopy(
    "few",
    [deadFile, notNamed, unformattedFile],
    ["src/card", "src/contracts", ...configurations, "package.json", ".gitignore"],
  );
  const linted = byTheLinter.map(({ file }) => file);
  // Each looks at what is planted and at what that imports, at all the rest it has looked in the checks; and where there are few
  // files, at what it finds by its configuration.
  said = {
    tsc: await runChecker(forTypes, "tsc", ["-b", "--pretty", "false"]),
    oxlint: await runChecker(forLint, "oxlint", ["--type-aware", "--format", "unix", ...linted]),
    oxlintAlone: await runChecker(few, "oxlint", ["--format", "unix"]),
    biome: await runChecker(few, "biome", ["format", "--reporter=github", "--max-diagnostics=none"]),
    knip: await runChecker(few, "knip", ["--reporter", "compact"]),
  };
}, 300_000);

afterAll(() => rmSync(scratch, { recursive: true }));

const configurations = ["tsconfig.json", "tsconfig.test.json", ".oxlintrc.json", "biome.json", "knip.json"];
const programs = ["vite.config.ts", "vitest.config.ts", "playwright.config.ts", "package.json", ".gitignore"];
/** With what the compiler knows of it, where it has run. */
const everything = ["src", "scripts", "e2e", "bench", ...configurations, ...programs, ".cache/types"];

/** Copies `what` of the tree, and when each file was written, and plants files in it. Answers where the copy is. */
function plantCopy(name: string, planted: readonly { file: string; text: string }[], what = everything): string {
  const copy = join(scratch, name);
  for (const each of what.filter((one) => existsSync(join(root, one)))) {
    cpSync(join(root, each), join(copy, each), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  for (const { file, text } of planted) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), text);
  }
  return copy;
}

function runChecker(cwd: string, name: string, args: readonly string[]): Promise<string> {
  return new Promise((done) => {
    const program = join(root, "node_modules", ".bin", name);
    execFile(program, args, { cwd, maxBuffer: 64 * 1024 * 1024 }, (_, out, err) => done(`${out}${err}`));
  });
}

/** Every line that a checker said about one file. */
function linesAbout(checker: keyof typeof said, file: string): string {
  const lines = said[checker].split("\n").filter((line) => line.includes(file));
  return lines.join("\n");
}

test.for(byTheCompiler)("the compiler stops $fence ($code)", ({ file, code }) => {
  expect(linesAbout("tsc", `${file}(`)).toContain(`error ${code}:`);
});

test.for([...allowedImports, ...allowedToEmulators])("the compiler lets $file pass", ({ file }) => {
  expect(linesAbout("tsc", `${file}(`)).toBe("");
});

test.for(byTheLinter)("the linter stops $fence ($code)", ({ file, code }) => {
  expect(linesAbout("oxlint", file)).toContain(code);
});

test("the linter finds a file that nobody names", () => {
  expect(linesAbout("oxlintAlone", notNamed.file)).toContain(notNamed.code);
});

test("dead code is found", () => {
  expect(linesAbout("knip", deadFile.file)).not.toBe("");
  expect(linesAbout("knip", "src/card/placement.ts")).toBe("");
});

test("a file that is not formatted is found", () => {
  expect(linesAbout("biome", unformattedFile.file)).not.toBe("");
});

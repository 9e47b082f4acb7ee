import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { areDependenciesInstalled, isNewEnough, refuseOldNode } from "./set-up.mjs";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fullbleed-set-up-"));
  mkdirSync(join(folder, "node_modules"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const locked = {
  "": { version: "0.1.0" },
  "node_modules/card": { version: "1.2.0" },
  "node_modules/card-for-another-system": { version: "1.2.0", optional: true },
};

function write(lock: object, installed?: object): void {
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: lock }));
  if (installed === undefined) return;
  writeFileSync(join(folder, "node_modules", ".package-lock.json"), JSON.stringify({ packages: installed }));
}

test("nothing is installed again while node_modules is what the lockfile says", () => {
  const { "": _, ...installed } = locked;
  write(locked, installed);
  expect(areDependenciesInstalled(folder)).toBe(true);
});

test("an optional package that npm left out, since it is for another system, is not missing", () => {
  write(locked, { "node_modules/card": { version: "1.2.0" } });
  expect(areDependenciesInstalled(folder)).toBe(true);
});

test.for([
  ["an installation that was broken off", undefined],
  ["a package that is missing", {}],
  ["a package of another version", { "node_modules/card": { version: "1.1.0" } }],
  [
    "an optional package of another version",
    { "node_modules/card": { version: "1.2.0" }, "node_modules/card-for-another-system": { version: "1.1.0" } },
  ],
] as const)("%s is installed again", ([, installed]) => {
  write(locked, installed);
  expect(areDependenciesInstalled(folder)).toBe(false);
});

test.for([
  ["v20.20.2", false],
  ["v22.17.9", false],
  ["v22.18.0", true],
  ["v24.21.0", true],
  ["v26.0.0", true],
] as const)("Node %s is new enough: %s", ([version, enough]) => {
  expect(isNewEnough(version)).toBe(enough);
});

test("a Node that is too old even for the set-up is said so; the first of Node 20 is not", () => {
  expect(() => refuseOldNode("v18.20.8")).toThrow("needs Node 20 or newer and this is v18.20.8");
  expect(() => refuseOldNode("v20.0.0")).not.toThrow();
});

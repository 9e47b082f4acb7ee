import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ProviderDefinition } from "./definition.ts";
import { providers } from "./providers.ts";
import type { Setting } from "./setting.ts";

const all: readonly ProviderDefinition[] = providers;

test.each(all)("the settings of $name are described in its folder, each of them and no other", ({ name, settings }) => {
  const page = readFileSync(new URL(`${name}/README.md`, import.meta.url), "utf8");
  const rows = new Map(
    page.split("\n").flatMap((line) => {
      const [, variable, given] = /^\| `(FULLBLEED_[A-Z0-9_]+)` \| ([^|]+) \|/.exec(line) ?? [];
      return variable === undefined || given === undefined ? [] : [[variable, given] as const];
    }),
  );
  const own = Object.values<Setting>(settings);
  expect([...rows.keys()].toSorted()).toEqual(own.map(({ variable }) => variable).toSorted());
  for (const { variable, schema, secret } of own) {
    const given = rows.get(variable) ?? "";
    expect(given.trim().endsWith(", secret"), variable).toBe(secret === true);
    expect(given.includes("required"), variable).toBe(!schema.safeParse(undefined).success);
  }
});

test.each(all)("every variable of $name begins with its name, and says what is expected", ({ name, settings }) => {
  for (const { variable, expected } of Object.values(settings)) {
    expect(variable).toMatch(new RegExp(`^FULLBLEED_${name.toUpperCase()}_[A-Z0-9_]+$`));
    expect(expected).toMatch(/^\S.*[^.]$/);
  }
});

test.each(all)("$name says where it is called, by variables of its own, and brings its checks", (definition) => {
  const own = Object.values<Setting>(definition.settings).map(({ variable }) => variable);
  const url = "https://platform.example/service";
  const values = Object.fromEntries(Object.keys(definition.settings).map((name) => [name, url]));
  const addresses = definition.addresses?.(values) ?? [];
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) expect([own.includes(address.variable), address.url]).toEqual([true, url]);
  const ofAddresses = own.filter((variable) => variable.endsWith("_URL"));
  expect(addresses.map(({ variable }) => variable).toSorted()).toEqual(ofAddresses.toSorted());
  expect(definition.diagnose).toBeTypeOf("function");
});

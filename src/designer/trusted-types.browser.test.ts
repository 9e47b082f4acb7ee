import { expect, test } from "vitest";
import { installTrustedTypes } from "./trusted-types.ts";

interface Rules {
  createHTML(text: string): string | null;
  createScriptURL(url: string): string | null;
}

function install(): { name: string; rules: Rules } {
  const installed: { name: string; rules: Rules }[] = [];
  const createPolicy = (name: string, rules: Rules) => installed.push({ name, rules });
  installTrustedTypes({ trustedTypes: { createPolicy }, location } as unknown as Window);
  const [only] = installed;
  if (!only || installed.length > 1) throw new Error("not exactly one policy");
  return only;
}

test("the one policy allows Konva to clear its container and nothing else as HTML", () => {
  const { name, rules } = install();
  expect(name).toBe("default");
  expect(rules.createHTML("")).toBe("");
  expect(rules.createHTML(" ")).toBe(null);
  expect(rules.createHTML("<b>")).toBe(null);
});

test("scripts come from our own origin only", () => {
  const { rules } = install();
  expect(rules.createScriptURL(`${location.origin}/designer/assets/worker.js`)).toBe(
    `${location.origin}/designer/assets/worker.js`,
  );
  expect(rules.createScriptURL("/worker.js")).toBe("/worker.js");
  for (const url of ["https://evil.example/x.js", "//evil.example/x.js", "data:text/javascript,1", "javascript:1"]) {
    expect(rules.createScriptURL(url)).toBe(null);
  }
});

test("a browser without Trusted Types needs no policy", () => {
  expect(() => installTrustedTypes({ location } as unknown as Window)).not.toThrow();
});

import { expect, test } from "vitest";
import { readExemption } from "./no-proxy.ts";

const platform = "https://cards.bank.example/soap";

test.each([
  ["bank.example", platform, true],
  [".bank.example", platform, true],
  ["*.bank.example", platform, true],
  ["CARDS.bank.example", platform, true],
  ["cards.bank.example:443", platform, true],
  ["cards.bank.example:8443", platform, false],
  ["ank.example", platform, false],
  ["example", "https://cards.bank.example./", true],
  ["*", platform, true],
  ["10.0.0.0/8", "https://10.20.30.40/", true],
  ["10.0.0.0/8", "https://11.0.0.1/", false],
  ["10.0.0.0/8", "https://10.bank.example/", false],
  ["10.0.0.1:443", "https://10.0.0.1/", true],
  ["::1", "http://[::1]:8080/", true],
  ["[::1]:80", "http://[::1]:8080/", false],
  ["fd00::/8", "https://[fd12::1]/", true],
])("of hosts without a proxy, %s on %s: %s", (entry, url, expected) => {
  expect(readExemption(entry)?.(new URL(url))).toBe(expected);
});

test.each(["", "http://bank.example", "bank example", "10.0.0.0/33", "10.0.0/8", "bank.example/8", "10.0.0.0/8/8"])(
  "of hosts without a proxy, %j is none",
  (entry) => {
    expect(readExemption(entry)).toBeUndefined();
  },
);

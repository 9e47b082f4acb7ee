import { expect, test } from "vitest";
import { linden } from "./brands/linden.ts";
import { readBankConfig } from "./config.ts";

const good = {
  BANK_BRAND: "linden",
  BANK_PORT: "4400",
  BANK_DATA: "/tmp/bank",
  BANK_DESIGNER_URL: "http://127.0.0.1:4401/",
  BANK_ISSUER_KEY: "the-secret-key",
  BANK_PLATFORM_URL: "http://127.0.0.1:4402",
  BANK_OTHER_URL: "http://localhost:4403/",
};

test("the environment is read, addresses as origins", () => {
  expect(readBankConfig(good)).toEqual({
    brand: linden,
    port: 4400,
    dataFolder: "/tmp/bank",
    designerUrl: "http://127.0.0.1:4401",
    issuerKey: "the-secret-key",
    platformUrl: "http://127.0.0.1:4402",
    otherBankUrl: "http://localhost:4403",
  });
});

test.each([
  ["BANK_BRAND", "nobody"],
  ["BANK_OTHER_URL", undefined],
  ["BANK_PORT", "66000"],
  ["BANK_DATA", ""],
  ["BANK_DESIGNER_URL", "javascript:alert(1)"],
  ["BANK_ISSUER_KEY", undefined],
  ["BANK_PLATFORM_URL", "nowhere"],
])("a start with %s = %j ends with a message that names it and no secret", (name, value) => {
  const read = () => readBankConfig({ ...good, [name]: value });
  expect(read).toThrow(name);
  expect(read).not.toThrow("the-secret-key");
});

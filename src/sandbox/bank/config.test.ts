import { expect, test } from "vitest";
import { readBankConfig } from "./config.ts";

const good = {
  BANK_PORT: "4400",
  BANK_DATA: "/tmp/bank",
  BANK_DESIGNER_URL: "http://127.0.0.1:4401/",
  BANK_ISSUER_KEY: "the-secret-key",
  BANK_PLATFORM_URL: "http://127.0.0.1:4402",
};

test("the environment is read, addresses as origins", () => {
  expect(readBankConfig(good)).toEqual({
    port: 4400,
    dataFolder: "/tmp/bank",
    designerUrl: "http://127.0.0.1:4401",
    issuerKey: "the-secret-key",
    platformUrl: "http://127.0.0.1:4402",
  });
});

test.each([
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

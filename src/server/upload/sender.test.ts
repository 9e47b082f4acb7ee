import { expect, test } from "vitest";
import { readAddress } from "./sender.ts";

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:0:7::1", "2001:db8:0:7"],
  ["2001:0db8::7:1:2:3:4", "2001:db8:0:7"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["::1", "0:0:0:0"],
  ["unknown", "unknown"],
  ["192.0.2.1:50123", "192.0.2.1"],
  ["[2001:db8:0:7::1]:50123", "2001:db8:0:7"],
  ["[2001:db8:0:7::1]", "2001:db8:0:7"],
])("a sender at %s is known by %s", (ip, address) => {
  expect(readAddress({ ip })).toBe(address);
});

test("of a connection that was lost before anybody looked there is no address, and that is no failure", () => {
  expect(readAddress({ ip: undefined })).toBe("");
});

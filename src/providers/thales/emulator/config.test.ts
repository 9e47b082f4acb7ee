import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

const good = {
  PDS_PORT: "4402",
  PDS_DATA: "/tmp/x",
  PDS_HANDOVER_KEYS: '{"photo-landscape":"CANARY-1","photo-portrait":"CANARY-2"}',
  PDS_IMAGE_DELIVERY_KEY: "CANARY-3",
};

test("listens on this machine only unless told otherwise", () => {
  expect(readConfig(good)).toMatchObject({ host: "127.0.0.1", port: 4402, folder: "/tmp/x" });
});

test("data capture fields are named in a list, the reference first; without the setting there are none", () => {
  expect(readConfig({ ...good, PDS_DATA_CAPTURE_FIELDS: "Reference, Branch" }).dataCaptureFields).toEqual([
    "Reference",
    "Branch",
  ]);
  expect(readConfig(good).dataCaptureFields).toEqual([]);
});

test.each([
  ["PDS_PORT", "many"],
  ["PDS_PORT", undefined],
  ["PDS_DATA", ""],
  ["PDS_HANDOVER_KEYS", "CANARY"],
  ["PDS_HANDOVER_KEYS", '{"no-such-card":"CANARY"}'],
  ["PDS_HANDOVER_KEYS", '{"photo-landscape":"CANARY","photo-portrait":"CANARY"}'],
  ["PDS_IMAGE_DELIVERY_KEY", undefined],
  ["PDS_GALLERY_HANDOVER_KEYS", '{"photo-landscape":"CANARY-2"}'],
  ["PDS_DATA_CAPTURE_FIELDS", "Reference,CANARY&x"],
  ["PDS_NOTIFY_URL", "file:///CANARY"],
])("%s = %s stops the start with its name and not with its value", (name, value) => {
  const read = () => readConfig({ ...good, [name]: value });
  expect(read).toThrow(new RegExp(`^${name}: `));
  expect(read).not.toThrow(/CANARY/);
});

test("an address to notify wants the secret to prove oneself with", () => {
  expect(() => readConfig({ ...good, PDS_NOTIFY_URL: "http://127.0.0.1/n" })).toThrow(/^PDS_NOTIFY_SECRET: /);
});

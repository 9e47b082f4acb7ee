import { access } from "node:fs/promises";
import { join } from "node:path";
import { createClientAsync } from "soap";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Switches } from "./switches.ts";
import {
  addFault,
  callSoap,
  eventually,
  listenForNotifications,
  makeNoise,
  openTestPlatform,
  readLedger,
  sendPicture,
  setSwitches,
  type TestPlatform,
  testDeliveryKey,
  testInformationKey,
  testKeys,
  testPurgeKey,
} from "./testing/platform.ts";

const picture = await makeNoise(1036, 664).jpeg().toBuffer();
const portrait = await makeNoise(664, 1036).jpeg().toBuffer();
const nobodys = "11111111-2222-4333-8444-555555555555";
let platform: TestPlatform;

beforeEach(async () => {
  platform = await openTestPlatform();
});
afterEach(() => {
  vi.restoreAllMocks();
  return platform.close();
});

const purge = async (CardImageID: string, ImagePurgeKey: string = testPurgeKey) => {
  const reply = await callSoap(platform, "SetImageToPurge", { CardImageID, ImagePurgeKey });
  return /<SetImageToPurgeResult>(.*)<\/SetImageToPurgeResult>/.exec(reply.body)?.[1];
};
const show = async (query: Record<string, string>) => {
  const parameters = new URLSearchParams({ ImageDeliveryKey: testDeliveryKey, Width: "30", ...query });
  return (await platform.app.inject(`/ImageAPI/GetImage?${parameters}`)).statusCode;
};
const restrict = (change: Partial<Switches["purge"]["allowedAddresses"]>) =>
  setSwitches(platform, { purge: { allowedAddresses: { product: {}, partner: null, issuer: null, ...change } } });
const isOnDisk = (id: string) =>
  access(join(platform.folder, "pictures", id)).then(
    () => true,
    () => false,
  );

test("a purged picture is gone: by its id, by its data, for SetCustomDataCapture, and from the disk; another one stays", async () => {
  const id = await sendPicture(platform, picture, "Ref=ONE");
  const other = await sendPicture(platform, picture, "Ref=TWO");
  expect(await purge(id.toUpperCase())).toBe("0");
  expect([await show({ CardImageId: id }), await show({ SearchField: "Ref", CardImageId: "ONE" })]).toEqual([404, 404]);
  const set = { CardImageID: id, ImageInformation_Key: testInformationKey, DataCapture: "Ref=NEW" };
  expect((await callSoap(platform, "SetCustomDataCapture", set)).body).toContain(">4<");
  expect((await platform.app.inject(`/sandbox/images/${id}/picture`)).statusCode).toBe(404);
  expect((await platform.app.inject("/sandbox/images")).json<{ images: unknown[] }>().images).toHaveLength(1);
  await eventually(async () => !(await isOnDisk(id)));
  expect([await show({ CardImageId: other }), await isOnDisk(other)]).toEqual([200, true]);
});

test.each([
  ["an id that is none", "nonsense", testPurgeKey, "1"],
  ["an id that nobody has", nobodys, testPurgeKey, "1"],
  ["a wrong key", "", "wrong", "2"],
])("%s is answered with its documented code, and nothing is deleted", async (_what, id, key, code) => {
  const sent = await sendPicture(platform, picture);
  expect(await purge(id || sent, key)).toBe(code);
  expect(await show({ CardImageId: sent })).toBe(200);
});

test("a second order for a picture that is gone is answered 1", async () => {
  const id = await sendPicture(platform, picture);
  expect([await purge(id), await purge(id)]).toEqual(["0", "1"]);
});

const here = " 10.0.0.1 ;127.0.0.1";
const elsewhere = "10.0.0.1;10.0.0.2";
test.each([
  ["no entry: everybody may call", {}, "0"],
  ["listed for the issuer", { issuer: here }, "0"],
  ["not listed for the issuer", { issuer: elsewhere }, "-2"],
  ["the partner goes before the issuer", { partner: elsewhere, issuer: here }, "-2"],
  ["the partner goes before the issuer, the other way", { partner: here, issuer: elsewhere }, "0"],
  [
    "the product goes before both",
    { product: { "photo-landscape": here }, partner: elsewhere, issuer: elsewhere },
    "0",
  ],
  ["the product goes before both, the other way", { product: { "photo-landscape": elsewhere }, partner: here }, "-2"],
  ["another product's entry says nothing", { product: { "photo-portrait": elsewhere } }, "0"],
  ["an empty entry lets nobody in", { issuer: "" }, "-2"],
  ["part of an address is none", { issuer: "127.0.0.11;27.0.0.1" }, "-2"],
])("who may call, %s", async (_what, entries, code) => {
  const id = await sendPicture(platform, picture);
  await restrict(entries);
  expect(await purge(id)).toBe(code);
  expect(await show({ CardImageId: id })).toBe(code === "0" ? 404 : 200);
});

test("each product has its own entry", async () => {
  const landscape = await sendPicture(platform, picture);
  const upright = await sendPicture(platform, portrait, undefined, testKeys["photo-portrait"]);
  await restrict({ product: { "photo-portrait": elsewhere } });
  expect([await purge(landscape), await purge(upright)]).toEqual(["0", "-2"]);
});

test("marked, a picture is there until the time has come, also through a restart, and then it is gone", async () => {
  const id = await sendPicture(platform, picture, "Ref=ONE");
  await setSwitches(platform, { purge: { delaySeconds: 600 } });
  expect([await purge(id), await purge(id), await show({ CardImageId: id })]).toEqual(["0", "0", 200]);
  const second = await sendPicture(platform, picture);
  await setSwitches(platform, { purge: { delaySeconds: 0.3 } });
  expect(await purge(second)).toBe("0");
  await platform.app.close();
  platform = await openTestPlatform({ folder: platform.folder });
  await eventually(async () => (await show({ CardImageId: second })) === 404);
  await eventually(async () => !(await isOnDisk(second)));
  expect(await show({ CardImageId: id })).toBe(200);
});

test("of a picture that is gone, nothing is told any more", async () => {
  const listener = await listenForNotifications(() => 204);
  await platform.close();
  platform = await openTestPlatform({ notifyUrl: listener.url, notifySecret: "secret" });
  await setSwitches(platform, { review: { mode: "accept", delaySeconds: 600 } });
  await addFault(platform, { method: "Notification", fault: "delayed", seconds: 600, times: 2 });
  const id = await sendPicture(platform, picture);
  await purge(id);
  const other = await sendPicture(platform, picture);
  const clock = vi.spyOn(Date, "now");
  for (const state of ["Pending", "Accepted"]) {
    clock.mockReturnValue(Date.now() + 700_000);
    // Any call makes the platform look at what is due.
    await purge(nobodys);
    await eventually(() => listener.heard.some(({ body }) => body.ImageId === other && body.ImageState === state));
  }
  expect(listener.heard.filter(({ body }) => body.ImageId === id)).toEqual([]);
  listener.close();
});

test("the ledger has every order with its code, and no key", async () => {
  const id = await sendPicture(platform, picture);
  await purge(id, "wrong");
  await purge(id);
  await addFault(platform, { method: "SetImageToPurge", fault: "minus-one" });
  await purge(id);
  const lines = (await readLedger(platform)).filter(({ method }) => method === "SetImageToPurge");
  expect(lines.map(({ cardImageId, resultCode, fault }) => [cardImageId, resultCode, fault])).toEqual([
    [id, 2, null],
    [id, 0, null],
    [id, -1, "minus-one"],
  ]);
  expect(JSON.stringify(lines)).not.toContain(testPurgeKey);
});

test("a platform that answers 0 and keeps the picture can be had", async () => {
  const id = await sendPicture(platform, picture);
  await addFault(platform, { method: "SetImageToPurge", fault: "never-gone" });
  expect([await purge(id), await show({ CardImageId: id })]).toEqual(["0", 200]);
});

test("a client that others wrote can call it", async () => {
  const url = await platform.app.listen({ port: 0, host: "127.0.0.1" });
  const id = await sendPicture(platform, picture);
  const client = await createClientAsync(`${url}/PDS/ImageUpload.asmx?wsdl`);
  const [reply] = await client.SetImageToPurgeAsync({ CardImageID: id, ImagePurgeKey: testPurgeKey });
  expect(reply.SetImageToPurgeResult).toBe(0);
});

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  addFault,
  listenForNotifications,
  makeNoise,
  type NotificationListener,
  openTestPlatform,
  readLedger,
  sendPicture,
  setSwitches,
  type TestPlatform,
} from "./testing/platform.ts";

const pictures = await Promise.all([1, 2].map(() => makeNoise(1036, 664).jpeg().toBuffer()));
const [picture, another] = pictures as [Buffer, Buffer];
let listener: NotificationListener;
let platform: TestPlatform;

beforeEach(async () => {
  listener = await listenForNotifications(() => 200);
  platform = await openTestPlatform({ notifyUrl: listener.url, notifySecret: "CANARY-SECRET" });
});
afterEach(async () => {
  await platform.close();
  listener.close();
});

const evidence = async () => (await readLedger(platform)).map((call) => call.evidence);

test("each line says what will tell that the picture is there, and from when on", async () => {
  await setSwitches(platform, {
    review: { mode: "accept", delaySeconds: 3 },
    imageApi: { previewDelaySeconds: 1, searchDelaySeconds: 2 },
  });
  const id = await sendPicture(platform, picture, "Ref=A1");
  const [first] = await evidence();
  const arrivedAt = first!.previewFrom - 1000;
  expect(first).toEqual({
    cardImageId: id,
    reference: "A1",
    notification: { firstAt: arrivedAt + 100, verdictAt: arrivedAt + 3000, carriesReference: true, fault: null },
    previewFrom: arrivedAt + 1000,
    searchableFrom: arrivedAt + 2000,
    sameReference: [],
    sameSha256: [],
  });
  await setSwitches(platform, { review: { mode: "manual" } });
  await sendPicture(platform, another);
  expect((await evidence())[1]).toMatchObject({
    reference: null,
    notification: { verdictAt: null, carriesReference: false },
    searchableFrom: null,
  });
});

test("a picture that was sent again names what was there before: by its reference, and by its bytes", async () => {
  const first = await sendPicture(platform, picture, "Ref=A1");
  const resent = await sendPicture(platform, picture, "Ref=A1");
  const changed = await sendPicture(platform, another, "Ref=A1");
  await sendPicture(platform, picture, "Ref=B2");
  expect((await evidence()).map((each) => [each?.sameReference, each?.sameSha256])).toEqual([
    [[], []],
    [[first], [first]],
    [[first, resent], []],
    [[], [first, resent]],
  ]);
  expect(changed).not.toBe(resent);
});

test("where nothing was stored there is no evidence, whatever was answered", async () => {
  await addFault(platform, { method: "SendImage", fault: "repeated-id" });
  await sendPicture(platform, picture, "Ref=A1");
  expect(await readLedger(platform)).toMatchObject([
    { resultCode: 0, reference: "A1", cardImageId: null, evidence: null, answeredId: expect.any(String) },
  ]);
});

test("lines, faults and switches outlive a restart", async () => {
  await setSwitches(platform, { review: { mode: "manual" }, cruel: { seed: 5 } });
  await addFault(platform, { method: "SendImage", fault: "late", seconds: 2, times: 4 });
  await addFault(platform, { method: "Index", fault: "search-never" });
  await platform.app.close();
  platform = await openTestPlatform({ folder: platform.folder });
  expect((await platform.app.inject("/sandbox/switches")).json()).toMatchObject({
    review: { mode: "manual", delaySeconds: 5 },
    cruel: { on: false, seed: 5 },
  });
  expect((await platform.app.inject("/sandbox/faults")).json()).toEqual({
    faults: [
      { method: "SendImage", fault: "late", seconds: 2, times: 4 },
      { method: "Index", fault: "search-never", times: 1 },
    ],
  });
});

test("what an earlier version has kept is read: its pictures, calls and switches", async () => {
  await platform.app.close();
  const database = new DatabaseSync(join(platform.folder, "platform.sqlite"));
  database.exec(`
    drop table captures; drop table notifications; drop table images; drop table calls;
    create table images (id text primary key, product_id text not null, sha256 text not null, bytes integer not null,
      media_type text not null, data_capture text, state text not null, rejection_code text not null,
      received_at integer not null, checked_at integer, review_due_at integer, review_code text) strict;
    create table calls (id integer primary key autoincrement, at integer not null, method text not null,
      binding text not null, http_status integer, result_code integer, sha256 text, bytes integer, product_id text,
      card_image_id text, client_reference text, ms integer not null, note text) strict;
    insert into images values ('i', 'photo-landscape', 's', 1, 'image/png', 'Ref=A', 'Accepted', '00', 1, 2, null, null);
    insert into calls values (1, 1, 'SendImage', 'soap', 200, 0, 's', 1, 'photo-landscape', 'i', 'Ref=A', 5, null);`);
  const kept = { sendImage: { mode: "down", times: 3 }, review: { mode: "reject" }, preview: { delaySeconds: 9 } };
  database.prepare("insert into settings (name, value) values ('switches', ?)").run(JSON.stringify(kept));
  database.close();
  platform = await openTestPlatform({ folder: platform.folder });
  expect((await platform.app.inject("/sandbox/switches")).json()).toMatchObject({
    review: { mode: "reject", delaySeconds: 5 },
    imageApi: { previewDelaySeconds: 0 },
  });
  expect((await platform.app.inject("/sandbox/images")).json()).toMatchObject({
    images: [{ cardImageId: "i", imageType: "Custom", state: "Accepted" }],
  });
  expect(await readLedger(platform)).toMatchObject([{ cardImageId: "i", fault: null, evidence: null }]);
});

test("a switch that does not exist is refused and changes nothing", async () => {
  const put = (payload: object) => platform.app.inject({ method: "PUT", url: "/sandbox/switches", payload });
  const before = (await platform.app.inject("/sandbox/switches")).json();
  for (const payload of [
    { review: { mode: "explode" } },
    { imageApi: { searchDelaySeconds: -1 } },
    { imageApi: { speed: 1 } },
    { sendImage: { mode: "normal" } },
  ]) {
    expect((await put(payload)).statusCode, JSON.stringify(payload)).toBe(400);
  }
  expect((await platform.app.inject("/sandbox/switches")).json()).toEqual(before);
});

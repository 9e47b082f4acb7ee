import { afterEach, expect, test, vi } from "vitest";
import { createThalesProvider } from "../adapter.ts";
import type { FaultInput } from "./faults.ts";
import {
  addFault,
  eventually,
  listenForNotifications,
  makeNoise,
  type NotificationListener,
  openTestPlatform,
  readLedger,
  sendPicture,
  type TestPlatform,
  testDeliveryKey,
  testGalleryKeys,
  testKeys,
} from "./testing/platform.ts";

const picture = await makeNoise(1036, 664).jpeg().toBuffer();
const closers: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closers.splice(0).toReversed()) await close();
});

async function open(
  statusOf: (nth: number) => number,
  review: object,
): Promise<{ platform: TestPlatform; listener: NotificationListener }> {
  const listener = await listenForNotifications(statusOf);
  closers.push(() => listener.close());
  const platform = await openTestPlatform({ notifyUrl: listener.url, notifySecret: "CANARY-SECRET" });
  closers.push(() => platform.close());
  await platform.app.inject({ method: "PUT", url: "/sandbox/switches", payload: { review } });
  return { platform, listener };
}

const send = (platform: TestPlatform) => sendPicture(platform, picture, "Ref=AB12");
const states = ({ heard }: NotificationListener) => heard.map(({ body }) => body.ImageState);
const decide = ({ app }: TestPlatform, id: string, payload: object) =>
  app.inject({ method: "POST", url: `/sandbox/images/${id}/review`, payload });

test("a picture is announced as pending, then as accepted, in the documented form", async () => {
  const { platform, listener } = await open(() => 204, { mode: "accept", delaySeconds: 0.1 });
  const id = await send(platform);
  await eventually(() => listener.heard.length === 2);
  const [pending, accepted] = listener.heard;
  expect(pending?.body).toEqual({
    ImageId: id,
    Orientation: "Horizontal",
    ImageType: "Custom",
    ImageState: "Pending",
    RejectionCode: "00",
    SubmissionTimeStamp: expect.stringMatching(/^\d{14}$/),
    ImageCheckingTimeStamp: "",
    DataCapture: { Ref: "AB12" },
  });
  expect(accepted?.body).toMatchObject({
    ImageState: "Accepted",
    RejectionCode: "00",
    ImageCheckingTimeStamp: expect.stringMatching(/^\d{14}$/),
  });
  expect(pending?.headers).toMatchObject({
    "x-notification-secret": "CANARY-SECRET",
    "x-correlation-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(accepted?.headers["x-correlation-id"]).not.toBe(pending?.headers["x-correlation-id"]);
});

test("our adapter reads what the platform pushes", async () => {
  const { platform, listener } = await open(() => 204, { mode: "reject", delaySeconds: 0, code: "07" });
  const id = await send(platform);
  await eventually(() => listener.heard.length === 2);
  const url = "http://127.0.0.1";
  const keys = { handoverKeys: testKeys, imageDeliveryKey: testDeliveryKey, notificationSecret: "CANARY-SECRET" };
  const provider = createThalesProvider({ soapUrl: url, getImageUrl: url, ...keys });
  const read = listener.heard.map(({ headers, body }) =>
    provider.readNotification(headers as Record<string, string>, Buffer.from(JSON.stringify(body)), 0),
  );
  expect(read).toMatchObject([
    { cardImageId: id, state: "pending", rejectionCode: null },
    { cardImageId: id, state: "rejected", rejectionCode: "07" },
  ]);
});

test("a person accepts or rejects with a reason, once", async () => {
  const { platform, listener } = await open(() => 200, { mode: "manual" });
  const [first, second] = [await send(platform), await send(platform)];
  expect((await decide(platform, first, { decision: "accept" })).statusCode).toBe(200);
  expect((await decide(platform, second, { decision: "reject", code: "COPYRIGHT" })).statusCode).toBe(200);
  expect((await decide(platform, second, { decision: "accept" })).statusCode).toBe(409);
  expect((await decide(platform, "nobody", { decision: "accept" })).statusCode).toBe(404);
  expect((await decide(platform, first, { decision: "reject", code: "00" })).statusCode).toBe(400);
  await eventually(() => listener.heard.length === 4);
  const verdicts = listener.heard
    .filter(({ body }) => body.ImageState !== "Pending")
    .map(({ body }) => [body.ImageId, body.RejectionCode]);
  expect(new Map(verdicts as [string, string][])).toEqual(
    new Map([
      [first, "00"],
      [second, "COPYRIGHT"],
    ]),
  );
});

test("a receiver that is not there yet is told again, in order and with the same correlation id", async () => {
  const { platform, listener } = await open((nth) => (nth < 2 ? 503 : 200), { mode: "accept", delaySeconds: 0 });
  await send(platform);
  await eventually(() => listener.heard.length === 4);
  expect(states(listener)).toEqual(["Pending", "Pending", "Pending", "Accepted"]);
  expect(new Set(listener.heard.slice(0, 3).map(({ headers }) => headers["x-correlation-id"])).size).toBe(1);
});

test("what is due survives a restart", async () => {
  const { platform, listener } = await open(() => 200, { mode: "accept", delaySeconds: 600 });
  await send(platform);
  await eventually(() => listener.heard.length === 1);
  await platform.app.close();
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 600_000);
  const again = await openTestPlatform({ folder: platform.folder, notifyUrl: listener.url, notifySecret: "s" });
  closers.push(() => again.app.close());
  await eventually(() => states(listener).includes("Accepted"));
  // A notification whose answer had not come when the platform stopped is sent again.
  expect([...new Set(states(listener))]).toEqual(["Pending", "Accepted"]);
});

test("without an address nobody is told, and pictures get their verdict all the same", async () => {
  const platform = await openTestPlatform();
  closers.push(() => platform.close());
  await platform.app.inject({
    method: "PUT",
    url: "/sandbox/switches",
    payload: { review: { mode: "accept", delaySeconds: 0 } },
  });
  await send(platform);
  await eventually(async () => (await platform.app.inject("/sandbox/images")).body.includes('"Accepted"'));
});

/** One picture that suffers this, until so many notifications have come. */
async function suffer(
  fault: Omit<FaultInput, "method">,
  count: number,
  review: object = { mode: "accept", delaySeconds: 0 },
) {
  const { platform, listener } = await open(() => 200, review);
  await addFault(platform, { method: "Notification", ...fault });
  const id = await send(platform);
  await eventually(() => listener.heard.length >= count);
  return { platform, listener, id };
}
const evidenceOf = async (platform: TestPlatform) => (await readLedger(platform))[0]?.evidence;

test("early: the issuer is told before SendImage has been answered", async () => {
  const { platform, listener } = await open(() => 200, { mode: "manual" });
  await addFault(platform, { method: "Notification", fault: "early" });
  await send(platform);
  expect(states(listener)).toEqual(["Pending"]);
  const [call] = await readLedger(platform);
  expect(call?.evidence?.notification).toMatchObject({ fault: "early", carriesReference: true });
});

test("early, to an issuer that refuses it: SendImage is answered all the same, and the issuer is told again", async () => {
  const { platform, listener } = await open((nth) => (nth === 0 ? 503 : 200), { mode: "manual" });
  await addFault(platform, { method: "Notification", fault: "early" });
  await send(platform);
  await eventually(() => listener.heard.length === 2);
  expect(states(listener)).toEqual(["Pending", "Pending"]);
});

test("twice: the issuer is told everything twice, as two messages", async () => {
  const { listener } = await suffer({ fault: "twice" }, 4);
  expect(states(listener)).toEqual(["Pending", "Pending", "Accepted", "Accepted"]);
  expect(new Set(listener.heard.map(({ headers }) => headers["x-correlation-id"])).size).toBe(4);
});

test("reordered: the verdict comes before Pending", async () => {
  const { listener } = await suffer({ fault: "reordered" }, 2);
  expect(states(listener)).toEqual(["Accepted", "Pending"]);
  expect(listener.heard[1]?.body).toMatchObject({ RejectionCode: "00", ImageCheckingTimeStamp: "" });
});

test("never: the issuer is told nothing, and the ledger says so; the next picture is told", async () => {
  const { platform, listener } = await open(() => 200, { mode: "accept", delaySeconds: 0 });
  await addFault(platform, { method: "Notification", fault: "never" });
  const silent = await send(platform);
  const loud = await send(platform);
  await eventually(() => listener.heard.length === 2);
  expect(listener.heard.map(({ body }) => body.ImageId)).toEqual([loud, loud]);
  expect(silent).not.toBe(loud);
  expect((await readLedger(platform)).map(({ evidence }) => evidence?.notification?.fault)).toEqual([undefined, null]);
});

test("delayed: everything comes later, and the ledger says when", async () => {
  const { platform, listener } = await suffer({ fault: "delayed", seconds: 0.7 }, 2);
  expect(states(listener)).toEqual(["Pending", "Accepted"]);
  const notification = (await evidenceOf(platform))?.notification;
  expect(Date.now()).toBeGreaterThanOrEqual(notification!.firstAt!);
  expect(notification!.firstAt! - (await evidenceOf(platform))!.previewFrom).toBe(800);
});

test.each([
  ["accept", "Accepted", "Rejected", "00"],
  ["reject", "Rejected", "Accepted", "COPYRIGHT"],
])("changed, from %s: the verdict is turned round, with a later time stamp", async (mode, first, then, code) => {
  const { platform, listener } = await suffer({ fault: "changed", seconds: 0.1 }, 3, {
    mode,
    delaySeconds: 0,
    code: "COPYRIGHT",
  });
  expect(states(listener)).toEqual(["Pending", first, then]);
  const [, early, late] = listener.heard.map(({ body }) => body);
  expect(early?.RejectionCode).toBe(code);
  expect(Number(late?.ImageCheckingTimeStamp)).toBeGreaterThan(Number(early?.ImageCheckingTimeStamp));
  expect((await platform.app.inject("/sandbox/images")).json()).toMatchObject({
    images: [{ state: then, verdictDueAt: null }],
  });
});

test("a person turns a verdict round, too, but not before there is one", async () => {
  const { platform, listener } = await open(() => 200, { mode: "manual" });
  const id = await send(platform);
  expect((await decide(platform, id, { decision: "accept", revise: true })).statusCode).toBe(409);
  await decide(platform, id, { decision: "accept" });
  expect((await decide(platform, id, { decision: "reject", code: "BRANDED", revise: true })).statusCode).toBe(200);
  await eventually(() => listener.heard.length === 3);
  expect(states(listener)).toEqual(["Pending", "Accepted", "Rejected"]);
});

test("no-data-capture: the issuer is told without its reference, and the ledger says so", async () => {
  const { platform, listener } = await suffer({ fault: "no-data-capture" }, 2);
  for (const { body } of listener.heard) expect(body).not.toHaveProperty("DataCapture");
  expect((await evidenceOf(platform))?.notification?.carriesReference).toBe(false);
});

test("a picture of the gallery is told once, as accepted, also where nothing is left to reorder or to change", async () => {
  const { platform, listener } = await open(() => 200, { mode: "manual" });
  for (const fault of ["reordered", "changed", "never"] as const)
    await addFault(platform, { method: "Notification", fault });
  const ids = [];
  for (let count = 0; count < 4; count += 1)
    ids.push(await sendPicture(platform, picture, "Ref=AB12", testGalleryKeys["photo-landscape"]));
  await eventually(() => listener.heard.length === 3);
  expect(new Set(listener.heard.map(({ body }) => body.ImageId))).toEqual(new Set([ids[0], ids[1], ids[3]]));
  for (const { body } of listener.heard) expect([body.ImageType, body.ImageState]).toEqual(["Gallery", "Accepted"]);
  expect((await platform.app.inject("/sandbox/images")).body).not.toContain("Rejected");
});

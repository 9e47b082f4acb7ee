import { afterEach, expect, test } from "vitest";
import { createThalesProvider } from "#providers/thales/adapter.ts";
import {
  eventually,
  listenForNotifications,
  makeNoise,
  type NotificationListener,
  openTestPlatform,
  sendPicture,
  type TestPlatform,
  testDeliveryKey,
  testKeys,
} from "./testing/platform.ts";

const picture = await makeNoise(1036, 664).png().toBuffer();
const closers: (() => unknown)[] = [];
afterEach(async () => {
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
    provider.readNotification(headers as Record<string, string>, body),
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
  const { platform, listener } = await open(() => 200, { mode: "accept", delaySeconds: 1 });
  await send(platform);
  await eventually(() => listener.heard.length === 1);
  await platform.app.close();
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

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createThalesProvider } from "#providers/thales/adapter.ts";
import { onlyProvider, openTestApp, type TestApp } from "../testing/app.ts";
import { testEnv } from "../testing/env.ts";
import { enterSession, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";

const imageId = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
const secret = { "x-notification-secret": testEnv.FULLBLEED_THALES_NOTIFICATION_SECRET };

let server: TestApp;
let url: string;

beforeEach(async () => {
  const provider = createThalesProvider({
    soapUrl: testEnv.FULLBLEED_THALES_SOAP_URL,
    getImageUrl: testEnv.FULLBLEED_THALES_GET_IMAGE_URL,
    handoverKeys: { "photo-landscape": "k" },
    imageDeliveryKey: "k",
    notificationSecret: testEnv.FULLBLEED_THALES_NOTIFICATION_SECRET,
  });
  server = await openTestApp({ parts: { providers: onlyProvider(provider) } });
  url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  await sendOne(await enterSession(url), makePicture());
  await server.parts.store.updateTable("submissions").set({ state: "accepted", card_image_id: imageId }).execute();
});
afterEach(() => server.close());

function notify(body: unknown, headers: Record<string, string> = secret): Promise<Response> {
  return fetch(`${url}/v1/platform/thales/notifications`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

async function readRow() {
  return server.parts.store.selectFrom("submissions").select(["state", "rejection_code"]).executeTakeFirstOrThrow();
}

describe("the platform's notification", () => {
  test("moves the submission, and may be repeated", async () => {
    const rejected = { ImageId: imageId.toUpperCase(), ImageState: "Rejected", RejectionCode: "12" };
    for (let time = 0; time < 2; time += 1) expect((await notify(rejected)).status).toBe(204);
    expect(await readRow()).toEqual({ state: "rejected", rejection_code: "12" });
  });

  test("about an image that nobody has is kept, and the operator can see it", async () => {
    const other = imageId.replace("6f", "70");
    const response = await notify({ CardImageID: other, ImageState: "Accepted", RejectionCode: "00" });
    expect(response.status).toBe(202);
    expect(await server.parts.store.selectFrom("unclaimed_notifications").selectAll().execute()).toMatchObject([
      { card_image_id: other, state: "accepted" },
    ]);
    expect(server.logged.join("")).toContain(other);
  });

  test.each([
    ["without the secret", { ImageId: imageId, ImageState: "Accepted" }, {}, 401],
    ["with a wrong secret", { ImageId: imageId, ImageState: "Accepted" }, { "x-notification-secret": "guess" }, 401],
    ["that says nothing we know", { ImageId: imageId, ImageState: "Maybe" }, secret, 400],
    ["without an id", { ImageState: "Accepted" }, secret, 400],
    [
      "that is too large",
      { ImageId: imageId, ImageState: "Accepted", DataCapture: { a: "x".repeat(17_000) } },
      secret,
      413,
    ],
  ])("%s is refused and changes nothing", async (_name, body, headers, status) => {
    expect((await notify(body, headers as Record<string, string>)).status).toBe(status);
    expect(await readRow()).toEqual({ state: "accepted", rejection_code: null });
  });

  test("that is refused leaves the names of its fields in the log, and nothing that they hold", async () => {
    expect((await notify({ ImageId: "canary", Verdict: "canary", ImageState: "canary" })).status).toBe(400);
    const line = server.logged.find((one) => one.includes("not understood"));
    expect(JSON.parse(line ?? "{}")).toMatchObject({ fields: ["ImageId", "Verdict", "ImageState"] });
    expect(server.logged.join("")).not.toContain('canary"');
  });
});

import { readPictureDigest } from "./support/bank-page.ts";
import { newPhoto } from "./support/photos.ts";
import { callsWith, setSwitches } from "./support/platform.ts";
import { expect, test } from "./support/test.ts";

test.beforeEach(({ demo }) => setSwitches(demo, { review: { mode: "manual" } }));

test("a firewall answers in the server's place: the screen says what is in the way, the page what to allow, and it arrives once", async ({
  bank,
  demo,
}) => {
  const { page } = bank;
  const events = page.locator("#events [data-type=problem]");
  const inTheWay = "Something is blocking the connection";
  await bank.open();
  await bank.place(await newPhoto());
  await bank.preview();
  await bank.agree();
  await page.route(/\/submissions$/, (route) =>
    route.fulfill({ status: 413, contentType: "text/html", body: "<h1>413" }),
  );
  await bank.press("Send my design");
  await bank.expectSentence(inTheWay);
  await bank.expectSentence(/^It is on your bank’s side or in your network. Your design is still here/);
  await expect(events).toContainText("POST /v1/sessions/{sessionId}/submissions");
  await expect(events).toContainText("answered 413 with text/html");
  await expect(bank.designer.getByText("The finished picture was not accepted")).toHaveCount(0);

  await page.unroute(/\/submissions$/);
  await page.route(/\/submissions$/, async (route) => {
    await route.fetch();
    await route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Blocked" });
  });
  const post = page.waitForRequest(/\/submissions$/);
  await bank.press("Send my design");
  const sha256 = readPictureDigest(await post);
  await bank.expectHeading("Your picture is being checked");
  expect(await callsWith(demo, sha256)).toHaveLength(1);
});

test("a page in place of the answer when it opens: the screen says what is in the way, and trying again goes on", async ({
  bank,
  demo,
}) => {
  const { page } = bank;
  await page.route(/\/tokens$/, (route) => route.fulfill({ contentType: "text/html", body: "<h1>Please wait" }));
  await page.goto(demo.bankUrl);
  await bank.expectHeading("Something is blocking the connection");
  await bank.expectSentence(/^It is on your bank’s side or in your network/);
  await expect(page.locator("#events [data-type=problem]")).toHaveCount(1);
  await expect(page.locator("#events [data-type=problem]")).toContainText("answered 200 with text/html");
  await page.unroute(/\/tokens$/);
  await bank.press("Try again");
  await bank.expectHeading("Start with a photo");
});

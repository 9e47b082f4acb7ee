import { BankPage } from "./support/bank-page.ts";
import { networkOf, unthrottled } from "./support/network.ts";
import { newPhoto } from "./support/photos.ts";
import { callsWith, judgeNewestPicture, keptPictures, rejectPicture, setSwitches } from "./support/platform.ts";
import { storedDrafts } from "./support/stored-design.ts";
import { expect, test } from "./support/test.ts";

test.beforeEach(({ demo }) => setSwitches(demo, { review: { mode: "manual" } }));

async function previewNewPhoto(bank: BankPage): Promise<void> {
  await bank.place(await newPhoto());
  await bank.preview();
}

const trickle = { ...unthrottled, uploadThroughput: 40_000 } as const;

test("no connection when it opens: trying again offline keeps the page and says so, online it goes on", async ({
  bank,
  demo,
}) => {
  const { page } = bank;
  await page.route(/\/tokens$/, (route) => route.abort());
  await page.goto(demo.bankUrl);
  await bank.expectHeading("There is no connection right now");
  await test.step("the bank's page is answered, and is obeyed in its language", async () => {
    await page.getByText("What this page was told").click();
    await page.getByRole("button", { name: "Send the design from here" }).click();
    await expect(page.getByText("There is no connection right now")).toHaveCount(2);
    await page.getByRole("combobox", { name: "Language" }).selectOption("ar");
    await bank.expectHeading("لا يوجد اتصال الآن");
    await page.getByRole("combobox").selectOption("en");
  });
  await page.context().setOffline(true);
  await bank.press("Try again");
  await bank.expectSentence("There is still no connection. Please try again in a moment.");
  await page.context().setOffline(false);
  await page.unroute(/\/tokens$/);
  await bank.press("Try again");
  await bank.expectHeading("Start with a photo");
});

test("the bank's page has no session when the frame is loaded again: the screen says so at once, and trying again asks again", async ({
  bank,
}) => {
  const { page } = bank;
  await bank.open();
  let asked = 0;
  await page.route("**/api/card-session", (route) => {
    asked += 1;
    return route.fulfill({ status: 503, json: { message: "closed" } });
  });
  await page
    .frames()[1]
    ?.evaluate(() => location.reload())
    .catch(() => {});
  await bank.expectHeading("Your bank’s page could not open your card design");
  await expect(page.locator("#events [data-type=problem]")).toHaveCount(1);
  await bank.press("Try again");
  await expect.poll(() => asked).toBe(2);
  await bank.expectHeading("Your bank’s page could not open your card design");
  await page.unroute("**/api/card-session");
  await bank.press("Try again");
  await bank.expectHeading("Start with a photo");
});

test("the design tools cannot be loaded: the screen says so, and trying again loads them", async ({ bank, demo }) => {
  const { page } = bank;
  await page.route(/\/DesignStep-[^/]*\.js$/, (route) => route.abort());
  await bank.open();
  const others = storedDrafts(demo).map(({ sha256 }) => sha256);
  await bank.pick(await newPhoto());
  await bank.expectHeading("The design tools could not be loaded");
  await expect(page.locator("#events [data-type=problem]"), "the bank's page hears of it, once").toContainText(
    "The design tools could not be loaded",
  );
  await expect.poll(() => storedDrafts(demo).filter(({ sha256 }) => !others.includes(sha256))).toHaveLength(1);
  await page.unroute(/\/DesignStep-[^/]*\.js$/);
  await bank.press("Try again");
  await expect(bank.card, "the photo is kept, and lies on the card").toBeVisible();
});

test("what comes after the first screen cannot be loaded: that is said when it is needed, and trying again loads it", async ({
  bank,
}) => {
  const { page } = bank;
  await page.route(/\/studio-[^/]*\.js$/, (route) => route.abort());
  await bank.open();
  await bank.expectHeading("Start with a photo");
  await expect(page.locator("#events [data-type=problem]")).toHaveCount(0);
  await bank.pick(await newPhoto());
  await bank.expectHeading("The design tools could not be loaded");
  await expect(page.locator("#events [data-type=problem]"), "the bank's page hears of it, once").toContainText(
    "The design tools could not be loaded",
  );
  await page.unroute(/\/studio-[^/]*\.js$/);
  await bank.press("Try again");
  await bank.expectHeading("Start with a photo");
  await bank.place(await newPhoto());
});

test("what did not come at first is loaded for the photo that needs it", async ({ bank }) => {
  const { page } = bank;
  let requests = 0;
  await page.route(/\/studio-[^/]*\.js$/, (route) => {
    requests += 1;
    return requests === 1 ? route.abort() : route.continue();
  });
  await bank.open();
  await bank.expectHeading("Start with a photo");
  await expect.poll(() => requests).toBeGreaterThan(0);
  await bank.pick(await newPhoto());
  await bank.expectHeading("Make it yours");
});

test("a photo that is picked before what comes after the first screen is opened once that is there", async ({
  bank,
}) => {
  const { page } = bank;
  const { promise: mayCome, resolve: letCome } = Promise.withResolvers<void>();
  await page.route(/\/studio-[^/]*\.js$/, (route) => mayCome.then(() => route.continue()));
  await bank.open();
  await bank.pick(await newPhoto());
  await expect(bank.designer.getByText("Opening your photo")).toBeVisible();
  letCome();
  await bank.expectHeading("Make it yours");
});

test("the server dies while the design is being checked: the screen goes on to the verdict", async ({ bank, demo }) => {
  await bank.open();
  await previewNewPhoto(bank);
  await bank.send();
  await bank.expectHeading("Your picture is being checked");
  await demo.processes.server.kill();
  await judgeNewestPicture(demo, { decision: "accept" });
  await demo.processes.server.restart();
  await bank.expectHeading(/Approved/);
  const own = bank.designer.getByRole("img", { name: "Your card as you designed it" });
  await expect(own, "the page was not opened anew").toBeVisible();
});

test("event streams do not come through: the screen asks, and goes on to the verdict", async ({ bank, demo }) => {
  let streams = 0;
  await bank.page.route(/\/events$/, async (route) => {
    streams += 1;
    await route.abort("connectionreset");
  });
  await bank.open();
  await previewNewPhoto(bank);
  await bank.send();
  await bank.expectHeading("Your picture is being checked");
  await judgeNewestPicture(demo, { decision: "accept" });
  await bank.expectHeading(/Approved/);
  expect(streams).toBeGreaterThan(1);
});

test("one live submission: a reload and another tab show it and ask for no other", async ({ bank, demo, context }) => {
  const draftsBefore = storedDrafts(demo).length;
  await bank.open();
  await previewNewPhoto(bank);
  const other = new BankPage(await context.newPage(), demo);
  await expect.poll(() => storedDrafts(demo).length).toBeGreaterThan(draftsBefore);
  await other.page.goto(bank.page.url());
  await other.expectSentence("Your card is already open somewhere else");
  await previewNewPhoto(other);
  const { sha256 } = await bank.send();
  await bank.expectHeading("Your picture is being checked");
  const reference = (await bank.designer.locator("code").textContent()) ?? "";
  const expectOnItsWay = async (page: BankPage): Promise<void> => {
    await page.expectHeading("Your picture is being checked");
    await expect(page.designer.locator("code")).toHaveText(reference);
  };
  await test.step("reload", async () => {
    await bank.page.reload();
    await expectOnItsWay(bank);
    await bank.expectNothingToDo();
  });
  await test.step("a tab in which another design was ready shows what is on its way instead", async () => {
    await other.agree();
    await other.press("Send my design");
    await expectOnItsWay(other);
    await other.expectSentence("You have sent a design before");
  });
  await test.step("a new tab", async () => {
    const fresh = new BankPage(await context.newPage(), demo);
    await fresh.page.goto(bank.page.url());
    await expectOnItsWay(fresh);
  });
  const [newest] = await keptPictures(demo);
  expect(newest?.sha256, "nothing came after it").toBe(sha256);
  expect(await callsWith(demo, sha256)).toHaveLength(1);
});

test("rejected: why, the same design again, then another photo, each arrives once", async ({ bank, demo }) => {
  await bank.open();
  await bank.place(await newPhoto());
  await bank.adjust({ Zoom: 130, Turn: 8, Across: 1 });
  await bank.preview();
  const first = await bank.send();
  await bank.expectHeading("Your picture is being checked");
  const reference = await bank.designer.locator("code").textContent();
  await rejectPicture(demo, (await callsWith(demo, first.sha256))[0]?.cardImageId ?? "", "BRANDED");
  await bank.expectHeading("This picture cannot be printed");
  await bank.expectSentence("It shows a brand or a logo.");

  const again = await test.step("change my design: it is as it was, and is sent as another submission", async () => {
    await bank.press("Change my design");
    await bank.expectSentence("It shows a brand or a logo.");
    await bank.preview();
    const second = await bank.send({ same: true });
    expect(second.design).toEqual(first.design);
    expect(second.agreement.agreedAt).toBeGreaterThan(first.agreement.agreedAt);
    await bank.expectHeading("Your picture is being checked");
    await expect(bank.designer.locator("code")).not.toHaveText(reference ?? "");
    const calls = await callsWith(demo, second.sha256);
    expect(new Set(calls.map((call) => call.cardImageId)).size).toBe(2);
    expect(calls).toHaveLength(2);
    return calls.at(-1)?.cardImageId ?? "";
  });
  await rejectPicture(demo, again, "TRADEMARK");
  await bank.expectSentence("It shows a trademark.");

  await test.step("choose another photo", async () => {
    await bank.press("Choose another photo");
    await bank.expectHeading("Start with a photo");
    await previewNewPhoto(bank);
    const third = await bank.send();
    expect(third.photo.sha256).not.toBe(first.photo.sha256);
    await bank.expectHeading("Your picture is being checked");
    await judgeNewestPicture(demo, { decision: "accept" });
    await bank.expectHeading(/Approved/);
    expect(await callsWith(demo, third.sha256)).toHaveLength(1);
  });
});

test("cancelled while the picture leaves, then offline while sending: it has not arrived, the design stays, and sending again arrives once", async ({
  bank,
  demo,
}) => {
  await bank.open();
  await previewNewPhoto(bank);
  const before = await keptPictures(demo);
  const network = await networkOf(bank);
  await network.send("Network.emulateNetworkConditions", trickle);
  await bank.agree();
  await bank.press("Send my design");
  await expect(bank.designer.getByText(/^[1-9]\d?% sent/)).toBeVisible();
  await bank.press("Cancel sending");
  await bank.expectSentence("Your design has not arrived. It is as you left it.");
  await bank.expectHeading("Check your card");
  expect(await keptPictures(demo)).toEqual(before);

  await network.send("Network.emulateNetworkConditions", unthrottled);
  await test.step("offline", async () => {
    await bank.agree();
    await bank.page.context().setOffline(true);
    await bank.press("Send my design");
    await bank.expectSentence(/Your design is still here. Check that you are online and send again/);
    await bank.expectHeading("Check your card");
    await expect(bank.designer.getByRole("img", { name: "Print preview of your card" })).toBeVisible();
    await bank.page.context().setOffline(false);
  });
  const { sha256 } = await bank.send();
  await bank.expectHeading("Your picture is being checked");
  expect(await callsWith(demo, sha256)).toHaveLength(1);
});

test("cancelled when every byte has left: the screen says what has become of it", async ({ bank, demo }) => {
  await bank.open();
  await previewNewPhoto(bank);
  const server = demo.processes.server.pid;
  // 0 would be this very process and its group.
  if (!server) throw new Error("the server does not run");
  // The server holds its breath with the picture at its door.
  await bank.page.route(/\/submissions$/, async (route) => {
    process.kill(server, "SIGSTOP");
    await route.continue();
  });
  await bank.agree();
  const post = bank.page.waitForRequest(/\/submissions$/);
  await bank.press("Send my design");
  await post;
  await bank.expectSentence("Sent. Waiting for confirmation…");
  await bank.press("Cancel sending");
  await bank.expectSentence("Stopping, and asking whether it has arrived…");
  process.kill(server, "SIGCONT");
  await bank.expectHeading("Your picture is being checked");
});

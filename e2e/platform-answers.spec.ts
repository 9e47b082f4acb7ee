import { ar } from "#designer/locales/ar.ts";
import type { BankPage, Sent } from "./support/bank-page.ts";
import { newPhoto } from "./support/photos.ts";
import { addFault, callsWith, clearFaults, setSwitches } from "./support/platform.ts";
import { expect, test } from "./support/test.ts";

// One demo with these settings for all of them, and no worker more that leaves its own for it.
test.describe.configure({ mode: "default" });
test.use({
  demoEnv: {
    FULLBLEED_SEND_TIMEOUT_SECONDS: "120",
    FULLBLEED_QUIET_WINDOW_SECONDS: "2",
    FULLBLEED_COOL_DOWN_SECONDS: "5",
  },
});

test.beforeEach(({ demo }) => setSwitches(demo, { review: { mode: "accept", delaySeconds: 0 } }));

async function previewNewPhoto(bank: BankPage): Promise<void> {
  await bank.open();
  await bank.place(await newPhoto());
  await bank.preview();
}

async function sendNewPhoto(bank: BankPage): Promise<Sent> {
  await previewNewPhoto(bank);
  return bank.send();
}

// Every other answer that leaves a doubt ends as the same state: providers/thales/emulator/thales-provider.test.ts.
test("the platform keeps the picture and drops the connection: we are checking, and nobody sends it again", async ({
  bank,
  demo,
}) => {
  await addFault(demo, { method: "SendImage", fault: "cut-reply" });
  // Nor does anything else tell that it is there, as long as this lasts.
  await addFault(demo, { method: "Notification", fault: "never" });
  await addFault(demo, { method: "Search", fault: "error-500", times: null });
  const { sha256 } = await sendNewPhoto(bank);
  await bank.expectHeading("We are checking with the card maker");
  await bank.expectSentence(/Please do not send it again: we find out whether it has arrived/);
  await bank.expectNothingToDo();

  await test.step("no word came in the quiet window: it waits for an operator, and that is said", async () => {
    await expect(bank.page.locator("#events [data-type=status]").last()).toContainText("held");
    await bank.expectHeading("Somebody is looking after your design");
    const sent: string[] = [];
    bank.page.on("request", (request) => request.method() === "POST" && sent.push(new URL(request.url()).pathname));
    await bank.page.getByText("What this page was told").click();
    await bank.page.getByRole("button", { name: "Send the design from here" }).click();
    // The wish for another language goes the same way after it: once it is granted, that one has been answered.
    await bank.page.getByRole("combobox", { name: "Language" }).selectOption("ar");
    await bank.expectHeading(ar["follow.title.held"]);
    expect(sent.filter((path) => path.endsWith("/submissions"))).toEqual([]);
    await bank.page.getByRole("combobox").selectOption("en");
    await bank.page.reload();
    await bank.expectHeading("Somebody is looking after your design");
    await bank.expectNothingToDo();
  });
  expect((await callsWith(demo, sha256)).map((call) => call.resultCode)).toEqual([0]);
});

test("the platform is away: the design waits, and arrives once when it is back", async ({ bank, demo }) => {
  await demo.processes.platform.kill();
  const { sha256 } = await sendNewPhoto(bank);
  await bank.expectHeading("We have your design");
  await bank.expectSentence("You can close this page; it goes on without you.");
  await expect(bank.page.locator("#events [data-type=status]", { hasText: "queued" })).not.toHaveCount(0);
  await bank.expectNothingToDo();
  await demo.processes.platform.restart();
  await bank.expectHeading(/Approved/);
  expect((await callsWith(demo, sha256)).map((call) => call.resultCode)).toEqual([0]);
});

test("the platform is slow: the design is on its way, then approved", async ({ bank, demo }) => {
  await addFault(demo, { method: "SendImage", fault: "late", seconds: 600 });
  // Nor does word of it come that says which it is.
  await addFault(demo, { method: "Notification", fault: "no-data-capture" });
  const { sha256 } = await sendNewPhoto(bank);
  await bank.expectHeading("Your design is on its way to the card maker");
  await clearFaults(demo);
  await bank.expectHeading(/Approved/);
  expect((await callsWith(demo, sha256)).map((call) => call.resultCode)).toEqual([0]);
});

test("the platform cannot use the picture: it says so, and a changed design goes through", async ({ bank, demo }) => {
  // Before it has taken one, a refusal says more about the settings than about the picture.
  await sendNewPhoto(bank);
  await bank.expectHeading(/Approved/);
  await bank.page.context().clearCookies();
  await addFault(demo, { method: "SendImage", fault: "code-1" });
  const refused = await sendNewPhoto(bank);
  await bank.expectHeading("This picture cannot be printed");
  await bank.expectSentence("The card maker could not use the picture as it was.");
  expect((await callsWith(demo, refused.sha256)).map((call) => call.resultCode)).toEqual([1]);

  await bank.press("Change my design");
  await bank.adjust({ Turn: 5 });
  await bank.preview();
  const { sha256 } = await bank.send();
  await bank.expectHeading(/Approved/);
  expect((await callsWith(demo, refused.sha256)).map((call) => call.resultCode)).toEqual([1]);
  expect((await callsWith(demo, sha256)).map((call) => call.resultCode)).toEqual([0]);
});

test("the platform refuses our keys: the design waits, and then arrives once", async ({ bank, demo }) => {
  await addFault(demo, { method: "SendImage", fault: "code-2" });
  const { sha256 } = await sendNewPhoto(bank);
  await bank.expectHeading("We have your design");
  await bank.expectSentence("You can close this page; it goes on without you.");
  await bank.expectNothingToDo();
  await bank.expectHeading(/Approved/);
  expect((await callsWith(demo, sha256)).map((call) => call.resultCode)).toEqual([2, 0]);
});

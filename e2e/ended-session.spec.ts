import type { Page } from "@playwright/test";
import { Problem } from "#contracts/problem.ts";
import { detailsOf } from "#contracts/problem-details.ts";
import { newPhoto } from "./support/photos.ts";
import { callsWith } from "./support/platform.ts";
import { asBank, type TestDemo } from "./support/stored-design.ts";
import { expect, test } from "./support/test.ts";

/** Ends the session of the page's designer, as the bank's server does when its person signs out. */
async function endSession(page: Page, demo: TestDemo): Promise<void> {
  const [, sessionId] = /\/frame\/([\w-]+)/.exec(page.frames()[1]?.url() ?? "") ?? [];
  const address = `${demo.designerUrl}/v1/sessions/${sessionId}`;
  const answer = await fetch(address, { method: "DELETE", headers: asBank(demo) });
  expect(answer.status).toBe(204);
}

/** As a page does that has opened a new session for the person who is signed in. */
async function giveAnotherSession(page: Page): Promise<void> {
  await page.route("**/api/card-session", (route) =>
    route.continue({ postData: { ...(route.request().postDataJSON() as object), why: "start" } }),
  );
}

test("the bank ends the session and says that the visit is over: the frame says so and keeps the design, the page hears it, nothing is sent before the person is signed in again", async ({
  bank,
  demo,
}) => {
  const { page } = bank;
  await bank.open();
  await bank.place(await newPhoto());
  await bank.preview();
  await endSession(page, demo);
  await bank.agree();
  // Which the bank's page passes on as "over".
  const over = page.waitForResponse((answer) => answer.url().endsWith("/api/card-session") && answer.status() === 410);
  await bank.press("Send my design");
  await over;
  await bank.expectSentence("This visit has ended");
  await expect(page.locator("#events [data-type=problem]").last()).toContainText("This visit has ended");
  await giveAnotherSession(page);
  const { sha256 } = await bank.send();
  await bank.expectHeading(/Approved/);
  expect((await callsWith(demo, sha256)).map((call) => call.resultCode)).toEqual([0]);
});

test("the page has another session of the same person by then: the design goes on in it, and arrives once", async ({
  bank,
  demo,
}) => {
  const { page } = bank;
  await bank.open();
  await bank.place(await newPhoto());
  await bank.preview();
  await endSession(page, demo);
  await giveAnotherSession(page);
  const { sha256 } = await bank.send();
  await bank.expectHeading(/Approved/);
  expect((await callsWith(demo, sha256)).map((call) => call.resultCode)).toEqual([0]);
});

test("the session has ended when it opens: the screen and the page say so, and trying again is not offered", async ({
  bank,
  demo,
}) => {
  const { page } = bank;
  await page.route(/\/tokens$/, (route) =>
    route.fulfill({
      status: 401,
      contentType: "application/problem+json",
      json: detailsOf(new Problem("session-expired")),
    }),
  );
  await page.goto(demo.bankUrl);
  await bank.expectHeading("This visit has ended");
  await bank.expectNothingToDo();
  await expect(page.locator("#events [data-type=problem]").last()).toContainText("This visit has ended");
});

test("the session has ended before its page is loaded: the frame says so, and the page hears it at once", async ({
  bank,
  demo,
}) => {
  const { page } = bank;
  await page.route("**/api/card-session", async (route) => {
    const response = await route.fetch();
    const { sessionId } = (await response.json()) as { sessionId: string };
    await fetch(`${demo.designerUrl}/v1/sessions/${sessionId}`, { method: "DELETE", headers: asBank(demo) });
    await route.fulfill({ response });
  });
  await page.goto(demo.bankUrl);
  await bank.expectHeading("This visit has ended");
  const problems = page.locator("#events [data-type=problem]");
  await expect(problems.first()).toContainText("The session had ended when the designer was opened.");
  await expect(problems).toHaveCount(1);
});

import type { Page, Route } from "@playwright/test";
import { newPhoto } from "./support/photos.ts";
import { callsWith } from "./support/platform.ts";
import { expect, test } from "./support/test.ts";

// Half of it is left when the picture is sent, at the least: a busy machine has time to begin.
test.use({ demoEnv: { FULLBLEED_TOKEN_SECONDS: "4" } });

/** The first token of the page, for looking when it has run out. */
async function firstToken(page: Page): Promise<() => Promise<string>> {
  const answer = await page.waitForResponse(/\/v1\/sessions\/[^/]+\/tokens$/);
  const { token } = (await answer.json()) as { token: string };
  const session = answer.url().replace(/\/tokens$/, "");
  return async () => {
    const response = await fetch(session, { headers: { authorization: `Bearer ${token}` } });
    return response.ok ? "good" : ((await response.json()) as { code: string }).code;
  };
}

test("the access token runs out before the browser expects it: nothing is lost and the design arrives once", async ({
  bank,
  demo,
}) => {
  const renewals: string[] = [];
  bank.page.on("request", (request) => {
    if (request.url().endsWith("/api/card-session")) renewals.push(String(request.postDataJSON().why));
  });
  const announce = async (route: Route): Promise<void> => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), expiresInSeconds: 600 } });
  };
  await bank.page.route(/\/tokens$/, announce, { times: 1 });
  const token = firstToken(bank.page);
  await bank.open();
  await bank.place(await newPhoto());
  await bank.adjust({ Turn: 4 });
  await expect.poll(await token).toBe("token-expired");
  expect(renewals).toEqual(["start"]);

  await bank.preview();
  const { photo, sha256 } = await bank.send();
  expect(photo.placement.rotationDeg).toBe(4);
  await bank.expectHeading(/Approved/);
  expect((await callsWith(demo, sha256)).map((call) => call.resultCode)).toEqual([0]);
  expect(renewals.slice(0, 2)).toEqual(["start", "refresh"]);
});

import type { Page, Route } from "@playwright/test";
import { newPhoto } from "./support/photos.ts";
import { callsWith } from "./support/platform.ts";
import { expect, test } from "./support/test.ts";

// Half of it is left when the picture is sent, at the least: a busy machine has time to begin.
const lifeMs = 4_000;
test.use({ demoEnv: { FULLBLEED_TOKEN_SECONDS: String(lifeMs / 1000) } });

/** Resolves once the page's first token has run out; answers what somebody else gets who shows it. */
async function stealFirstToken(page: Page) {
  const answer = await page.waitForResponse(/\/v1\/sessions\/[^/]+\/tokens$/);
  const { token } = (await answer.json()) as { token: string };
  const goodUntil = Date.now() + lifeMs;
  const session = answer.url().replace(/\/tokens$/, "");
  const stolen = await Promise.all(
    ["Bearer", "DPoP"].map(async (scheme) => {
      const response = await fetch(session, { headers: { authorization: `${scheme} ${token}` } });
      return ((await response.json()) as { code: string }).code;
    }),
  );
  return { stolen, hasRunOut: () => Date.now() > goodUntil };
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
  const stealing = stealFirstToken(bank.page);
  await bank.open();
  await bank.place(await newPhoto());
  await bank.adjust({ Turn: 4 });
  const { stolen, hasRunOut } = await stealing;
  expect(stolen, "outside the frame it opens nothing").toEqual(["not-authenticated", "not-authenticated"]);
  await expect.poll(hasRunOut).toBe(true);
  await bank.preview();
  const { photo, sha256 } = await bank.send();
  expect(photo.placement.rotationDeg).toBe(4);
  await bank.expectHeading(/Approved/);
  expect((await callsWith(demo, sha256)).map((call) => call.resultCode)).toEqual([0]);
  expect(renewals.slice(0, 2)).toEqual(["start", "refresh"]);
});

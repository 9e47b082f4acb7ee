import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Page } from "@playwright/test";
import { newPhoto } from "./support/photos.ts";
import { callsWith } from "./support/platform.ts";
import type { TestDemo } from "./support/stored-design.ts";
import { expect, test } from "./support/test.ts";

/** What somebody else gets who shows the page's first token. */
async function stealFirstToken(page: Page): Promise<string[]> {
  const answer = await page.waitForResponse(/\/v1\/sessions\/[^/]+\/tokens$/);
  const { token } = (await answer.json()) as { token: string };
  const session = answer.url().replace(/\/tokens$/, "");
  return Promise.all(
    ["Bearer", "DPoP"].map(async (scheme) => {
      const response = await fetch(session, { headers: { authorization: `${scheme} ${token}` } });
      return ((await response.json()) as { code: string }).code;
    }),
  );
}

/** From now on no token is good any more that has been given out so far. */
function endTokens({ dataFolder }: TestDemo): void {
  const database = new DatabaseSync(join(dataFolder, "server", "fullbleed.sqlite"), { timeout: 60_000 });
  database.prepare("update credentials set expires_at = ? where kind = 'token'").run(Date.now() - 1);
  database.close();
}

test("the access token runs out before the browser expects it: nothing is lost and the design arrives once", async ({
  bank,
  demo,
}) => {
  const renewals: string[] = [];
  bank.page.on("request", (request) => {
    if (request.url().endsWith("/api/card-session")) renewals.push(String(request.postDataJSON().why));
  });
  const stealing = stealFirstToken(bank.page);
  await bank.open();
  await bank.place(await newPhoto());
  await bank.adjust({ Turn: 4 });
  expect(await stealing, "outside the frame it opens nothing").toEqual(["not-authenticated", "not-authenticated"]);
  expect(renewals).toEqual(["start"]);
  endTokens(demo);

  await bank.preview();
  const { photo, sha256 } = await bank.send();
  expect(photo.placement.rotationDeg).toBe(4);
  await bank.expectHeading(/Approved/);
  expect((await callsWith(demo, sha256)).map((call) => call.resultCode)).toEqual([0]);
  expect(renewals.slice(0, 2)).toEqual(["start", "refresh"]);
});

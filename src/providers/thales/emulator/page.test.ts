import { afterEach, beforeEach, expect, test } from "vitest";
import { html } from "../../emulator/markup.ts";
import { makeNoise, openTestPlatform, sendPicture, type TestPlatform } from "./testing/platform.ts";

let platform: TestPlatform;
beforeEach(async () => {
  platform = await openTestPlatform();
});
afterEach(() => platform.close());

const page = async () => (await platform.app.inject("/")).body;
const submit = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  platform.app.inject({
    method: "POST",
    url,
    payload: new URLSearchParams(fields).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });
const readSwitches = async () => (await platform.app.inject("/sandbox/switches")).json();

async function send(): Promise<string> {
  const image = await makeNoise(1036, 664).jpeg().toBuffer();
  return sendPicture(platform, image, "<script>");
}

test("before anything has arrived, the page says what will appear and where", async () => {
  expect(await page()).toContain("Nothing has arrived yet.");
  expect(await page()).toContain("No calls yet.");
});

test("a picture and its call appear, with buttons for the verdict while there is none", async () => {
  await submit("/page/switches/review", { mode: "manual", delaySeconds: "0", code: "COPYRIGHT" });
  const id = await send();
  expect(await page()).toContain(`/sandbox/images/${id}/picture`);
  expect(await page()).toContain(`Accept picture ${id.slice(0, 8)}`);
  const answer = await submit(`/page/images/${id}/review`, { decision: "reject", code: "TRADEMARK" });
  expect([answer.statusCode, answer.headers.location]).toEqual([303, "/?said=decided"]);
  expect(await page()).toContain("Rejected: TRADEMARK");
  expect(await page()).not.toContain(`Accept picture ${id.slice(0, 8)}`);
  expect((await submit(`/page/images/${id}/review`, { decision: "accept", code: "TRADEMARK" })).headers.location).toBe(
    "/?said=late",
  );
});

test("each form sets its switch, and the page shows what is set", async () => {
  await submit("/page/switches/review", { mode: "reject", delaySeconds: "1.5", code: "BRANDED" });
  await submit("/page/switches/imageApi", { previewDelaySeconds: "2", searchDelaySeconds: "9" });
  await submit("/page/switches/soap", { strictNamespaces: "true" });
  await submit("/page/switches/purge", { delaySeconds: "3" });
  await submit("/page/switches/cruel", { on: "true", seed: "7", chancePercent: "2.5", longestSeconds: "3" });
  expect(await readSwitches()).toEqual({
    review: { mode: "reject", delaySeconds: 1.5, code: "BRANDED" },
    imageApi: { previewDelaySeconds: 2, searchDelaySeconds: 9 },
    purge: { delaySeconds: 3, allowedAddresses: { product: {}, partner: null, issuer: null } },
    soap: { strictNamespaces: true },
    dataCapture: { lockedFields: [] },
    cruel: { on: true, seed: 7, chance: 0.025, chances: {}, longestSeconds: 3 },
  });
  expect(await page()).toMatch(/<option value="reject" selected>/);
  expect(await page()).toContain('value="2.5"');
});

test("a fault is set from the page, said in words while it waits, and cleared", async () => {
  const add = (fault: string, times: string, amount: string) => submit("/page/faults", { fault, times, amount });
  expect((await add("SendImage/late", "3", "1.5")).headers.location).toBe("/?said=added");
  await add("Notification/never", "", "5");
  expect((await platform.app.inject("/sandbox/faults")).json()).toEqual({
    faults: [
      { method: "SendImage", fault: "late", seconds: 1.5, times: 3 },
      { method: "Notification", fault: "never", times: null },
    ],
  });
  const shown = (await page()).replaceAll(/<[^>]*>/g, "");
  expect(shown).toContain("SendImage: Does its work at once, and answers so many seconds late (1.5 s), 3 more");
  expect(shown).toContain("What the issuer is told of a picture: The issuer is told nothing, until cleared");
  expect((await submit("/page/faults/clear", {})).headers.location).toBe("/?said=cleared");
  expect(await page()).toContain("No fault waits");
});

test("a form that makes no sense changes nothing and says so", async () => {
  const before = await readSwitches();
  for (const [name, fields] of [
    ["switches/review", { mode: "explode" }],
    ["switches/review", { delaySeconds: "soon" }],
    ["switches/review", { code: "00" }],
    ["switches/imageApi", { previewDelaySeconds: "-1" }],
    ["switches/cruel", { chancePercent: "90" }],
    ["switches/nothing", { delaySeconds: "1" }],
    ["faults", { fault: "SendImage/never", times: "1", amount: "" }],
    ["faults", { fault: "SendImage/late", times: "1", amount: "a while" }],
    ["faults", { fault: "constructor", times: "1", amount: "" }],
  ] as const) {
    expect((await submit(`/page/${name}`, fields)).headers.location, JSON.stringify(fields)).toBe("/?said=wrong");
  }
  expect(await readSwitches()).toEqual(before);
  expect((await platform.app.inject("/sandbox/faults")).json()).toEqual({ faults: [] });
  expect((await platform.app.inject("/?said=wrong")).body).toContain("Nothing was changed.");
  expect((await platform.app.inject("/?said=%3Cscript%3E")).body).not.toContain("<script>");
});

test("another site's page cannot press our buttons", async () => {
  const answer = await submit(
    "/page/switches/imageApi",
    { searchDelaySeconds: "9" },
    { "sec-fetch-site": "cross-site" },
  );
  expect(answer.statusCode).toBe(403);
  expect(await readSwitches()).toMatchObject({ imageApi: { searchDelaySeconds: 0 } });
});

test("the page carries no inline script or style, and forbids them", async () => {
  await send();
  const reply = await platform.app.inject("/");
  expect(reply.headers["content-security-policy"]).toContain("default-src 'none'; style-src 'self'; script-src 'self'");
  expect(reply.body).not.toMatch(/ style=|<style|\son\w+=|<script(?![^>]* src=)/);
  for (const [, path] of reply.body.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)) {
    expect((await platform.app.inject(path ?? "")).statusCode, path).toBe(200);
  }
});

test("what is opened beside the page has the page's icon too", async () => {
  const icon = await platform.app.inject("/favicon.ico");
  expect(icon.headers["content-type"]).toBe("image/svg+xml");
  expect(icon.body).toBe((await platform.app.inject("/page/icon.svg")).body);
});

test("whatever a call contained, it is shown as text", async () => {
  expect(html`<p title="${'"><script>'}">${"<b>&'"}${html`<i>ok</i>`}</p>`.text).toBe(
    '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&apos;<i>ok</i></p>',
  );
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { html } from "./page-sections.ts";
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
  await submit("/page/switches/sendImage", { mode: "code", delaySeconds: "3", code: "-2", times: "4" });
  await submit("/page/switches/review", { mode: "reject", delaySeconds: "1.5", code: "BRANDED" });
  await submit("/page/switches/preview", { mode: "slow", slowSeconds: "2", delaySeconds: "9" });
  expect(await readSwitches()).toEqual({
    sendImage: { mode: "code", delaySeconds: 3, code: -2, times: 4 },
    review: { mode: "reject", delaySeconds: 1.5, code: "BRANDED" },
    preview: { mode: "slow", slowSeconds: 2, delaySeconds: 9 },
  });
  expect(await page()).toMatch(/<option value="code" selected>/);
  await submit("/page/switches/sendImage", { mode: "down", delaySeconds: "3", code: "-2", times: "" });
  expect(await readSwitches()).toMatchObject({ sendImage: { mode: "down", times: null } });
});

test("a form that makes no sense changes nothing and says so", async () => {
  const before = await readSwitches();
  for (const [name, fields] of [
    ["sendImage", { mode: "explode" }],
    ["sendImage", { delaySeconds: "soon" }],
    ["review", { code: "00" }],
    ["preview", { mode: "sulk" }],
    ["nothing", { delaySeconds: "1" }],
  ] as const) {
    expect((await submit(`/page/switches/${name}`, fields)).headers.location).toBe("/?said=wrong");
  }
  expect(await readSwitches()).toEqual(before);
  expect((await platform.app.inject("/?said=wrong")).body).toContain("Nothing was changed.");
  expect((await platform.app.inject("/?said=%3Cscript%3E")).body).not.toContain("<script>");
});

test("another site's page cannot press our buttons", async () => {
  const answer = await submit("/page/switches/preview", { delaySeconds: "9" }, { "sec-fetch-site": "cross-site" });
  expect(answer.statusCode).toBe(403);
  expect(await readSwitches()).toMatchObject({ preview: { delaySeconds: 0 } });
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
    '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#39;<i>ok</i></p>',
  );
});

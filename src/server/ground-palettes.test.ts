import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SessionView } from "#contracts/session.ts";
import type { Design } from "#design/design.ts";
import { ConfigError, readConfig } from "./config.ts";
import { openTestApp, type TestApp } from "./testing/app.ts";
import { testEnv } from "./testing/env.ts";
import { codeOf, enterSession, testDesign } from "./testing/issuer.ts";

let folder: string;
let server: TestApp | undefined;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "fullbleed-"));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

async function writeBrand(grounds: unknown): Promise<string> {
  const file = path.join(folder, "brand.json");
  await writeFile(file, JSON.stringify({ products: { "photo-landscape": { features: { grounds } } } }));
  return file;
}

const palette = { colours: ["#F2EDE2", "#1b6b47"], gradients: [{ from: "#1b6b47", to: "#F6C544" }] };
const bare: Design = { ...testDesign, elements: [] };

test("a palette is told to the frame, and a design or draft on another ground is refused with what there is", async () => {
  server = await openTestApp({ env: { FULLBLEED_BRAND: await writeBrand(palette) } });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const frame = await enterSession(url);
  const put = (design: Design, at = "design"): Promise<Response> => {
    const address = `/v1/sessions/${frame.sessionId}/${at}`;
    const headers = { "content-type": "application/json", "if-none-match": "*", ...frame.show("PUT", address) };
    return fetch(url + address, { method: "PUT", headers, body: JSON.stringify(design) });
  };
  const view = (await (await frame.get(`/v1/sessions/${frame.sessionId}`)).json()) as SessionView;
  const [from, to] = ["#1b6b47", "#f6c544"];
  expect(view.features?.grounds).toEqual({ colours: ["#f2ede2", from], gradients: [{ from, to }] });
  for (const ground of ["#1b6b47", { from, to, angleDeg: 12 }, { from: to, to: from, angleDeg: 300 }])
    expect(await codeOf(await put({ ...bare, ground }))).toMatch(/^200/);
  for (const ground of ["#ffffff", "#1b6b48", { from, to: "#123456", angleDeg: 0 }]) {
    for (const at of ["design", "draft"]) {
      const answer = await put({ ...bare, ground }, at);
      expect(await codeOf(answer.clone())).toBe("422 not-offered");
      expect(((await answer.json()) as { detail: string }).detail).toBe(
        "body.ground: this is not offered with photo-landscape; those are #f2ede2, #1b6b47, #1b6b47 to #f6c544.",
      );
    }
  }
  expect(await codeOf(await put({ ...testDesign, ground: "#ffffff" }))).toMatch(/^200/);
  expect(await codeOf(await put({ ...testDesign, ground: "#14274e" }))).toBe("422 not-offered");
});

test.each([
  ["no palette", 7, " is not valid: expected true, false or an object with colours"],
  ["no colour", { colours: [] }, ".colours is not valid: expected an array of 1 to 12 colours"],
  ["gradients alone", { gradients: [] }, ".colours is missing"],
  ["a colour by name", { colours: ["white"] }, ".colours[0] is not valid: expected an array of 1 to 12 colours"],
  [
    "half a gradient",
    { colours: ["#ffffff"], gradients: [{ from: "#ffffff" }] },
    ".gradients[0].to is missing: expected an array of at most 12 pairs of colours",
  ],
  ["a field that there is not", { colours: ["#ffffff"], angles: [] }, "angles is not known: expected true, false or"],
])("with %s the start is stopped, with the place and what is expected", async (_, grounds, line) => {
  const brand = await writeBrand(grounds);
  const read = (): unknown => readConfig({ ...testEnv, FULLBLEED_BRAND: brand });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(line);
});

import { expect, test } from "vitest";
import { commands } from "vitest/browser";
import { paintedDigests } from "#paint/testing/painted-cases.ts";
import { loadPaint } from "./load-paint.ts";

test("this browser paints the same pixels as Node, to the byte", async () => {
  const digests = await paintedDigests(await loadPaint());
  expect(Object.keys(digests).length).toBeGreaterThan(7);
  expect(digests).toEqual(await commands.paintedInNode());
});

import { expect, test } from "vitest";
import { commands } from "vitest/browser";
import { loadKernel } from "../kernel/load-kernel.ts";
import { pictureDigests } from "../testing/kernel-digests.ts";

test("this browser makes the same pictures as Node, to the byte", async () => {
  const digests = await pictureDigests(await loadKernel());
  expect(Object.keys(digests).length).toBeGreaterThan(10);
  expect(digests).toEqual(await commands.digestsInNode());
});

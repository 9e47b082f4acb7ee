import { expect, it } from "vitest";
import { reloadIfReachable } from "./reload-if-reachable.ts";

it("reloads a page whose server answers", async () => {
  let reloads = 0;
  expect(await reloadIfReachable(location.href, () => void (reloads += 1))).toBe(true);
  expect(reloads).toBe(1);
});

it("leaves the page as it is when nobody answers", async () => {
  const reload = (): never => expect.unreachable();
  expect(await reloadIfReachable("http://127.0.0.1:9/", reload)).toBe(false);
});

import { afterEach, expect, test, vi } from "vitest";
import { loadKernel } from "./load-kernel.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("what could not be fetched is fetched again for the next picture, and once for all others", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(loadKernel()).rejects.toMatchObject({ cause: { message: "Failed to fetch" } });
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("", { status: 404 })));
  await expect(loadKernel()).rejects.toMatchObject({ cause: { message: expect.stringContaining("404") } });
  vi.unstubAllGlobals();
  const asked = vi.spyOn(globalThis, "fetch");
  const [one, other] = await Promise.all([loadKernel(), loadKernel()]);
  expect(one).toBe(other);
  expect(await loadKernel()).toBe(one);
  expect(asked).toHaveBeenCalledOnce();
});

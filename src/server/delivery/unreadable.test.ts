import { rename, symlink } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accepted, type CourierBench, openCourierBench, scripted } from "../testing/courier.ts";

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(() => bench.close());

/** Gives what makes it readable again. */
async function makeUnreadable(id: string): Promise<() => Promise<void>> {
  const file = await bench.fileOf(id);
  await rename(file, `${file}.aside`);
  // A link to itself: it is there and cannot be read.
  await symlink(file, file);
  return () => rename(`${file}.aside`, file);
}

const isTold = () => bench.logged("error").some(({ msg }) => String(msg).startsWith("a picture's file cannot be read"));
const breakers = () => bench.store.selectFrom("breakers").selectAll().execute();

test("a picture whose file cannot be read now is no failure of the platform: it is tried again later and later, and then sent", async () => {
  await bench.queue("s");
  const mend = await makeUnreadable("s");
  const platform = scripted(accepted("img-1"));
  await bench.start(platform.send, { random: () => 0 });
  for (let tries = 1; tries <= 4; tries += 1) {
    await expect
      .poll(async () => (await bench.jobOf("s", "send"))?.last_error)
      .toBe("the picture's file cannot be read now");
    await expect
      .poll(async () => ((await bench.jobOf("s", "send"))?.run_at ?? 0) - bench.clock.now)
      .toBe(1_000 * 2 ** tries);
    expect(await bench.rowOf("s")).toMatchObject({ state: "queued", attempts: 0 });
    if (tries === 4) await mend();
    await bench.goTo("s", "send");
  }
  await bench.reaches("s", "accepted");
  expect(platform.calls).toHaveLength(1);
  expect(await breakers()).toEqual([]);
  expect(bench.logged("error")).toHaveLength(1);
  expect(JSON.stringify([bench.logged("error"), bench.logged("warn")])).not.toContain("platform");
  expect(isTold(), "and leaves nothing in the history").toBe(true);
  expect((await bench.rowOf("s")).attempts).toBe(1);
});

test("a picture whose file cannot be read makes no others wait, neither before its product has been tried nor after", async () => {
  for (let n = 0; n < 5; n += 1) {
    await bench.queue(`unreadable${n}`);
    await makeUnreadable(`unreadable${n}`);
  }
  for (let n = 0; n < 5; n += 1) await bench.queue(`good${n}`, {}, 1);
  await bench.start(async ({ cardholderId }) => accepted(cardholderId));
  bench.clock.now += 1;
  for (let n = 0; n < 5; n += 1) await bench.reaches(`good${n}`, "accepted");
  expect(await breakers()).toEqual([]);
});

test("a picture whose file cannot be read, tried after a pause, lets the next one be tried at once", async () => {
  await bench.queue("a");
  await bench.queue("b", {}, 1);
  await bench.start(scripted({ kind: "misconfigured", detail: "HandoverKeyInvalid" }, accepted("img-1")).send);
  await expect.poll(async () => (await bench.jobOf("a", "send"))?.last_error).toBe("HandoverKeyInvalid");
  await makeUnreadable("a");
  bench.clock.now += 60_000;
  await bench.store.updateTable("jobs").set({ run_at: 0 }).where("submission_id", "=", "a").execute();
  await bench.reaches("b", "accepted");
  expect(isTold()).toBe(true);
  expect(await breakers()).toEqual([]);
});

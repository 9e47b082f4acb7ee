import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { noCapabilities, type Provider, type Review, type ReviewOutcome } from "#providers/provider.ts";
import { migrate } from "../store/migrate.ts";
import { accepted, type CourierBench, openCourierBench, severalPasses } from "../testing/courier.ts";
import { takeNotification } from "./notifications.ts";
import { defaultPolicy, nextAskAt } from "./policy.ts";

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(() => bench.close());

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const pending: Review = { state: "pending", rejectionCode: null, rejectionMemo: null, decidedAt: null };
const approved: Review = { ...pending, state: "accepted" };
const rejected: Review = { ...pending, state: "rejected", rejectionCode: "BRANDED", rejectionMemo: "A logo" };

/** A platform that takes everything and tells nothing by itself, with what it says when it is asked. */
function silent(review = true) {
  const asked: string[] = [];
  const says = { now: { kind: "known", review: pending } as ReviewOutcome };
  const platform: Partial<Provider> = {
    capabilities: () => ({ ...noCapabilities, review }),
    getReview: async (id) => {
      asked.push(id);
      return says.now;
    },
  };
  const start = (askPaceMs = 0) =>
    bench.start(async ({ reference }) => accepted(`img-${reference}`), { askPaceMs }, 15_000, platform);
  return { asked, says, start };
}

const job = (id = "s") => bench.jobOf(id, "poll");
async function askOnce(id = "s"): Promise<void> {
  const { attempt = 0, run_at: at = 0 } = (await job(id)) ?? {};
  bench.clock.now = Math.max(bench.clock.now, at);
  await expect
    .poll(async () => {
      const now = await job(id);
      return now === undefined || (now.attempt > attempt && now.locked_by === null);
    })
    .toBe(true);
}

describe("a verdict whose notification is lost", () => {
  test("is learnt by asking, takes the notification's way, and an approval that is taken back later too", async () => {
    const { says, start, asked } = silent();
    await bench.queue("s");
    await start();
    await bench.reaches("s", "accepted");
    expect((await job())?.run_at).toBeGreaterThanOrEqual(bench.clock.now + 15 * minute);
    await askOnce();
    expect((await bench.rowOf("s")).state).toBe("in-review");
    says.now = { kind: "known", review: approved };
    await askOnce();
    expect((await bench.rowOf("s")).state).toBe("approved");
    await askOnce();
    expect((await bench.rowOf("s")).sequence).toBe(6);
    says.now = { kind: "known", review: rejected };
    await askOnce();
    expect(await bench.rowOf("s")).toMatchObject({
      state: "rejected",
      rejection_code: "BRANDED",
      rejection_memo: "A logo",
    });
    await expect.poll(() => job()).toBeUndefined();
    expect(asked).toEqual(Array.from({ length: 4 }, () => "img-s"));
    const events = await bench.store.selectFrom("events").selectAll().where("submission_id", "=", "s").execute();
    expect(events.slice(-3).map(({ cause, actor }) => [cause, actor])).toEqual([
      ["review-pending", "provider"],
      ["review-accepted", "provider"],
      ["review-rejected", "provider"],
    ]);
  });

  test("is asked for again when nobody could tell, and no more once the notification has come after all", async () => {
    const { says, start, asked } = silent();
    says.now = { kind: "cannot-tell", detail: "HTTP 503" };
    await bench.queue("s");
    await start();
    await bench.reaches("s", "accepted");
    await askOnce();
    expect([(await bench.rowOf("s")).state, (await job())?.last_error]).toEqual(["accepted", "HTTP 503"]);
    await takeNotification(bench.context, { ...rejected, cardImageId: "img-s", reference: null });
    await askOnce();
    await expect.poll(() => job()).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  test("is not asked for where the platform tells by notification only", async () => {
    const { start } = silent(false);
    await bench.queue("s");
    await start();
    await bench.reaches("s", "accepted");
    expect(await job()).toBeUndefined();
  });

  test("is asked for more and more rarely, so often at most, and an operator is told when nobody has decided", async () => {
    const { says, start, asked } = silent();
    says.now = { kind: "cannot-tell", detail: "HTTP 404" };
    await bench.queue("s");
    await start();
    await bench.reaches("s", "accepted");
    const pauses: number[] = [];
    for (let looks = 0; looks < 6; looks += 1) {
      pauses.push(((await job())?.run_at ?? 0) - bench.clock.now);
      await askOnce();
    }
    for (const [n, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(n === 0 ? 15 * minute : (pauses[n - 1] ?? 0) * 0.8);
      expect(pause).toBeLessThanOrEqual(7.5 * hour);
    }
    expect(pauses.at(-1)).toBeGreaterThan(4 * hour);
    bench.clock.now += 60 * day;
    await askOnce();
    await expect.poll(() => job()).toBeUndefined();
    expect(asked).toHaveLength(7);
    expect(bench.logged("error").at(-1)?.msg).toContain("nobody has decided");
  });
});

describe("many that wait", () => {
  test("are not asked for together: what came at one moment is spread over hours", () => {
    const row = { state: "in-review", updated_at: 0 } as const;
    const times = Array.from({ length: 10_000 }, () => nextAskAt(row, 6 * hour, defaultPolicy) ?? 0);
    const inMinute = Map.groupBy(times, (at) => Math.floor(at / minute));
    expect(Math.max(...[...inMinute.values()].map((group) => group.length))).toBeLessThan(250);
  });

  test("and are all due at once are asked for one after the other, and a stop does not wait for that", async () => {
    const { asked, start } = silent();
    const before = await start();
    for (const id of ["a", "b", "c"]) await bench.queue(id);
    for (const id of ["a", "b", "c"]) await bench.reaches(id, "accepted");
    await before.stop();
    bench.clock.now += hour;
    const courier = await start(60 * minute);
    await expect.poll(() => asked.length).toBe(1);
    await severalPasses();
    expect(asked).toHaveLength(1);
    await courier.stop();
  });

  test("an approved one is looked at five times in sixteen days", () => {
    const row = { state: "approved", updated_at: 0 } as const;
    const times: number[] = [];
    for (let now: number | null = 0; now !== null; now = nextAskAt(row, now, { ...defaultPolicy, random: () => 0 }))
      times.push(now);
    expect(times.map((ms) => ms / day)).toEqual([0, 1, 2, 4, 8, 16]);
    expect(nextAskAt({ state: "rejected", updated_at: 0 }, 1, defaultPolicy)).toBeNull();
  });
});

test("what waits for a verdict when the server is upgraded is asked for too, spread over six hours", () => {
  const database = new DatabaseSync(":memory:");
  // To the schema of before, with today's function that a migration calls.
  database.exec(readFileSync(new URL("../store/testing/released-2026-11-28.sql", import.meta.url), "utf8"));
  migrate(database);
  database.exec(`alter table attempts drop column sent_sha256; delete from jobs`);
  database.exec("delete from kysely_migration where name = '2026-12-06-asked-again'");
  const now = Date.now();
  const ids = database
    .prepare("select id from submissions order by id")
    .all()
    .map(({ id }) => String(id));
  const given = [
    ["accepted", "synctera", "i-1", now - 90 * day],
    ["in-review", "synctera", "i-2", now],
    ["approved", "synctera", "i-3", now - day],
    ["approved", "synctera", "i-4", now - 20 * day],
    ["rejected", "synctera", "i-5", now],
    ["in-review", "thales", "i-6", now],
    ["unknown", "synctera", null, now],
  ] as const;
  for (const [n, values] of given.entries())
    database
      .prepare(
        "update submissions set is_double = 1, state = ?, provider = ?, card_image_id = ?, updated_at = ? where id = ?",
      )
      .run(...values, ids[n] ?? "");
  migrate(database);
  const jobs = database
    .prepare(
      "select card_image_id, lane, run_at from jobs join submissions s on s.id = submission_id where kind = 'poll'",
    )
    .all();
  expect(jobs.map((row) => String(row.card_image_id)).toSorted()).toEqual(["i-1", "i-2", "i-3"]);
  for (const { lane, run_at: runAt } of jobs) {
    expect(lane).toBe("default/synctera/photo-landscape");
    expect(Number(runAt)).toBeGreaterThanOrEqual(now - 1);
    expect(Number(runAt)).toBeLessThan(Date.now() + 6 * hour);
  }
  database.close();
});

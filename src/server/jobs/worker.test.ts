import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CourierBench, openCourierBench } from "../testing/courier.ts";
import type { JobTable } from "../store/schema.ts";
import { finishJob, issuerOf } from "./jobs.ts";
import { startWorker, type Worker } from "./worker.ts";

let bench: CourierBench;
let worker: Worker | undefined;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(async () => {
  await worker?.drain();
  await worker?.ended();
  await bench.close();
});

test("a job that failed while the disk was full is taken up again, however busy its server is", async () => {
  for (const id of ["busy", "failing"]) await bench.queue(id);
  const { promise: busy, resolve: endBusy } = Promise.withResolvers<void>();
  const tries: string[] = [];
  const full = "create trigger full before update on jobs when old.submission_id = 'failing' and new.locked_by is null";
  await sql.raw(`${full} begin select raise(fail, 'database or disk is full'); end`).execute(bench.store);
  worker = startWorker({
    ...bench.context,
    holder: "one",
    leaseMs: 1_000,
    pollMs: 10,
    work: [
      {
        kind: "send",
        concurrency: 2,
        async run({ submission_id: id }) {
          tries.push(id);
          if (id === "busy") return busy;
          throw new Error("the disk is full");
        },
      },
    ],
  });
  await expect
    .poll(() => bench.logged("error").some(({ msg }) => String(msg).startsWith("the queue failed")))
    .toBe(true);
  await sql.raw("drop trigger full").execute(bench.store);
  await expect
    .poll(() => {
      // Less than a lease each time: the server is alive, and renews what it is doing.
      bench.clock.now += 300;
      return tries.filter((id) => id === "failing").length;
    })
    .toBeGreaterThan(1);
  expect(tries.filter((id) => id === "busy")).toHaveLength(1);
  endBusy();
});

test("a clock that jumps ahead does not make a server take itself for dead", async () => {
  await bench.queue("s");
  const { promise, resolve } = Promise.withResolvers<void>();
  let tries = 0;
  const run = () => {
    tries += 1;
    return promise;
  };
  // At every look at the clock more than a lease has gone by.
  const now = () => (bench.clock.now += 5_000);
  const work = [{ kind: "send", concurrency: 2, run }] as const;
  worker = startWorker({ ...bench.context, now, holder: "one", leaseMs: 1_000, pollMs: 10, work });
  const passes = () => bench.clock.now;
  const before = passes();
  await expect.poll(passes).toBeGreaterThan(before + 200_000);
  expect(tries).toBe(1);
  resolve();
});

test("an issuer whose platform hangs, and sixteen more, hold up nobody else, however much of theirs is due before", async () => {
  const slow = Array.from({ length: 17 }, (_, n) => `slow-${n}`);
  const issuers = [...slow, "quick"].map((id) => ({ id, last_seq: 0 }));
  await bench.store.insertInto("issuers").values(issuers).execute();
  for (const issuer of slow)
    for (const [n, product] of ["photo-landscape", "photo-portrait", "photo-fine"].entries())
      await bench.queue(`${issuer}-${n}`, { issuer_id: issuer, product_id: product });
  const { promise: hang, resolve: end } = Promise.withResolvers<void>();
  const counts = new Map<string, number>();
  const done: string[] = [];
  const run = async (job: JobTable): Promise<void> => {
    const issuer = issuerOf(job.lane);
    if (issuer !== "quick") {
      counts.set(issuer, (counts.get(issuer) ?? 0) + 1);
      await hang;
    }
    await finishJob(bench.store, job);
    done.push(job.submission_id);
  };
  const work = [{ kind: "send", concurrency: 2, run }] as const;
  worker = startWorker({ ...bench.context, holder: "one", leaseMs: 60_000, pollMs: 10, work });
  await expect.poll(() => counts.size).toBe(17);
  for (const id of ["first", "second"]) {
    await bench.queue(id, { issuer_id: "quick" });
    await expect.poll(() => done).toContain(id);
  }
  expect(Math.max(...counts.values())).toBe(2);
  end();
  await expect.poll(() => done.length).toBe(17 * 3 + 2);
});

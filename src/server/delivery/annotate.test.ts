import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AnnotateOutcome, noCapabilities } from "#providers/provider.ts";
import { accepted, type CourierBench, openCourierBench, scripted } from "../testing/courier.ts";

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(() => bench.close());

/** A platform that takes every picture and answers the writing beside it in turn, the last answer for ever. */
async function start(reference: boolean, ...answers: AnnotateOutcome[]) {
  const written: unknown[][] = [];
  await bench.start(scripted(accepted("img-1")).send, { firstBackOffMs: 0, longestBackOffMs: 0 }, 15_000, {
    capabilities: () => ({ ...noCapabilities, reference, search: reference, annotate: true, fields: ["Branch"] }),
    annotate: async (...given) => {
      written.push(given.slice(0, 4));
      return answers[Math.min(written.length, answers.length) - 1] ?? { kind: "done" };
    },
  });
  return written;
}

async function queueWith(dataCapture: object): Promise<void> {
  await bench.queue("s");
  await bench.store
    .updateTable("sessions")
    .set({ data_capture: JSON.stringify(dataCapture) })
    .execute();
}

const noJobs = () => bench.store.selectFrom("jobs").selectAll().execute();

describe("what the issuer has given with the session", () => {
  test("is written beside the picture, once that has been accepted", async () => {
    await queueWith({ Branch: "Bergen" });
    const written = await start(true);
    const { reference } = await bench.reaches("s", "accepted");
    await expect.poll(() => written).toEqual([["img-1", "photo-landscape", reference, { Branch: "Bergen" }]]);
    await expect.poll(noJobs).toEqual([]);
  });

  test("is written again after a failure, and holds up nothing else", async () => {
    await queueWith({ Branch: "Bergen" });
    const written = await start(
      true,
      { kind: "failed", detail: "-1" },
      { kind: "failed", detail: "4" },
      { kind: "done" },
    );
    await bench.reaches("s", "accepted");
    await expect.poll(() => written.length).toBe(3);
    await expect.poll(noJobs).toEqual([]);
  });

  test("that the platform refuses is an alarm, and is tried again in an hour", async () => {
    await queueWith({ Branch: "Bergen" });
    const written = await start(true, { kind: "refused", detail: "3: no such field" }, { kind: "done" });
    await bench.reaches("s", "accepted");
    await expect.poll(() => bench.logged("error")).toMatchObject([{ submissionId: "s", detail: "3: no such field" }]);
    const job = await bench.jobOf("s", "annotate");
    expect(job).toMatchObject({ run_at: bench.clock.now + 3_600_000, last_error: "3: no such field" });
    bench.clock.now += 3_600_000;
    await expect.poll(() => written.length).toBe(2);
  });
});

test("our reference alone is written only where it can be and did not go along", async () => {
  await bench.queue("s");
  const written = await start(true);
  await bench.reaches("s", "accepted");
  await expect.poll(noJobs).toEqual([]);
  expect(written).toEqual([]);
});

test("where nothing takes our reference and there is nothing else, nothing is written", async () => {
  await bench.queue("s");
  const written = await start(false);
  await bench.reaches("s", "accepted");
  await expect.poll(noJobs).toEqual([]);
  expect(written).toEqual([]);
});

import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SubmissionState } from "#contracts/submission.ts";
import type { SendOutcome } from "#providers/provider.ts";
import { openStore } from "../store/open.ts";
import {
  accepted,
  type CourierBench,
  openCourierBench,
  type Send,
  scripted,
  severalPasses,
} from "../testing/courier.ts";

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(() => bench.close());

/** From now on the database cannot take down that a submission has come to this state. */
async function fillDisk(state: SubmissionState): Promise<void> {
  const trigger = `create trigger full before update on submissions when new.state = '${state}'`;
  await sql.raw(`${trigger} begin select raise(fail, 'database or disk is full'); end`).execute(bench.store);
}

const notSent: SendOutcome = { kind: "not-sent", detail: "refused" };
const unknown: SendOutcome = { kind: "unknown", detail: "timeout" };
const misconfigured: SendOutcome = { kind: "misconfigured", detail: "HandoverKeyInvalid" };

describe("a picture offered to the platform", () => {
  test("goes out byte for byte, and its id is bound", async () => {
    await bench.queue("s");
    const platform = scripted(accepted("img-1"));
    await bench.start(platform.send);
    expect(await bench.reaches("s", "accepted")).toMatchObject({ card_image_id: "img-1", attempts: 1, sequence: 4 });
    expect(platform.calls).toHaveLength(1);
    expect(Buffer.from(platform.calls[0]?.bytes ?? []).equals(bench.picture)).toBe(true);
    const { reference } = await bench.rowOf("s");
    const about = { reference, attempt: 1, cardholderId: "s", pixelOrigin: "cardholder" };
    expect(platform.calls[0]).toMatchObject({ ...about, mediaType: "image/png", productId: "photo-landscape" });
    const attempts = await bench.store.selectFrom("attempts").selectAll().execute();
    expect(attempts).toMatchObject([
      { number: 1, outcome: "accepted", ended_at: bench.clock.now, settings: "settings" },
    ]);
    expect(await bench.store.selectFrom("jobs").selectAll().execute()).toEqual([]);
  });

  test("has its attempt committed before the first byte goes out", async () => {
    await bench.queue("s");
    const seen: unknown[] = [];
    await bench.start(async () => {
      const other = await openStore(path.join(bench.folder, "db.sqlite"));
      seen.push(await other.selectFrom("attempts").select(["submission_id", "ended_at"]).execute());
      seen.push(await other.selectFrom("submissions").select("state").execute());
      await other.destroy();
      return accepted("img-1");
    });
    await bench.reaches("s", "accepted");
    expect(seen).toEqual([[{ submission_id: "s", ended_at: null }], [{ state: "sending" }]]);
  });

  test("keeps its id although the disk was full when the platform answered", async () => {
    await bench.queue("s");
    const platform = scripted(accepted("img-1"));
    await fillDisk("accepted");
    await bench.start(platform.send);
    await expect.poll(() => platform.calls.length).toBe(1);
    await severalPasses();
    expect(await bench.rowOf("s")).toMatchObject({ state: "sending", card_image_id: null });
    await sql.raw("drop trigger full").execute(bench.store);
    expect(await bench.reaches("s", "accepted")).toMatchObject({ card_image_id: "img-1" });
    expect(platform.calls).toHaveLength(1);
  });

  test("whose answer cannot be written down in the end leaves it in the log, image id included", async () => {
    await bench.queue("s");
    await fillDisk("accepted");
    await bench.start(scripted(accepted("img-1")).send, { maxWrites: 2 });
    await expect
      .poll(() => bench.logged("error"))
      .toContainEqual(expect.objectContaining({ submissionId: "s", attempt: 1, outcome: accepted("img-1") }));
  });

  test("that provably did not arrive is offered again although the disk was full for longer than the attempt's lease", async () => {
    await bench.queue("s");
    const platform = scripted(notSent, accepted("img-1"));
    await fillDisk("queued");
    await bench.start(platform.send, { firstBackOffMs: 0, longestBackOffMs: 0 });
    await expect.poll(() => platform.calls.length).toBe(1);
    bench.clock.now += 1e9;
    await severalPasses();
    expect((await bench.rowOf("s")).state).toBe("sending");
    await sql.raw("drop trigger full").execute(bench.store);
    await bench.reaches("s", "accepted");
  });

  test("that the platform refuses is never offered again", async () => {
    await bench.queue("s");
    await bench.proveSettings();
    const platform = scripted({ kind: "image-refused", detail: "ImageDataIsInvalid" });
    await bench.start(platform.send);
    await bench.reaches("s", "rejected-image");
    bench.clock.now += 1e9;
    await severalPasses();
    expect(platform.calls).toHaveLength(1);
  });

  test("that provably did not arrive is offered again, later and later, until it is taken", async () => {
    await bench.queue("s");
    const platform = scripted(notSent, notSent, notSent, accepted("img-1"));
    await bench.start(platform.send);
    for (let tries = 1; tries <= 3; tries += 1) {
      await expect.poll(async () => (await bench.jobOf("s", "send"))?.run_at ?? 0).toBeGreaterThan(bench.clock.now);
      await severalPasses();
      expect(platform.calls).toHaveLength(tries);
      await bench.goTo("s", "send");
    }
    expect((await bench.reaches("s", "accepted")).attempts).toBe(4);
  });

  test("that does not arrive for days is still offered, and the operator is told now and then", async () => {
    await bench.queue("s", { attempts: 98 });
    const platform = scripted(notSent, notSent, notSent, accepted("img-1"));
    await bench.start(platform.send, { firstBackOffMs: 0, longestBackOffMs: 0 });
    expect((await bench.reaches("s", "accepted")).attempts).toBe(102);
    const alarms = bench.logged("error").filter((line) => line.submissionId === "s");
    expect(alarms).toMatchObject([{ attempt: 100, detail: "refused" }]);
    expect(bench.logged("warn")).toMatchObject([{ attempt: 99 }, { attempt: 101 }]);
  });

  test.each([
    ["an unclear answer", async () => unknown],
    ["an adapter that throws", () => Promise.reject(new Error("bug"))],
    [
      "an adapter that throws at once",
      () => {
        throw new Error("bug");
      },
    ],
  ] satisfies [string, Send][])("is never offered again after %s: unknown, then held", async (_name, send) => {
    await bench.queue("s");
    let calls = 0;
    await bench.start((...given) => {
      calls += 1;
      return (send as Send)(...given);
    });
    await bench.reaches("s", "unknown");
    await bench.goTo("s", "resolve");
    bench.clock.now += 15 * 60_000;
    await bench.reaches("s", "held");
    bench.clock.now += 1e9;
    await severalPasses();
    expect(calls).toBe(1);
  });

  test("leaves what an adapter threw to the log, since the note is shown to the issuer", async () => {
    await bench.queue("s");
    await bench.start(() => Promise.reject(new Error("the key is 1234")));
    expect((await bench.reaches("s", "unknown")).note).toBe("the adapter failed; the server's log says how");
    expect(JSON.stringify(bench.logged("error"))).toContain("the key is 1234");
  });

  test("is unknown when the adapter neither answers nor ends when told to", async () => {
    await bench.queue("s");
    await bench.start(() => new Promise(() => {}), {}, 50);
    expect((await bench.reaches("s", "unknown")).note).toContain("did not end in time");
  });

  test.each<SubmissionState>(["unknown", "held"])(
    "gets its id from an answer that comes when it is %s",
    async (state) => {
      await bench.queue("s");
      const { promise, resolve } = Promise.withResolvers<SendOutcome>();
      await bench.start(() => promise, {}, 50);
      await bench.reaches("s", "unknown");
      if (state === "held") bench.clock.now += 16 * 60_000;
      await bench.reaches("s", state);
      resolve(accepted("img-1"));
      expect(await bench.reaches("s", "accepted")).toMatchObject({ card_image_id: "img-1", note: null });
      const attempts = await bench.store.selectFrom("attempts").select("outcome").execute();
      expect(attempts).toEqual([{ outcome: "accepted" }]);
    },
  );

  test.each([notSent, misconfigured, unknown])("is not sent again because of a late $kind", async (word) => {
    await bench.queue("s");
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    let calls = 0;
    const send: Send = () => {
      calls += 1;
      return promise;
    };
    await bench.start(send, { firstBackOffMs: 0, longestBackOffMs: 0 }, 50);
    await bench.reaches("s", "unknown");
    resolve(word);
    bench.clock.now += 1e9;
    await bench.reaches("s", "held");
    await severalPasses();
    expect(calls).toBe(1);
  });

  test("with an id that another submission has is unknown, and the first keeps the id", async () => {
    await bench.queue("a");
    await bench.queue("b", {}, 1);
    await bench.start(scripted(accepted("img-1")).send, { concurrency: 1 });
    await bench.reaches("a", "accepted");
    bench.clock.now += 1;
    expect((await bench.reaches("b", "unknown")).card_image_id).toBeNull();
    expect((await bench.rowOf("a")).card_image_id).toBe("img-1");
    await expect
      .poll(() => bench.logged("warn"))
      .toMatchObject([{ submissionId: "b", outcome: "unknown", cardImageId: "img-1", state: "unknown" }]);
  });

  test.each([
    ["another id", accepted("img-2"), "error", "under an id that no submission takes"],
    ["the same id", accepted("img-1"), "info", "repeats its answer"],
    ["a refusal", { kind: "image-refused", detail: "invalid" }, "warn", "nothing changed"],
  ] as const)(
    "that has an id by now keeps it, and a late answer with %s leaves a line",
    async (_what, word, level, msg) => {
      await bench.queue("s");
      const { promise, resolve } = Promise.withResolvers<SendOutcome>();
      await bench.start(() => promise, {}, 50);
      await bench.reaches("s", "unknown");
      await bench.store.updateTable("submissions").set({ state: "approved", card_image_id: "img-1" }).execute();
      resolve(word);
      await expect
        .poll(() => bench.logged(level).at(-1))
        .toMatchObject({ submissionId: "s", attempt: 1, state: "approved", msg: expect.stringContaining(msg) });
      expect(await bench.rowOf("s")).toMatchObject({ state: "approved", card_image_id: "img-1" });
    },
  );

  test.each([
    ["gone", (file: string) => rm(file), "the picture's file is absent"],
    ["damaged", (file: string) => writeFile(file, "damaged"), "the picture's file is damaged"],
  ])("whose file is %s is held, and nothing is sent", async (_name, harm, note) => {
    await bench.queue("s");
    await harm(await bench.fileOf("s"));
    const platform = scripted(accepted("img-1"));
    await bench.start(platform.send);
    expect((await bench.reaches("s", "held")).note).toBe(note);
    expect(platform.calls).toHaveLength(0);
  });
});

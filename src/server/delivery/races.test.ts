import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { noCapabilities, type SearchOutcome, type SentPicture } from "#providers/provider.ts";
import { claimJob, postponeJob, schedule } from "../jobs/jobs.ts";
import { transition } from "../state/transition.ts";
import type { JobTable } from "../store/schema.ts";
import { onlyProvider } from "../testing/app.ts";
import { accepted, type CourierBench, openCourierBench, scripted } from "../testing/courier.ts";
import { type AttemptContext, beginAttempt, settle } from "./attempts.ts";
import { resolveByHand } from "./by-hand.ts";
import { takeNotification } from "./notifications.ts";
import { resolve } from "./resolve.ts";

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(() => bench.close());

const leaseMs = 1_000;
const late = { sendTimeoutMs: 1_000 };
const here = (): AttemptContext => ({ ...bench.context, ...late });

/** The job of this kind, for this server to do; what another has held for longer than a lease is its, too. */
async function claim(holder: string, kind: JobTable["kind"] = "send"): Promise<JobTable> {
  const job = await claimJob(bench.store, kind, { holder, leaseMs, now: bench.clock.now, except: [] });
  if (job === undefined) throw new Error(`no ${kind} is due`);
  return job;
}

async function begin(holder: string) {
  const attempt = await beginAttempt(here(), await claim(holder));
  if (attempt === undefined) throw new Error("nothing to send");
  return attempt;
}

const jobsOf = (id: string) => bench.store.selectFrom("jobs").selectAll().where("submission_id", "=", id).execute();

test("that an earlier attempt's picture was refused, told late, says nothing of the one that is in doubt now", async () => {
  const unknown = { kind: "unknown", detail: "timeout" } as const;
  const refused = { kind: "image-refused", detail: "ImageDataIsInvalid" } as const;
  await bench.proveSettings();
  await bench.queue("s");
  const first = await begin("one");
  await settle(here(), first, unknown);
  await transition(bench.context, "s", { cause: "absent", actor: "provider" }, async (trx, row) => {
    await schedule(trx, "send", row, bench.clock.now, bench.clock.now);
    return row;
  });
  const second = await begin("one");
  await settle(here(), second, unknown);
  await settle(here(), first, refused);
  expect((await bench.rowOf("s")).state).toBe("unknown");
  await settle(here(), second, refused);
  expect((await bench.rowOf("s")).state).toBe("rejected-image");
});

describe("two servers and one picture", () => {
  test("what provably did not arrive stays in the queue although its server was just being taken for dead", async () => {
    await bench.queue("s");
    const attempt = await begin("slow");
    bench.clock.now += leaseMs;
    const job = await claim("other");
    const other = await bench.heldUp(1, () => settle(here(), attempt, { kind: "not-sent", detail: "refused" }));
    await beginAttempt({ ...other, ...late }, job);
    expect((await bench.rowOf("s")).state).toBe("queued");
    expect(await jobsOf("s")).toMatchObject([{ kind: "send", locked_by: null }]);
    await bench.start(scripted(accepted("img-1")).send);
    bench.clock.now += 60_000;
    await bench.reaches("s", "accepted");
  });

  test("a server that has slept since it took the job up leaves alone what another is sending by now", async () => {
    await bench.queue("s");
    const slept = await claim("slept");
    bench.clock.now += leaseMs;
    await begin("other");
    await beginAttempt(here(), slept);
    expect((await bench.rowOf("s")).state).toBe("sending");
    expect(await bench.store.selectFrom("attempts").select("outcome").execute()).toEqual([{ outcome: null }]);
  });

  test("a server that has slept since it took the job up sends nothing: the job is another's to give away", async () => {
    await bench.queue("s");
    const slept = await claim("slept");
    bench.clock.now += leaseMs;
    await postponeJob(bench.store, await claim("other"), bench.clock.now + 60_000, bench.clock.now);
    expect(await beginAttempt(here(), slept)).toBeUndefined();
    expect((await bench.rowOf("s")).state).toBe("queued");
    expect((await bench.jobOf("s", "send"))?.run_at).toBe(bench.clock.now + 60_000);
  });

  test("a server that has slept while it took an attempt for dead leaves the next one alone", async () => {
    await bench.queue("s");
    const attempt = await begin("first");
    bench.clock.now += leaseMs;
    const job = await claim("slept");
    const slept = await bench.heldUp(1, async () => {
      await settle(here(), attempt, { kind: "not-sent", detail: "refused" });
      bench.clock.now += leaseMs;
      await begin("third");
    });
    await beginAttempt({ ...slept, ...late }, job);
    expect(await bench.rowOf("s")).toMatchObject({ state: "sending", attempts: 2 });
  });
});

describe("a notification and the reply at the same moment", () => {
  test("never make the id that counts one to be deleted", async () => {
    await bench.queue("s");
    const attempt = await begin("one");
    const { reference } = await bench.rowOf("s");
    const other = await bench.heldUp(2, () => settle(here(), attempt, accepted("img-1")));
    const word = {
      cardImageId: "img-1",
      reference,
      state: "accepted",
      rejectionCode: null,
      rejectionMemo: null,
      decidedAt: null,
    } as const;
    expect(await takeNotification(other, word)).toBe("moved");
    expect(await bench.rowOf("s")).toMatchObject({ state: "approved", card_image_id: "img-1" });
    expect(await bench.store.selectFrom("orphan_images").selectAll().execute()).toEqual([]);
    expect(bench.logged("error")).toEqual([]);
  });

  const about = async (id: string, cardImageId: string) => {
    const { reference } = await bench.rowOf(id);
    return {
      cardImageId,
      reference,
      state: "accepted",
      rejectionCode: null,
      rejectionMemo: null,
      decidedAt: null,
    } as const;
  };

  test("never make an id that another picture has just got one to be deleted", async () => {
    await bench.queue("s", { state: "approved", card_image_id: "img-0" });
    await bench.queue("another");
    const attempt = await begin("one");
    // After it has looked for whose the id is, and has found that "s" has one.
    const other = await bench.heldUp(4, () => settle(here(), attempt, accepted("img-1")));
    await takeNotification(other, await about("s", "img-1"));
    expect(await bench.rowOf("another")).toMatchObject({ card_image_id: "img-1" });
    expect(await bench.store.selectFrom("orphan_images").selectAll().execute()).toEqual([]);
  });

  test("never take from a picture an id that it has got in place of the wrong one", async () => {
    await bench.queue("owner", { state: "accepted-no-id", attempts: 1 });
    await bench.queue("wrong", { state: "accepted", card_image_id: "img-1", attempts: 1 });
    const word = await about("owner", "img-1");
    const right = await about("wrong", "img-2");
    const other = await bench.heldUp(1, async () => {
      await takeNotification(bench.context, word);
      await takeNotification(bench.context, right);
    });
    await takeNotification(other, word);
    expect(await bench.rowOf("wrong")).toMatchObject({ state: "approved", card_image_id: "img-2" });
    expect(await bench.rowOf("owner")).toMatchObject({ state: "approved", card_image_id: "img-1" });
  });
});

describe("a search that was slow", () => {
  test("does not send again what was sent by hand meanwhile and is in doubt for another reason now", async () => {
    await bench.queue("s");
    const unknown = { kind: "unknown", detail: "timeout" } as const;
    const able = {
      ...bench.plain,
      capabilities: () => ({ ...noCapabilities, reference: true, search: true }),
      getPreview: async () => ({ kind: "not-ready" }) as const,
      readCardImageId: (text: string) => text,
    };
    const context: AttemptContext = { ...here(), providers: onlyProvider(able) };
    const send = async (id: string, outcome: Parameters<typeof settle>[2]) => {
      const attempt = await beginAttempt(context, await claim("one"));
      if (attempt === undefined) throw new Error(`${id} is not sent`);
      await settle(context, attempt, outcome);
    };
    await send("s", unknown);
    await bench.queue("later");
    await send("later", accepted("img-later"));
    bench.clock.now += bench.context.policy.quietWindowMs * 2;
    await bench.store.updateTable("submissions").set({ state: "held" }).where("id", "=", "s").execute();
    let searches = 0;
    const find = async ({ reference }: Pick<SentPicture, "reference">): Promise<SearchOutcome> => {
      searches += 1;
      if (searches === 2) {
        await resolveByHand({ ...bench.context, providers: onlyProvider(able) }, "s", {
          action: "resend",
          reason: "r",
          confirm: true,
        });
        await send("s", unknown);
      }
      return reference === "later" ? { kind: "found" } : { kind: "absent", proof: "control" };
    };
    await resolve({ ...bench.context, providers: onlyProvider({ ...able, find }) }, await claim("one", "resolve"));
    expect(searches).toBe(2);
    expect(await bench.rowOf("s")).toMatchObject({ state: "unknown", attempts: 2 });
    expect(await jobsOf("s")).toMatchObject([{ kind: "resolve" }]);
  });
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  noCapabilities,
  type Provider,
  type SearchOutcome,
  type SendOutcome,
  type SentPicture,
} from "#providers/provider.ts";
import { schedule } from "../jobs/jobs.ts";
import { transition } from "../state/transition.ts";
import { accepted, type CourierBench, openCourierBench, type Send } from "../testing/courier.ts";
import { makeAttemptRow } from "../testing/rows.ts";

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(() => bench.close());

const quietWindowMs = 15 * 60_000;
const unknown: SendOutcome = { kind: "unknown", detail: "timeout" };

/** A platform that keeps what it is sent, searches by reference with a lag, and answers as a test says. */
function searchable(answers: Record<string, { stored: boolean; outcome?: SendOutcome }[]>, lagMs = 0) {
  const stored = new Map<string, number>();
  const sends: string[] = [];
  const searches: string[] = [];
  const state = { search: "works" as "works" | "broken" | "empty", neverIndexed: /^never/ };
  const send: Send = async ({ reference, cardholderId }) => {
    sends.push(cardholderId);
    const answer = answers[cardholderId]?.shift() ?? { stored: true };
    if (answer.stored) stored.set(reference, bench.clock.now);
    return answer.outcome ?? accepted(`img-${cardholderId}-${sends.length}`);
  };
  const find = async ({ reference }: Pick<SentPicture, "reference">): Promise<SearchOutcome> => {
    searches.push(reference);
    if (state.search === "broken") return { kind: "cannot-tell", detail: "HTTP 503" };
    const at = stored.get(reference);
    const isIndexed = at !== undefined && bench.clock.now >= at + lagMs && !state.neverIndexed.test(reference);
    const isThere = state.search === "works" && isIndexed;
    return isThere ? { kind: "found" } : { kind: "absent", proof: "control" };
  };
  const platform: Partial<Provider> = {
    find,
    capabilities: () => ({ ...noCapabilities, reference: true, search: true }),
  };
  return { send, platform, sends, searches, stored, state };
}

const lostStored = { stored: true, outcome: unknown };
const lostNotStored = { stored: false, outcome: unknown };

describe("a picture of which nobody knows whether it has arrived", () => {
  test("is found by our reference: the platform has it, and it is never sent again", async () => {
    const { send, platform, sends } = searchable({ s: [lostStored] });
    await bench.queue("s");
    await bench.start(send, {}, 15_000, platform);
    await bench.reaches("s", "unknown");
    await bench.goTo("s", "resolve");
    await bench.reaches("s", "accepted-no-id");
    await bench.wait(quietWindowMs * 3);
    expect(sends).toEqual(["s"]);
    expect(await bench.store.selectFrom("jobs").selectAll().execute()).toEqual([]);
  });

  test("is sent again, with the same reference, once the search has missed it for the quiet window and finds a later one", async () => {
    const { send, platform, sends } = searchable({ s: [lostNotStored] });
    await bench.queue("s");
    await bench.start(send, {}, 15_000, platform);
    await bench.reaches("s", "unknown");
    await bench.queue("later");
    await bench.reaches("later", "accepted");
    await bench.wait(quietWindowMs - 60_000);
    expect((await bench.rowOf("s")).state).toBe("unknown");
    await bench.wait(120_000);
    expect(await bench.reaches("s", "accepted")).toMatchObject({ attempts: 2, card_image_id: "img-s-3" });
    expect(sends).toEqual(["s", "later", "s"]);
  });

  test("is not sent again because a search finds nothing at all: that proves nothing", async () => {
    const { send, platform, sends, state } = searchable({ s: [lostNotStored] });
    state.search = "empty";
    await bench.queue("s");
    await bench.start(send, {}, 15_000, platform);
    await bench.reaches("s", "unknown");
    await bench.queue("later");
    await bench.reaches("later", "accepted");
    await bench.wait(quietWindowMs * 2 + 60_000);
    expect(await bench.reaches("s", "held")).toMatchObject({
      note: expect.stringContaining("neither it nor anything"),
    });
    expect(sends).toEqual(["s", "later"]);
  });

  test("is not sent again because of a picture that went out before it, though its reply came later", async () => {
    const { send, platform, sends, stored } = searchable({ s: [lostStored] });
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    await bench.queue("before");
    await bench.start((order, signal) => (order.cardholderId === "before" ? promise : send(order, signal)), {}, 50, {
      ...platform,
      // It stands still between the two.
      find: async ({ reference }) =>
        reference === "before" ? { kind: "found" } : { kind: "absent", proof: "control" },
    });
    await bench.reaches("before", "unknown");
    await bench.queue("s");
    await bench.reaches("s", "unknown");
    expect([...stored.keys()]).toEqual(["s"]);
    resolve(accepted("img-before"));
    await bench.reaches("before", "accepted");
    await bench.wait(quietWindowMs * 2 + 60_000);
    await bench.reaches("s", "held");
    expect(sends).toEqual(["s"]);
  });

  test("of which no later picture has come is held; when one has, the doubt ends by itself", async () => {
    const { send, platform, sends } = searchable({ s: [lostNotStored] });
    await bench.queue("s");
    await bench.start(send, {}, 15_000, platform);
    await bench.reaches("s", "unknown");
    await bench.wait(quietWindowMs * 2 + 60_000);
    await bench.reaches("s", "held");
    await bench.queue("later");
    await bench.reaches("later", "accepted");
    await bench.goTo("s", "resolve");
    await bench.reaches("s", "accepted");
    expect(sends).toEqual(["s", "later", "s"]);
  });

  describe("and later pictures of which the search never finds some", () => {
    const later = async (name: string, count: number, change: object = {}) => {
      for (let n = 0; n < count; n += 1) {
        await bench.queue(`${name}${n}`, change);
        await bench.reaches(`${name}${n}`, "accepted");
      }
    };

    /** False when nothing is looked for any more. */
    const lookOnce = async (): Promise<boolean> => {
      const before = await bench.jobOf("s", "resolve");
      if (before === undefined) return false;
      bench.clock.now = Math.max(bench.clock.now, before.run_at);
      const hasLooked = async () => {
        const job = await bench.jobOf("s", "resolve");
        return job === undefined || (job.attempt > before.attempt && job.locked_by === null);
      };
      await expect.poll(hasLooked).toBe(true);
      return true;
    };

    test.each([
      ["the oldest three of five", 3, 2],
      ["all but one of those right after the doubt", 20, 1],
      ["the first fifty", 50, 50],
    ])("is sent again although it is %s that it never finds", async (_which, never, others) => {
      const { send, platform, sends } = searchable({ s: [lostNotStored] });
      await bench.queue("s");
      await bench.start(send, {}, 15_000, platform);
      await bench.reaches("s", "unknown");
      await later("never", never);
      await later("later", others);
      for (let looks = 0; looks < 40 && (await lookOnce()); looks += 1);
      await bench.reaches("s", "accepted");
      expect(sends.filter((one) => one === "s")).toHaveLength(2);
    });

    test("is not sent again because of any that says nothing of it, and one look is three searches beside its own", async () => {
      const { send, platform, searches, sends } = searchable({ s: [lostNotStored] });
      await bench.queue("before");
      await bench.start(send, {}, 15_000, platform);
      await bench.reaches("before", "accepted");
      await bench.queue("s");
      await bench.reaches("s", "unknown");
      await later("never", 40);
      await later("other", 3, { product_id: "photo-portrait" });
      await later("elsewhere", 3, { provider: "another" });
      bench.clock.now += quietWindowMs;
      await lookOnce();
      for (let look = 0; look < 10; look += 1) {
        searches.length = 0;
        expect(await lookOnce()).toBe(true);
        expect(searches.length).toBeGreaterThan(2);
        expect(searches.length).toBeLessThanOrEqual(4);
        expect(new Set(searches).size).toBe(searches.length);
        expect(searches.filter((one) => !one.startsWith("never"))).toEqual(["s"]);
      }
      expect(sends.filter((one) => one === "s")).toHaveLength(1);
    });
  });

  test("is not sent again by a search that catches up in the middle of a look", async () => {
    const { send, platform, sends, state } = searchable({ s: [lostStored] });
    state.search = "empty";
    await bench.queue("s");
    await bench.start(send, {}, 15_000, {
      ...platform,
      find: async (...given) => {
        const finding = await platform.find?.(...given);
        if (bench.clock.now >= 1_000_000 + quietWindowMs) state.search = "works";
        return finding ?? { kind: "cannot-tell", detail: "" };
      },
    });
    await bench.reaches("s", "unknown");
    await bench.queue("later");
    await bench.reaches("later", "accepted");
    await bench.wait(quietWindowMs + 60_000);
    await bench.reaches("s", "accepted-no-id");
    expect(sends).toEqual(["s", "later"]);
  });

  test("is not sent again because of one sent later of which an earlier try is found", async () => {
    const { send, platform, sends, state } = searchable({ x: [lostStored], s: [lostStored] });
    state.neverIndexed = /./;
    await bench.queue("x");
    await bench.start(send, {}, 15_000, platform);
    await bench.wait(quietWindowMs * 2 + 60_000);
    await bench.reaches("x", "held");
    await bench.queue("s");
    await bench.reaches("s", "unknown");
    const { now } = bench.clock;
    await transition(bench.context, "x", { cause: "resent", actor: "operator" }, async (trx, moved) => {
      await schedule(trx, "send", moved, now, now);
      return moved;
    });
    await bench.reaches("x", "accepted");
    state.neverIndexed = /^s$/;
    await bench.wait(quietWindowMs * 2 + 60_000);
    await bench.reaches("s", "held");
    expect(sends).toEqual(["x", "s", "x"]);
  });

  test("whose search lags more than the quiet window is held and not doubled, and found in the end", async () => {
    const { send, platform, sends } = searchable({ s: [lostStored] }, quietWindowMs * 3);
    await bench.queue("s");
    await bench.start(send, {}, 15_000, platform);
    await bench.reaches("s", "unknown");
    await bench.queue("later");
    await bench.reaches("later", "accepted");
    await bench.wait(quietWindowMs * 2 + 60_000);
    await bench.reaches("s", "held");
    await bench.wait(quietWindowMs + 60_000);
    await bench.reaches("s", "accepted-no-id");
    expect(sends).toEqual(["s", "later"]);
  });

  test("is held, with the reason, when the search cannot be asked for two quiet windows", async () => {
    const { send, platform, state } = searchable({ s: [lostStored] });
    state.search = "broken";
    await bench.queue("s");
    await bench.start(send, {}, 15_000, platform);
    await bench.reaches("s", "unknown");
    await bench.wait(quietWindowMs * 2 + 60_000);
    expect((await bench.reaches("s", "held")).note).toBe("timeout; the platform's search: HTTP 503");
  });

  test("is sent three times at most: what is doubtful a third time waits for a person", async () => {
    const { send, platform, sends } = searchable({ s: [lostNotStored, lostNotStored, lostNotStored] });
    await bench.queue("s");
    await bench.start(send, {}, 15_000, platform);
    for (let round = 1; round <= 3; round += 1) {
      await expect.poll(() => sends.filter((one) => one === "s").length).toBe(round);
      await bench.reaches("s", "unknown");
      await bench.queue(`later-${round}`);
      await bench.reaches(`later-${round}`, "accepted");
      await bench.wait(quietWindowMs + 60_000);
    }
    await bench.wait(quietWindowMs * 2);
    await bench.reaches("s", "held");
    expect(sends.filter((one) => one === "s")).toHaveLength(3);
  });

  test("sent before references went along is held at once when its window ends: no search could find it", async () => {
    const { send, platform, searches } = searchable({});
    await bench.queue("s", { state: "unknown", attempts: 1 });
    const { now } = bench.clock;
    const row = await bench.rowOf("s");
    const attempt = makeAttemptRow(row, { outcome: "unknown", settings: null, carried_reference: 0 });
    await bench.store.insertInto("attempts").values(attempt).execute();
    await bench.store.transaction().execute((trx) => schedule(trx, "resolve", row, now, now, now + quietWindowMs));
    await bench.start(send, {}, 15_000, platform);
    await bench.wait(quietWindowMs + 60_000);
    expect((await bench.reaches("s", "held")).note).toContain("without our reference");
    expect(searches).toEqual([]);
  });

  test("a late reply ends the doubt whatever the search says", async () => {
    const { platform, state } = searchable({});
    state.search = "empty";
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    await bench.queue("s");
    await bench.start(() => promise, {}, 50, platform);
    await bench.reaches("s", "unknown");
    resolve(accepted("img-late"));
    expect(await bench.reaches("s", "accepted")).toMatchObject({ card_image_id: "img-late" });
    expect(await bench.store.selectFrom("jobs").selectAll().execute()).toEqual([]);
  });
});

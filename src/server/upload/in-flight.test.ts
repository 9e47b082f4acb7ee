import { describe, expect, test } from "vitest";
import { Problem } from "#contracts/problem.ts";
import { type Claim, createInFlight, type Place } from "./in-flight.ts";

const claim: Claim = { idempotencyKey: "key-1", designSha256: "d", pictureSha256: "p" };
const sender = { issuerId: "hill", sessionId: "a", address: "198.51.100.1" };
const staying = new AbortController().signal;

interface Upload {
  readonly place: Place;
  /** `done`, or the code of the problem that ended it. */
  readonly outcome: Promise<string>;
  finish(): void;
}

/** An upload that goes on until it is finished, or ended for somebody else. */
async function begin(
  inFlight: ReturnType<typeof createInFlight>,
  sessionId: string,
  gone: AbortSignal = staying,
  address = "198.51.100.1",
  issuerId = "hill",
): Promise<Upload> {
  const started = Promise.withResolvers<Place>();
  const finished = Promise.withResolvers<string>();
  const outcome = inFlight
    .hold({ issuerId, sessionId, address }, claim, gone, (place) => {
      place.signal.addEventListener("abort", () => finished.reject(place.signal.reason));
      started.resolve(place);
      return finished.promise;
    })
    .catch((error: Problem) => error.code);
  return { place: await started.promise, outcome, finish: () => finished.resolve("done") };
}

describe("uploads share memory", () => {
  test("and slow ones, however many, keep nobody out", async () => {
    const inFlight = createInFlight(1_000);
    const slow = await Promise.all(Array.from({ length: 500 }, (_, index) => begin(inFlight, `slow-${index}`)));
    for (const { place } of slow) place.take(1);
    const quick = await begin(inFlight, "quick");
    quick.place.take(500);
    for (const upload of [...slow, quick]) upload.finish();
    expect(new Set(await Promise.all([...slow, quick].map(({ outcome }) => outcome)))).toEqual(new Set(["done"]));
  });

  test("and when it is full the one from which nothing has come for longest makes room", async () => {
    const inFlight = createInFlight(1_000);
    const [first, second] = [await begin(inFlight, "first"), await begin(inFlight, "second")];
    first.place.take(400);
    second.place.take(400);
    first.place.take(100);
    const newcomer = await begin(inFlight, "newcomer");
    newcomer.place.take(300);
    expect(await second.outcome).toBe("overloaded");
    first.finish();
    newcomer.finish();
    expect(await Promise.all([first.outcome, newcomer.outcome])).toEqual(["done", "done"]);
  });

  test("and one address, with however many, has its own ended and nobody else's", async () => {
    const inFlight = createInFlight(1_000);
    const quiet = await begin(inFlight, "quiet", staying, "203.0.113.9");
    quiet.place.take(100);
    const crowd = await Promise.all(Array.from({ length: 20 }, (_, index) => begin(inFlight, `crowd-${index}`)));
    for (const { place } of crowd) place.take(100);
    for (const upload of [quiet, ...crowd]) upload.finish();
    const [first, ...others] = await Promise.all([quiet, ...crowd].map(({ outcome }) => outcome));
    expect(first).toBe("done");
    expect(others.filter((outcome) => outcome === "overloaded")).toHaveLength(11);
  });

  test("and one issuer's, from however many addresses, end none of another's", async () => {
    const inFlight = createInFlight(1_000);
    const quiet = await begin(inFlight, "quiet", staying, "203.0.113.9");
    quiet.place.take(400);
    const crowd = await Promise.all(
      Array.from({ length: 20 }, (_, index) => begin(inFlight, `crowd-${index}`, staying, `192.0.2.${index}`, "river")),
    );
    for (const { place } of crowd) place.take(100);
    for (const upload of [quiet, ...crowd]) upload.finish();
    const [first, ...others] = await Promise.all([quiet, ...crowd].map(({ outcome }) => outcome));
    expect(first).toBe("done");
    expect(others.filter((outcome) => outcome === "overloaded")).toHaveLength(14);
  });

  test("and one that has arrived whole is not ended for another", async () => {
    const inFlight = createInFlight(1_000);
    const [whole, newcomer] = [await begin(inFlight, "whole"), await begin(inFlight, "newcomer")];
    whole.place.take(900);
    whole.place.complete();
    newcomer.place.take(200);
    expect(await newcomer.outcome).toBe("overloaded");
    whole.finish();
    expect(await whole.outcome).toBe("done");
  });

  test("and leave nothing of it taken, however they end", async () => {
    const inFlight = createInFlight(1_000);
    const leaving = new AbortController();
    const uploads = [
      await begin(inFlight, "a"),
      await begin(inFlight, "b", leaving.signal),
      await begin(inFlight, "c"),
    ];
    for (const { place } of uploads) place.take(400);
    leaving.abort(new Problem("bad-request"));
    uploads[2]?.finish();
    expect(await Promise.all(uploads.map(({ outcome }) => outcome))).toEqual(["overloaded", "bad-request", "done"]);
    const next = await begin(inFlight, "a");
    next.place.take(1_000);
    next.finish();
    expect(await next.outcome).toBe("done");
  });
});

describe("a session has one upload at a time", () => {
  const tryOnce = (inFlight: ReturnType<typeof createInFlight>) =>
    inFlight.hold(sender, claim, staying, async () => "done").catch((error: Problem) => error.code);

  test("until its sender has gone, even while the picture is still being looked at", async () => {
    const inFlight = createInFlight(1_000);
    const leaving = new AbortController();
    const looking = Promise.withResolvers<string>();
    const left = inFlight.hold(sender, claim, leaving.signal, () => looking.promise);
    expect(await tryOnce(inFlight)).toBe("submission-in-flight");
    leaving.abort(new Problem("bad-request"));
    const next = await begin(inFlight, "a");
    looking.resolve("done");
    await left;
    expect(await tryOnce(inFlight)).toBe("submission-in-flight");
    next.finish();
    await next.outcome;
    expect(await tryOnce(inFlight)).toBe("done");
  });

  test("and none for a sender who has gone before it begins", async () => {
    const inFlight = createInFlight(1_000);
    const gone = AbortSignal.abort(new Problem("bad-request"));
    await expect(inFlight.hold(sender, claim, gone, async () => "kept")).rejects.toThrow(Problem);
    expect(await tryOnce(inFlight)).toBe("done");
  });
});

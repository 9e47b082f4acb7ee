import { expect, test } from "vitest";
import { Problem } from "#contracts/problem.ts";
import { createFairLine, type FairLine } from "./fair-line.ts";

const stays = new AbortController().signal;
const gone = AbortSignal.abort(new Problem("bad-request"));

/** Somebody's work, which goes on until it is finished. */
function enter(line: FairLine, key: string, signal = stays) {
  const [begun, finished] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
  const work = (): Promise<string> => {
    begun.resolve();
    return finished.promise;
  };
  const outcome = line.run(key, signal, work).catch((problem: Problem) => problem.code);
  return { begun: begun.promise, outcome, finish: () => finished.resolve("done") };
}

/** Who is served in which order, after `first` has kept them all waiting. */
async function orderOf(line: FairLine, names: readonly string[]): Promise<string[]> {
  const first = enter(line, "first");
  const order: string[] = [];
  const works = names.map((name) => line.run(name[0] ?? "", stays, async () => void order.push(name)));
  first.finish();
  await Promise.all(works);
  return order;
}

test("whoever has one thing to be done does not wait for somebody's tenth", async () => {
  const line = createFairLine({ slots: 1, places: 20 });
  expect(await orderOf(line, ["a1", "a2", "a3", "a4", "b1", "c1", "b2"])).toEqual([
    "a1",
    "b1",
    "c1",
    "a2",
    "b2",
    "a3",
    "a4",
  ]);
});

test("a full line takes whoever has less in it, and the last of whoever has most gives way", async () => {
  const line = createFairLine({ slots: 1, places: 3 });
  const [working, a1, a2, a3] = ["a", "a", "a", "a"].map((key) => enter(line, key));
  expect(() => line.reserve("a")).toThrow(Problem);
  expect(await enter(line, "a").outcome).toBe("overloaded");
  line.reserve("b").letGo();
  const b1 = enter(line, "b");
  expect(await a3!.outcome).toBe("overloaded");
  expect(() => line.reserve("b")).toThrow(Problem);
  for (const one of [working, a1, a2, b1]) one!.finish();
  expect(await Promise.all([working, a1, a2, b1].map((one) => one!.outcome))).toEqual(["done", "done", "done", "done"]);
});

test("as many as there are slots work at once, also after a failure", async () => {
  const line = createFairLine({ slots: 2, places: 5 });
  const failing = line.run("a", stays, () => Promise.reject(new Error("broken")));
  const [second, third, fourth] = ["b", "c", "d"].map((key) => enter(line, key));
  await expect(failing).rejects.toThrow("broken");
  await Promise.all([second!.begun, third!.begun]);
  second!.finish();
  await fourth!.begun;
  third!.finish();
  fourth!.finish();
  expect(await fourth!.outcome).toBe("done");
});

test("work for those who have gone is done while nobody else waits", async () => {
  const line = createFairLine({ slots: 1, places: 1 });
  const left = [enter(line, "a", gone), enter(line, "a", gone)];
  for (const one of left) one.finish();
  expect(await Promise.all(left.map(({ outcome }) => outcome))).toEqual(["done", "done"]);
});

test("those who have gone, however many, keep nobody out and nobody waiting", async () => {
  const line = createFairLine({ slots: 1, places: 1 });
  const first = enter(line, "a");
  // One of them is waiting when he goes.
  const leaving = new AbortController();
  const left = [enter(line, "a", leaving.signal)];
  leaving.abort(gone.reason);
  for (let more = 0; more < 50; more += 1) left.push(enter(line, "a", gone));
  const next = enter(line, "a");
  expect(await enter(line, "a").outcome).toBe("overloaded");
  first.finish();
  next.finish();
  expect(await Promise.all([first.outcome, next.outcome])).toEqual(["done", "done"]);
  expect(new Set(await Promise.all(left.map(({ outcome }) => outcome)))).toEqual(new Set(["bad-request"]));
});

test("of those who have gone no more are kept than could wait, the last ones", async () => {
  const line = createFairLine({ slots: 1, places: 2 });
  const first = enter(line, "a");
  const left = Array.from({ length: 4 }, () => enter(line, "a", gone));
  for (const one of [first, ...left]) one.finish();
  expect(await Promise.all(left.map(({ outcome }) => outcome))).toEqual(["bad-request", "bad-request", "done", "done"]);
});

test("a place that is reserved is nobody else's until it is given back", async () => {
  const line = createFairLine({ slots: 1, places: 1 });
  const working = enter(line, "a");
  const [first, second] = [line.reserve("b"), line.reserve("c")];
  first.hold(false);
  first.hold(false);
  expect(() => second.hold(false)).toThrow(Problem);
  first.letGo();
  first.letGo();
  second.hold(false);
  // Whoever cannot be turned back any more is let in all the same.
  first.hold(true);
  second.letGo();
  expect(() => line.reserve("c")).toThrow(Problem);
  first.letGo();
  line.reserve("c");
  working.finish();
  expect(await working.outcome).toBe("done");
});

test("while much waits, those who are on their way count until it shows what comes of them", async () => {
  const line = createFairLine({ slots: 1, places: 2 });
  const crowd = ["a", "b", "c"].map((key) => line.reserve(key));
  const works = [enter(line, "a"), enter(line, "b")];
  expect(() => line.reserve("d")).toThrow(Problem);
  for (const one of crowd) one.letGo();
  const last = line.reserve("d");
  expect(() => line.reserve("e")).toThrow(Problem);
  // It has not come for a while.
  await expect.poll(() => line.reserve("e")).toBeDefined();
  last.hold(false);
  for (const one of works) one.finish();
  expect(await Promise.all(works.map(({ outcome }) => outcome))).toEqual(["done", "done"]);
});

test("what has come whole waits for its turn however many wait already, and keeps others out meanwhile", async () => {
  const line = createFairLine({ slots: 1, places: 1 });
  const working = enter(line, "a");
  const reservations = [line.reserve("b"), line.reserve("c")].map((one, index) => {
    one.hold(index > 0);
    return one;
  });
  const works = reservations.map((reservation) => line.run("b", stays, async () => "done", reservation));
  expect(() => line.reserve("b")).toThrow(Problem);
  working.finish();
  expect(await Promise.all(works)).toEqual(["done", "done"]);
});

test("places that are kept for what is on its way are shared by key, too", async () => {
  const line = createFairLine({ slots: 1, places: 2 });
  const crowd = [line.reserve("a"), line.reserve("a")];
  for (const one of crowd) one.hold(false);
  expect(() => line.reserve("a")).toThrow(Problem);
  const other = line.reserve("b");
  other.hold(false);
  // It has lost its place and nothing else.
  const works = crowd.map((reservation) => line.run("a", stays, async () => "done", reservation));
  expect(await Promise.all(works)).toEqual(["done", "done"]);
});

test("a place of which nothing comes any more is given back", async () => {
  const line = createFairLine({ slots: 1, places: 1 });
  line.reserve("a").hold(false);
  expect(() => line.reserve("a")).toThrow(Problem);
  await expect.poll(() => line.reserve("a")).toBeDefined();
});

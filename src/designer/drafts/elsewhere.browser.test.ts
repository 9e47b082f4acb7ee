import { afterEach, expect, it, vi } from "vitest";
import { createElsewhere, type Elsewhere, type Stand } from "./elsewhere.ts";

let count = 0;
const opened: Elsewhere[] = [];
const channels: BroadcastChannel[] = [];
afterEach(() => {
  for (const place of opened.splice(0)) place.stop();
  for (const channel of channels.splice(0)) channel.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const newKey = () => ({ scope: `cardholder-${Date.now()}-${(count += 1)}`, productId: "photo-landscape" });

/** A designer of this card, as far as the others can tell. */
function openPlace(key: ReturnType<typeof newKey>, stand: Stand = "none") {
  const place = {
    stand,
    found: vi.fn<(stand: Stand) => void>(),
    returned: vi.fn(() => Promise.resolve()),
    left: vi.fn(() => Promise.resolve(true)),
  };
  const elsewhere = createElsewhere(key, {
    readStand: () => place.stand,
    leave: () => {
      place.stand = "none";
      return place.left();
    },
    onFound: place.found,
    onReturn: place.returned,
  });
  opened.push(elsewhere);
  return Object.assign(place, { elsewhere });
}

/** Another script of the designer's origin on the same channel, and what it hears. */
function listen({ scope, productId }: ReturnType<typeof newKey>) {
  const channel = new BroadcastChannel(`fullbleed.card ${scope} ${productId}`);
  const heard: unknown[] = [];
  channel.onmessage = ({ data }: MessageEvent<unknown>) => heard.push(data);
  channels.push(channel);
  return { heard, say: (message: unknown) => channel.postMessage(message) };
}

it.each(["working", "sending"] as const)("a newcomer hears of one that is %s on the card", async (stand) => {
  const key = newKey();
  openPlace(key, stand);
  const newcomer = openPlace(key);
  expect(await newcomer.elsewhere.find()).toBe(stand);
  expect(newcomer.found.mock.calls).toEqual([[stand]]);
});

it("nobody is heard of who has no card on the screen, has another product or another cardholder, or has gone", async () => {
  const key = newKey();
  openPlace(key, "none");
  openPlace(key, "sent");
  openPlace({ ...key, productId: "photo-portrait" }, "working");
  openPlace(newKey(), "working");
  openPlace(key, "working").elsewhere.stop();
  const newcomer = openPlace(key);
  expect(await newcomer.elsewhere.find()).toBeNull();
  expect(newcomer.found).not.toHaveBeenCalled();
});

it("one that works on the card keeps it and leaves it before another goes on", async () => {
  const key = newKey();
  const first = openPlace(key, "working");
  const kept = Promise.withResolvers<boolean>();
  first.left.mockReturnValue(kept.promise);
  const newcomer = openPlace(key);
  let outcome: string | undefined;
  const taking = newcomer.elsewhere.takeOver().then((now) => (outcome = now));
  await expect.poll(() => first.left.mock.calls.length).toBe(1);
  expect(outcome).toBeUndefined();
  kept.resolve(true);
  await taking;
  expect(outcome).toBe("free");
  expect(await openPlace(key).elsewhere.find(), "it has left").toBeNull();
});

it("one that cannot keep the card stays, which the other hears, and is asked again by the next", async () => {
  const key = newKey();
  const leave = vi.fn(() => Promise.resolve(false));
  const onFound = vi.fn();
  const first = createElsewhere(key, { readStand: () => "working", leave, onFound, onReturn: () => Promise.resolve() });
  opened.push(first);
  expect(await openPlace(key).elsewhere.takeOver()).toBe("working");
  expect(await openPlace(key).elsewhere.find()).toBe("working");
  leave.mockResolvedValueOnce(true);
  expect(await openPlace(key).elsewhere.takeOver()).toBe("free");
  expect(leave).toHaveBeenCalledTimes(2);
});

it.each(["sending", "sent"] as const)("one that is %s the card does not leave it", async (stand) => {
  const key = newKey();
  const first = openPlace(key, stand);
  expect(await openPlace(key).elsewhere.takeOver()).toBe(stand);
  expect(first.left).not.toHaveBeenCalled();
});

it("one that is frozen, or breaks off while it leaves, is waited for no longer than it may take", async () => {
  const key = newKey();
  const newcomer = openPlace(key, "working");
  expect(await newcomer.elsewhere.takeOver(), "nobody answers").toBe("free");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const half = listen(key);
  const taking = newcomer.elsewhere.takeOver();
  await expect.poll(() => half.heard).toContainEqual(expect.objectContaining({ type: "leave" }));
  half.say({ fullbleed: "card", from: "half", type: "stand", stand: "working" });
  // It has come by the time that this one's own answer has.
  half.say({ fullbleed: "card", from: "half", type: "who" });
  await expect.poll(() => half.heard).toContainEqual(expect.objectContaining({ type: "stand", to: "half" }));
  let outcome: string | undefined;
  void taking.then((now) => (outcome = now));
  vi.advanceTimersByTime(9000);
  await Promise.resolve();
  expect(outcome, "it is keeping the card").toBeUndefined();
  vi.advanceTimersByTime(1000);
  expect(await taking).toBe("free");
});

it("whoever still chooses hears when another begins; whoever works on the card is not disturbed by it", async () => {
  const key = newKey();
  const [first, chooser, worker] = [openPlace(key), openPlace(key), openPlace(key, "working")];
  await Promise.all([first, chooser, worker].map(({ elsewhere }) => elsewhere.find()));
  for (const { found } of [first, chooser, worker]) found.mockClear();
  first.stand = "working";
  first.elsewhere.noteStand();
  first.elsewhere.noteStand();
  await expect.poll(() => chooser.found.mock.calls).toEqual([["working"]]);
  expect(worker.found).not.toHaveBeenCalled();
});

it("a page that is kept for Back answers nobody; when it comes back it looks for others, and for what they have left", async () => {
  const key = newKey();
  const first = openPlace(key, "working");
  dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
  const second = openPlace(key);
  expect(await second.elsewhere.find()).toBeNull();
  second.stand = "working";
  dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  await expect.poll(() => first.found.mock.calls).toEqual([["working"]]);
  expect(first.returned).not.toHaveBeenCalled();
  second.elsewhere.stop();
  dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
  dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  await expect.poll(() => first.returned.mock.calls.length).toBe(1);
});

it("what is no message of ours, or is meant for another, changes nothing", async () => {
  const key = newKey();
  const first = openPlace(key, "working");
  const stranger = listen(key);
  const good = { fullbleed: "card", from: "x", type: "leave" };
  for (const bad of [
    null,
    "leave",
    [],
    { type: "leave" },
    { ...good, fullbleed: "other" },
    { ...good, from: "" },
    { ...good, from: "x".repeat(65) },
    { ...good, from: 7 },
    { ...good, to: "somebody else" },
    { ...good, to: 7 },
    { ...good, type: "burn" },
    { ...good, type: "stand" },
    { ...good, type: "stand", stand: "dancing" },
  ])
    stranger.say(bad);
  stranger.say({ ...good, type: "who" });
  await expect.poll(() => stranger.heard).toContainEqual(expect.objectContaining({ type: "stand", to: "x" }));
  expect([first.left.mock.calls, first.found.mock.calls]).toEqual([[], []]);
  stranger.say(good);
  await expect.poll(() => first.left.mock.calls.length).toBe(1);
});

it.each([
  ["there is no BroadcastChannel", undefined],
  [
    "it is denied",
    vi.fn(function deny() {
      throw new DOMException("denied", "SecurityError");
    }),
  ],
])("where %s, nobody is heard of and nothing is waited for", async (_why, channel) => {
  vi.stubGlobal("BroadcastChannel", channel);
  const { elsewhere } = openPlace(newKey(), "working");
  elsewhere.noteStand();
  expect([await elsewhere.find(), await elsewhere.takeOver()]).toEqual([null, "free"]);
});

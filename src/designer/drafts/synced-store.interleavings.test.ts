import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import { colourBelow, type Design } from "#design/design.ts";
import { designOf, makeOpenPhoto } from "#image/testing/open-photo.ts";
import { createMemoryStore, type DeviceStore, type Draft, type KeptDraft, type SharedDrafts } from "./draft-store.ts";
import { createSyncedStore } from "./synced-store.ts";
import { makeServer } from "./testing/draft-server.ts";

const [product] = products;
/** Two of each device: of one that both send nobody could tell whether it was deleted in between. */
const photos = ["a", "b", "c", "d"].map((name) => ({ sha256: name.repeat(64), bytes: new Blob([name]) }));
const places = { xMm: 1, yMm: 2, mmPerPx: 0.03, rotationDeg: 0, mirrored: false } as const;

/** Every card there is has a number, which stands in its colour. */
function cardOf(number: number, photo: number): Draft {
  const of = photos[photo]!;
  const ground = `#${number.toString(16).padStart(6, "0")}`;
  return { design: { ...designOf(makeOpenPhoto(of), places, product), ground }, photo: of };
}
const numberOf = (design: Design | null | undefined): number | null =>
  design ? Number.parseInt(colourBelow(design).slice(1), 16) : null;

let pages: EventTarget[] = [];
beforeEach(() => {
  vi.stubGlobal("addEventListener", (...call: Parameters<EventTarget["addEventListener"]>) =>
    pages.at(-1)?.addEventListener(...call),
  );
});
afterEach(() => void vi.unstubAllGlobals());

/** What belongs to a page ends with it: whatever it still waits for never comes. */
function until<Thing extends object>(isGone: () => boolean, thing: Thing): Thing {
  return new Proxy(thing, {
    get(target, name) {
      const method = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>;
      return (...given: unknown[]) =>
        new Promise((resolve, reject) => {
          if (isGone()) return;
          const pass = (settle: (value: unknown) => void) => (value: unknown) => void (isGone() || settle(value));
          method.apply(target, given).then(pass(resolve), pass(reject));
        });
    },
  });
}

/** A device with one page, and what its cardholder has seen there. */
class Device {
  readonly memory: DeviceStore = createMemoryStore();
  readonly #server: ReturnType<typeof makeServer>;
  page = new EventTarget();
  store!: SharedDrafts;
  /** The last card on its screen; null for none. */
  shown: number | null = null;
  isDeleting = false;
  isOpening = false;
  /** Everything was deleted, and nothing lies there since. */
  isEmpty = false;
  #openings = 0;
  /** All that were on its screen, or gave way to one that was. */
  readonly seen = new Set<number | null>();

  constructor(server: ReturnType<typeof makeServer>) {
    this.#server = server;
    this.reload();
  }

  reload(): void {
    const page = new EventTarget();
    this.#openings += 1;
    [this.page, this.shown, this.isDeleting, this.isOpening] = [page, null, false, false];
    pages = [page];
    const isGone = (): boolean => page !== this.page;
    this.store = createSyncedStore({
      device: until(isGone, this.memory),
      server: until(isGone, this.#server.drafts),
      makeBare: async (bytes) => ({ sha256: photos.find((photo) => photo.bytes === bytes)?.sha256 ?? "", bytes }),
      hasDraft: true,
      onOvertaken: () => {},
    });
  }

  show(number: number | null): void {
    [this.shown, this.isEmpty] = [number, false];
    this.seen.add(number);
  }

  async open(read: () => Promise<Draft | null>): Promise<void> {
    const { store } = this;
    this.#openings += 1;
    const own = this.#openings;
    this.isOpening = true;
    const found = await read().catch(() => null);
    // Another has been begun, or everything is being deleted.
    if (own !== this.#openings) return;
    this.isOpening = false;
    if (found === null) return;
    store.takeOther(found);
    this.show(numberOf(found.design));
    await store.write(found);
  }

  async isResting(): Promise<boolean> {
    const kept = await this.memory.read();
    const isSent = kept === null || kept.sync.state !== "unsent" || this.store.isOvertaken();
    return isSent && !this.isDeleting && !this.isOpening;
  }

  async delete(): Promise<void> {
    const { store } = this;
    this.#openings += 1;
    [this.isDeleting, this.isOpening, this.shown, this.isEmpty] = [true, false, null, true];
    await store.deleteAll();
    this.isDeleting = false;
  }
}

type Step = readonly [kind: (typeof kinds)[number], device: number, number: number];
const kinds = [
  "edit",
  "edit",
  "read",
  "reload",
  "delete",
  "own",
  "other",
  "deaf",
  "away",
  "online",
  "go",
  "go",
  "go",
  "go",
] as const;
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom(...kinds),
  fc.integer({ min: 0, max: 1 }),
  fc.integer({ min: 0, max: 7 }),
);
/** Whatever waits for nobody's answer has been done, a digest included. */
async function settled(): Promise<void> {
  for (let n = 0; n < 3; n += 1) {
    await crypto.subtle.digest("SHA-256", new Uint8Array(1));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
const mostRounds = 300;

/**
 * Calls wait at the server's door, before and after it does what they ask, until `go` lets one of them pass: any order of
 * requests and answers comes about.
 */
class Visit {
  readonly server = makeServer();
  readonly devices = [new Device(this.server), new Device(this.server)] as const;
  readonly trouble: string[] = [];
  readonly #waiting: (() => void)[] = [];
  #isOpen = false;
  readonly #makers: Device[] = [];

  constructor() {
    const deleted = new Set<number | null>();
    this.server.setPause(() =>
      this.#isOpen ? Promise.resolve() : new Promise<void>((resolve) => void this.#waiting.push(resolve)),
    );
    this.server.onChange((before, after) => {
      const [was, is] = [numberOf(before), numberOf(after)];
      if (is === null) return void deleted.add(was);
      if (deleted.has(is)) this.trouble.push(`${is} has come back`);
      if (!this.#makers[is]?.seen.has(is)) this.trouble.push(`${is} was written and never seen`);
      if (was !== null && !this.#makers[is]?.seen.has(was)) this.trouble.push(`${was} gave way to ${is} unseen`);
    });
  }

  async run([kind, at, number]: Step): Promise<void> {
    const device = this.devices[at]!;
    const { store } = device;
    switch (kind) {
      case "edit":
        this.#makers.push(device);
        device.show(this.#makers.length - 1);
        void store.write(cardOf(this.#makers.length - 1, 2 * at + (number % 2)));
        break;
      case "read":
        if (device.shown === null) void device.open(() => store.read());
        break;
      case "reload":
        device.reload();
        void device.open(() => device.store.read());
        break;
      case "delete":
        if (!device.isDeleting) void device.delete();
        break;
      case "own":
        device.seen.add(numberOf(this.server.design()));
        store.keepOwn();
        break;
      case "other":
        if (store.isOvertaken()) void device.open(() => store.readOther());
        break;
      case "deaf":
        this.server.away.isDeaf = number > 4;
        break;
      case "away":
        this.server.away.isAway = number > 4;
        break;
      case "online":
        device.page.dispatchEvent(new Event("online"));
        break;
      case "go":
        this.#waiting.splice(number % Math.max(1, this.#waiting.length), 1)[0]?.();
    }
    await settled();
  }

  /** Everybody is online, and whatever is asked is done, until nothing more happens. */
  async end(): Promise<void> {
    Object.assign(this.server.away, { isAway: false, isDeaf: false });
    this.#isOpen = true;
    for (let round = 0; round < mostRounds; round += 1) {
      for (const go of this.#waiting.splice(0)) go();
      // What is under way then is begun again.
      if (round % 10 === 0) for (const { page } of this.devices) page.dispatchEvent(new Event("online"));
      await settled();
      const resting = await Promise.all(this.devices.map((device) => device.isResting()));
      if (round > 0 && resting.every(Boolean)) return;
    }
    throw new Error("nothing comes to rest");
  }
}

function requireKept({ shown, isEmpty, store }: Device, kept: KeptDraft | null, there: number | null): void {
  if (isEmpty && kept !== null) throw new Error(`the device has ${numberOf(kept.design)}, which was deleted`);
  if (shown === null) return;
  const number = numberOf(kept?.design);
  if (number !== shown) throw new Error(`the device has ${number}, not ${shown}`);
  if (kept?.sync.state === "unsent" && !store.isOvertaken()) throw new Error(`${shown} was never sent`);
  // What was sent is there, unless another has taken its place or it was deleted.
  if (kept?.sync.state === "sent" && there !== null && there < shown) throw new Error(`${shown} is not there`);
}

it("whatever two devices do, and in whatever order it arrives: what was deleted stays deleted, nothing gives way unseen, and each device keeps its last card", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
      const visit = new Visit();
      for (const one of steps) await visit.run(one);
      await visit.end();
      expect(visit.trouble).toEqual([]);
      for (const device of visit.devices)
        requireKept(device, await device.memory.read(), numberOf(visit.server.design()));
    }),
    { numRuns: 400 },
  );
});

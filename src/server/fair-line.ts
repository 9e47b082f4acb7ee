import { Problem } from "#contracts/problem.ts";

interface Waiting {
  readonly key: string;
  readonly begin: () => void;
  readonly refuse: (why: unknown) => void;
}

/** A place in the line for work that is on its way. What comes of it shows soon: for a quarter of a second it is expected. */
export interface Reservation {
  /**
   * For a quarter of a second from now, unless a key that has fewer needs it. Throws Problem("overloaded") when there is no place,
   * unless it is `needed` whatever the line's length.
   */
  hold(needed: boolean): void;
  /** Gives the place back, and is expected no more; it may be held again. */
  letGo(): void;
}

export interface FairLine {
  /** How many are being done now, and how many wait. */
  size(): { readonly busy: number; readonly waiting: number };
  /** Throws Problem("overloaded") when one more of this key could not wait now, so that nothing is done for it in vain. */
  reserve(key: string): Reservation;
  /**
   * Does the work once it is its turn. Throws Problem("overloaded") when too many wait already, or the reason of `gone` when
   * whoever asked has gone and others wait. With a reservation all has come by now: it waits however many
   * others do, and gives way only as the last of the key that has most.
   */
  run<Result>(key: string, gone: AbortSignal, work: () => Promise<Result>, reservation?: Reservation): Promise<Result>;
}

/** A place that is kept for what is on its way. */
interface Kept {
  readonly key: string;
  readonly letGo: () => void;
}

/** The places that are kept, by key, the one kept for longest first. */
function createKept() {
  const byKey = new Map<string, Set<Kept>>();
  let size = 0;
  return {
    size: () => size,
    keys: () => byKey.keys(),
    countOf: (key: string): number => byKey.get(key)?.size ?? 0,
    firstOf: (key: string): Kept | undefined => byKey.get(key)?.values().next().value,
    has: (place: Kept): boolean => byKey.get(place.key)?.has(place) === true,
    add(place: Kept): void {
      byKey.set(place.key, (byKey.get(place.key) ?? new Set()).add(place));
      size += 1;
    },
    delete(place: Kept): void {
      const own = byKey.get(place.key);
      if (own?.delete(place) !== true) return;
      if (own.size === 0) byKey.delete(place.key);
      size -= 1;
    },
  };
}

/** Those who wait, by key, the key whose turn is next first; and how many are on their way. */
function createRounds(most: number) {
  const rounds = new Map<string, Waiting[]>();
  const kept = createKept();
  const expected = new Set<Reservation>();
  let waiting = 0;
  const count = (): number => waiting + kept.size();
  const sizeOf = (key: string): number => (rounds.get(key)?.length ?? 0) + kept.countOf(key);
  const drop = (one: Waiting): boolean => {
    const own = rounds.get(one.key) ?? [];
    const at = own.indexOf(one);
    if (at < 0) return false;
    own.splice(at, 1);
    if (own.length === 0) rounds.delete(one.key);
    waiting -= 1;
    return true;
  };
  /** The key that has most places, if that is still the larger one once this key has one more. */
  const findSurplus = (key: string): string | undefined => {
    const longest = [...rounds.keys(), ...kept.keys()].reduce(
      (one, other) => (sizeOf(other) > sizeOf(one) ? other : one),
      key,
    );
    return sizeOf(longest) > sizeOf(key) + 1 ? longest : undefined;
  };
  const makeRoom = (key: string): void => {
    if (count() < most) return;
    const surplus = findSurplus(key);
    if (surplus === undefined) throw new Problem("overloaded");
    // Whoever is on his way loses nothing but the place; of those who wait the last gives way.
    const first = kept.firstOf(surplus);
    if (first !== undefined) return first.letGo();
    const last = rounds.get(surplus)?.at(-1);
    if (last !== undefined && drop(last)) last.refuse(new Problem("overloaded"));
  };
  return {
    drop,
    waiting: () => waiting,
    makeRoom,
    expected,
    kept,
    requireRoom(key: string): void {
      // Of a crowd that comes while little waits, most may be slow: it need not fit.
      const places = count() < most / 2 ? most : most - expected.size;
      if (count() >= places && findSurplus(key) === undefined) throw new Problem("overloaded");
    },
    add(one: Waiting, isWhole: boolean): void {
      if (!isWhole) makeRoom(one.key);
      rounds.set(one.key, [...(rounds.get(one.key) ?? []), one]);
      waiting += 1;
    },
    next(): Waiting | undefined {
      for (const [key, [first, ...others]] of rounds) {
        rounds.delete(key);
        // To the end: every other key comes before this one's next.
        if (others.length > 0) rounds.set(key, others);
        waiting -= 1;
        return first;
      }
      return undefined;
    },
  };
}

const expectedMs = 250;

function createReservation(rounds: ReturnType<typeof createRounds>, key: string): Reservation {
  const letGo = (): void => {
    rounds.expected.delete(reservation);
    rounds.kept.delete(place);
  };
  const place: Kept = { key, letGo };
  const timer = setTimeout(letGo, expectedMs).unref();
  const reservation: Reservation = {
    hold(needed) {
      rounds.expected.delete(reservation);
      timer.refresh();
      if (rounds.kept.has(place)) return;
      if (!needed) rounds.makeRoom(key);
      rounds.kept.add(place);
    },
    letGo,
  };
  rounds.expected.add(reservation);
  return reservation;
}

/**
 * Work of which `slots` are done at a time and `places` may wait, served in turn by key, so that whoever asks for much waits for
 * himself. Work for those who have gone counts for nothing: it is done while nobody waits, and is dropped otherwise; of more than `places`
 * the oldest is.
 */
export function createFairLine({ slots, places }: { readonly slots: number; readonly places: number }): FairLine {
  const rounds = createRounds(places);
  const left = new Map<Waiting, AbortSignal>();
  let working = 0;

  const takeNext = (): Waiting | undefined => {
    const next = rounds.next();
    if (next !== undefined) {
      for (const [one, { reason }] of left) one.refuse(reason);
      left.clear();
      return next;
    }
    const [first] = left.keys();
    if (first !== undefined) left.delete(first);
    return first;
  };
  const serve = (): void => {
    while (working < slots) {
      const next = takeNext();
      if (next === undefined) return;
      working += 1;
      next.begin();
    }
  };
  const waitForTurn = (key: string, gone: AbortSignal, reservation: Reservation | undefined): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const one: Waiting = { key, begin: resolve, refuse: reject };
    reservation?.letGo();
    const keepLeft = (): void => {
      left.set(one, gone);
      const [oldest] = left.keys();
      if (left.size > places && oldest !== undefined && left.delete(oldest)) oldest.refuse(gone.reason);
    };
    const leave = (): void => void (rounds.drop(one) && keepLeft());
    if (gone.aborted) keepLeft();
    else {
      rounds.add(one, reservation !== undefined);
      gone.addEventListener("abort", leave, { once: true });
    }
    serve();
    return promise;
  };
  return {
    size: () => ({ busy: working, waiting: rounds.waiting() }),
    reserve(key) {
      rounds.requireRoom(key);
      return createReservation(rounds, key);
    },
    async run(key, gone, work, reservation) {
      await waitForTurn(key, gone, reservation);
      try {
        return await work();
      } finally {
        working -= 1;
        serve();
      }
    },
  };
}

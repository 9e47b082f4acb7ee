import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { finalStates, type SubmissionState, submissionState } from "#contracts/submission.ts";
import { type Cause, next, outweighs, transitions, type Word } from "./machine.ts";

const states = submissionState.options as readonly SubmissionState[];
const causes = [...new Set(states.flatMap((state) => Object.keys(transitions[state]) as Cause[]))];
/** Whatever can come while the id is not found to be another picture's. */
const owned = fc.array(fc.constantFrom(...causes.filter((cause) => cause !== "disowned")), { maxLength: 40 });

/** Every state passed through, the first included. */
function walk(from: SubmissionState, given: readonly Cause[]): SubmissionState[] {
  const seen = [from];
  for (const cause of given) {
    const to = next(seen.at(-1) ?? from, cause);
    if (to !== "refused") seen.push(to);
  }
  return seen;
}

describe("the submission's states", () => {
  test("once nobody knows whether the platform has the picture, only proof of absence or a person sends it again", () => {
    const careful = fc.array(fc.constantFrom(...causes.filter((cause) => !["absent", "resent"].includes(cause))), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(fc.constantFrom<SubmissionState>("unknown", "held", "accepted-no-id"), careful, (from, given) => {
        const passed = walk(from, given);
        expect(passed).not.toContain("queued");
        expect(passed).not.toContain("sending");
      }),
    );
  });

  test("a picture that the platform has taken is never sent again, whoever says so", () => {
    const taken = ["accepted-no-id", "accepted", "in-review", "approved", "rejected", "rejected-image"] as const;
    fc.assert(
      fc.property(fc.constantFrom<SubmissionState>(...taken), owned, (from, given) => {
        const passed = walk(from, given);
        for (const state of ["queued", "sending", "unknown", "held"]) expect(passed).not.toContain(state);
      }),
    );
  });

  test("a second image id finds no state that takes it", () => {
    for (const state of ["accepted", "in-review", "approved", "rejected", "rejected-image", "abandoned"] as const)
      for (const cause of ["accepted", "notified", "bound"] as const) expect(next(state, cause)).toBe("refused");
  });

  test("ends stay ends, except that the platform may change its verdict, and that they may be deleted", () => {
    fc.assert(
      fc.property(fc.constantFrom(...finalStates), owned, (from, given) => {
        const passed = walk(from, given).slice(1);
        const ends = ["purging", "purged"];
        const open = from === "approved" || from === "rejected" ? ["approved", "rejected", ...ends] : ends;
        for (const state of passed) expect(open).toContain(state);
      }),
    );
  });

  test("only a committed attempt leads to sending, and only from the queue", () => {
    for (const state of states)
      for (const cause of causes)
        if (next(state, cause) === "sending") expect([state, cause]).toEqual(["queued", "attempt-begun"]);
  });

  test("every state can be reached from the first", () => {
    const reached = new Set<SubmissionState>(["stored"]);
    for (const state of reached) for (const to of Object.values(transitions[state])) reached.add(to);
    expect([...reached].sort()).toEqual([...states].sort());
  });

  test("deleting may be asked for in every state, and from then on nothing is sent or decided any more", () => {
    for (const state of states) {
      if (state === "purging" || state === "purged") continue;
      expect(next(state, "purge-asked")).toBe("purging");
    }
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...causes), { maxLength: 40 }), (given) => {
        for (const state of walk("purging", given)) expect(["purging", "purged"]).toContain(state);
      }),
    );
    for (const cause of causes) {
      expect(next("purged", cause)).toBe("refused");
      // Nothing that the platform says by itself calls it purged, and so nothing that was on its way.
      if (cause !== "purged" && cause !== "abandoned") expect(next("purging", cause)).not.toBe("purged");
      for (const state of states) if (state !== "purging") expect(next(state, cause)).not.toBe("purged");
    }
  });

  test("no state is without a way out but the one in which nothing is left", () => {
    const stuck = states.filter((state) => Object.keys(transitions[state]).length === 0);
    expect(stuck).toEqual(["purged"]);
  });

  test("from every state of doubt a person can end it", () => {
    for (const state of ["held", "unknown", "accepted-no-id"] as const)
      for (const cause of ["bound", "abandoned"] as const) expect(next(state, cause)).not.toBe("refused");
    expect(next("held", "resent")).toBe("queued");
  });
});

/**
 * What can become of one attempt, and what can be said of it without a lie. A platform may have kept the picture whatever it
 * answers, unless it answers with a code that says otherwise.
 */
type Fate =
  | "accepted"
  | "image-refused"
  | "misconfigured"
  | "not-sent"
  | "lost-stored"
  | "lost-not-stored"
  | "died-stored";
interface World {
  state: SubmissionState;
  stored: boolean;
  sends: number;
  sentWhileStored: number;
  resentByHand: boolean;
}

/** One thing that happens, if it can happen now. Evidence is given only where it would be true. */
type Happening =
  | { readonly kind: "send"; readonly fate: Fate }
  | { readonly kind: "late-reply" | "notification" | "search" | "window-ends" | "bind" | "resend" | "abandon" };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("send" as const),
      fate: fc.constantFrom<Fate>(
        "accepted",
        "image-refused",
        "misconfigured",
        "not-sent",
        "lost-stored",
        "lost-not-stored",
        "died-stored",
      ),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom("late-reply" as const, "notification" as const, "search" as const, "window-ends" as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom("bind" as const, "resend" as const, "abandon" as const) }),
  },
);

function apply(world: World, cause: Cause): void {
  const to = next(world.state, cause);
  if (to !== "refused") world.state = to;
}

function happen(world: World, event: Happening): void {
  switch (event.kind) {
    case "send": {
      if (world.state !== "queued") return;
      apply(world, "attempt-begun");
      world.sends += 1;
      if (world.stored) world.sentWhileStored += 1;
      const stores = event.fate === "accepted" || event.fate === "lost-stored" || event.fate === "died-stored";
      world.stored ||= stores;
      const answers: Partial<Record<Fate, Cause>> = {
        accepted: "accepted",
        "image-refused": "image-refused",
        misconfigured: "misconfigured",
        "not-sent": "not-sent",
      };
      return apply(world, answers[event.fate] ?? "unclear");
    }
    case "late-reply":
      return world.stored ? apply(world, "accepted") : undefined;
    case "notification":
      return world.stored ? apply(world, "notified") : undefined;
    case "search":
      return apply(world, world.stored ? "found" : "absent");
    case "window-ends":
      return apply(world, "undecided");
    case "bind":
      return world.stored ? apply(world, "bound") : undefined;
    case "resend":
      world.resentByHand ||= world.state === "held";
      return apply(world, "resent");
    case "abandon":
      return apply(world, "abandoned");
  }
}

describe("whatever arrives, in whatever order", () => {
  const run = (events: readonly Happening[]): World => {
    const world: World = { state: "queued", stored: false, sends: 0, sentWhileStored: 0, resentByHand: false };
    for (const event of events) happen(world, event);
    return world;
  };

  test("nothing is sent while the platform has it, unless a person has taken that risk", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (events) => {
        const world = run(events);
        if (!world.resentByHand) expect(world.sentWhileStored).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });

  test("no acknowledged picture is lost: with the platform well again, it arrives or a person has decided", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (events) => {
        const world = run(events);
        for (const kind of ["search", "search"] as const) happen(world, { kind });
        happen(world, { kind: "send", fate: "accepted" });
        happen(world, { kind: "notification" });
        expect(["accepted", "rejected-image", "abandoned"]).toContain(world.state);
        if (world.state === "accepted") expect(world.stored).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the platform's words", () => {
  const word = fc.record({
    state: fc.constantFrom("pending" as const, "accepted" as const, "rejected" as const),
    rejectionCode: fc.constant(null),
    decidedAt: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
  }) satisfies fc.Arbitrary<Word>;

  const last = (words: readonly Word[]): Word["state"] | undefined =>
    words.reduce<Word | undefined>(
      (known, one) => (known === undefined || outweighs(one, known) ? one : known),
      undefined,
    )?.state;

  test("told with their times come to the same verdict in any order, however often they are repeated", () => {
    const timed = fc.array(
      word.map((one) => ({ ...one, decidedAt: one.decidedAt ?? 1 })),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(timed, fc.integer(), (words, seed) => {
        const shuffled = words
          .flatMap((one, index) => [one, words[(index * 7 + seed) % words.length] ?? one])
          .map((one, index) => ({ one, at: Math.sin(seed + index) }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const known = new Set(words.map((one) => JSON.stringify(one)));
        expect(last(shuffled.filter((one) => known.has(JSON.stringify(one))))).toBe(last(words));
      }),
    );
  });

  test("told without their times: a verdict outweighs none, and a rejection an approval", () => {
    const untimed = fc.array(
      word.map((one) => ({ ...one, decidedAt: null })),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(untimed, (words) => {
        const told = words.map((one) => one.state);
        const expected = (["rejected", "accepted", "pending"] as const).find((state) => told.includes(state));
        expect(last(words)).toBe(expected);
      }),
    );
  });
});

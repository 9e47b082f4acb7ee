import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { finalStates, type SubmissionState, submissionState } from "#contracts/submission.ts";
import { type Evidence, moves, next } from "./machine.ts";

const states = submissionState.options as readonly SubmissionState[];
const evidences: readonly Evidence[] = [...new Set(states.flatMap((state) => Object.keys(moves[state]) as Evidence[]))];
const anyEvidence = fc.array(fc.constantFrom(...evidences), { maxLength: 40 });

/** Every state passed through, the first included. */
function walk(from: SubmissionState, evidence: readonly Evidence[]): SubmissionState[] {
  const seen = [from];
  for (const piece of evidence) {
    const to = next(seen.at(-1) ?? from, piece);
    if (to !== "refused") seen.push(to);
  }
  return seen;
}

describe("the submission's states", () => {
  test("once nobody knows whether the platform has the picture, no evidence ever sends it again", () => {
    fc.assert(
      fc.property(fc.constantFrom<SubmissionState>("unknown", "held"), anyEvidence, (from, evidence) => {
        const passed = walk(from, evidence);
        expect(passed).not.toContain("queued");
        expect(passed).not.toContain("sending");
        expect(passed).not.toContain("blocked-config");
      }),
    );
  });

  test("a picture that the platform has taken is never sent again", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<SubmissionState>("accepted", "in-review", "approved", "rejected", "rejected-image"),
        anyEvidence,
        (from, evidence) => {
          const passed = walk(from, evidence).slice(1);
          for (const state of ["queued", "sending", "unknown", "held", "accepted"]) expect(passed).not.toContain(state);
        },
      ),
    );
  });

  test("a second image id finds no state that takes it", () => {
    for (const state of ["accepted", "in-review", "approved", "rejected", "rejected-image"] as const) {
      expect(next(state, "accepted")).toBe("refused");
    }
  });

  test("ends stay ends, except that an approval may be taken back", () => {
    fc.assert(
      fc.property(fc.constantFrom(...finalStates), anyEvidence, (from, evidence) => {
        const passed = walk(from, evidence).slice(1);
        expect(passed).toEqual(from === "approved" && evidence.includes("review-rejected") ? ["rejected"] : []);
      }),
    );
  });

  test("only a committed attempt leads to sending, and only from the queue", () => {
    for (const state of states) {
      for (const evidence of evidences) {
        if (next(state, evidence) === "sending") expect([state, evidence]).toEqual(["queued", "attempt-committed"]);
      }
    }
  });

  test("every state can be reached from the first", () => {
    const reached = new Set<SubmissionState>(["stored"]);
    for (const state of reached) for (const to of Object.values(moves[state])) reached.add(to);
    expect([...reached].sort()).toEqual([...states].sort());
  });

  test("from every state but the rejections something can still happen", () => {
    const stuck = states.filter((state) => Object.keys(moves[state]).length === 0);
    expect(stuck).toEqual(["rejected", "rejected-image"]);
  });

  test("the same notification twice moves once", () => {
    fc.assert(
      fc.property(fc.constantFrom(...evidences.filter((kind) => kind.startsWith("review-"))), (review) => {
        expect(walk("accepted", [review, review])).toHaveLength(2);
      }),
    );
  });
});

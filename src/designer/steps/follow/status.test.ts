import { describe, expect, it } from "vitest";
import { type SubmissionState, statesThatAllowAnother, submissionState } from "#contracts/submission.ts";
import { ar } from "../../locales/ar.ts";
import { en } from "../../locales/en.ts";
import { rejectionReason, statusKind, timelineOf } from "./status.ts";

const states = submissionState.options;

describe.each(states)("%s", (state: SubmissionState) => {
  it("has four stations, of which at most one is going on or stopped", () => {
    const entries = timelineOf(state);
    expect(entries).toHaveLength(4);
    expect(entries.filter((entry) => entry.state === "now" || entry.state === "stopped").length).toBeLessThanOrEqual(1);
    const order = entries.map((entry) => ["done", "now", "stopped", "later"].indexOf(entry.state));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it("speaks of sending again only where that is possible", () => {
    const texts = [en[`follow.title.${statusKind(state)}`], en[`follow.lead.${statusKind(state)}`]].join(" ");
    const invites = /send (it )?again/.test(texts) && !/do not send it again/.test(texts);
    expect(invites).toBe(statesThatAllowAnother.has(state));
  });
});

it.each(["unknown", "held"] as const)("%s asks for patience, never for another try", (state) => {
  const kind = statusKind(state);
  const titles = { unknown: "We are checking with the card maker", held: "Somebody is looking after your design" };
  expect(en[`follow.title.${kind}`]).toBe(titles[state]);
  expect(en[`follow.lead.${kind}`]).toContain("do not send it again");
  expect(ar[`follow.lead.${kind}`]).toContain("ألا ترسله مرة أخرى");
});

it("does not say of a held one that it is stored safely, or that the card maker is asked: its picture may be lost, and never sent", () => {
  const kind = statusKind("held");
  const help = timelineOf("held").flatMap((entry) => (entry.help === null ? [] : [en[entry.help]]));
  const said = [en[`follow.title.${kind}`], en[`follow.lead.${kind}`], ...help];
  expect(said.join(" ")).not.toMatch(/stored safely|with the card maker|has arrived/);
});

it("gives a reason in words for every rejection, known or not", () => {
  const rest = { submissionId: "s", sequence: 1, hasPreview: true, pictureSha256: "", updatedAt: 1 };
  const reasonOf = (state: SubmissionState, rejectionCode: string | null) =>
    rejectionReason({ ...rest, state, rejectionCode });
  expect(reasonOf("rejected", "COPYRIGHT")).toBe("rejection.COPYRIGHT");
  const six = ["BRANDED", "COPYRIGHT", "INAPPROPRIATE", "OTHER", "PROMOTIONAL", "TRADEMARK"];
  const texts = six.map((code) => reasonOf("rejected", code) ?? "rejection.image");
  expect(new Set(texts.flatMap((id) => [en[id], ar[id]])).size).toBe(12);
  expect(reasonOf("rejected", "99")).toBe("rejection.other");
  expect(reasonOf("rejected", "constructor")).toBe("rejection.other");
  expect(reasonOf("rejected-image", null)).toBe("rejection.image");
  expect(reasonOf("approved", null)).toBeNull();
});

import type { Flow } from "../flow/flow.ts";
import type { SubmitAnswer } from "./answer-host.ts";

const missing = {
  photo: { code: "photo-missing", detail: "No photo has been placed on the card yet." },
  preview: { code: "preview-missing", detail: "The cardholder has to see the print preview first." },
  agreement: { code: "agreement-missing", detail: "The cardholder has not agreed to the picture rules." },
  change: { code: "rejected", detail: "The card maker rejected the design; the cardholder has to change it first." },
  doubt: { code: "same-picture", detail: "It is the picture that was rejected; the cardholder is asked about that." },
  answer: { code: "unknown", detail: "The session ended before it was known whether the design has arrived." },
  consent: { code: "declined", detail: "The page's own beforeSubmit did not let the design be sent." },
  sending: { code: "not-sent", detail: "The design could not be sent, or sending was stopped." },
} as const;

/** Sends if the cardholder has come so far; otherwise moves the screen to what is missing and says what that is. */
export async function submitDesign(flow: Flow): Promise<SubmitAnswer> {
  const fail = (what: keyof typeof missing): SubmitAnswer => ({ type: "submit-failed", ...missing[what] });
  const first = flow.state.getState();
  if (first.step === "pick" && first.hasDesign !== true) return fail("photo");
  if (first.step === "pick") flow.returnToDesign();
  if (flow.state.getState().step === "design") {
    await flow.showPreview();
    return fail("preview");
  }
  const submission = await flow.send();
  if (submission !== null) return { type: "submitted", submissionId: submission.submissionId };
  const after = flow.state.getState();
  if (after.step === "follow") return fail("change");
  if (after.step === "sending") return fail("answer");
  if (after.step !== "preview") return fail("sending");
  if (after.agreement === null) return fail("agreement");
  if (after.notice?.code === "send-declined") return fail("consent");
  return fail(after.asksSame === true ? "doubt" : "sending");
}

import type { FrameOptions } from "#contracts/frame-messages.ts";
import type { Flow } from "../flow/flow.ts";
import type { HostLink } from "../host/host-link.ts";

/** What the page hears of its request to send. */
type SubmitAnswer =
  | { readonly type: "submitted"; readonly submissionId: string }
  | { readonly type: "submit-failed"; readonly code: string; readonly detail: string };

interface Answers {
  readonly onOptions: (options: FrameOptions) => void;
  readonly submit: () => Promise<SubmitAnswer>;
}

/** Does what the issuer's page asks for: new options, focus, sending. Returns the way to stop. */
export function answerHost(host: HostLink, { onOptions, submit }: Answers): () => void {
  return host.onMessage((message) => {
    switch (message.type) {
      case "update":
        return onOptions(message.options);
      case "focus":
        return focusEdge(message.edge);
      case "submit":
        return void submit().then((answer) => host.send({ ...answer, id: message.id }));
    }
  });
}

const controls = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), [tabindex='0']";
// Leaves out the hidden file input, which Tab does not reach either.
const focusable = `:is(${controls}):not([tabindex='-1'])`;

/** Moves the focus to the first or last thing that can have it, as Tab would. */
function focusEdge(edge: "first" | "last"): void {
  const shown = [...document.querySelectorAll<HTMLElement>(focusable)].filter(
    (element) => element.getClientRects().length > 0,
  );
  shown.at(edge === "first" ? 0 : -1)?.focus();
}

const missing = {
  photo: { code: "photo-missing", detail: "No photo has been placed on the card yet." },
  preview: { code: "preview-missing", detail: "The cardholder has to see the print preview first." },
  agreement: { code: "agreement-missing", detail: "The cardholder has not agreed to the picture rules." },
  change: { code: "rejected", detail: "The card maker rejected the design; the cardholder has to change it first." },
  answer: { code: "unknown", detail: "The session ended before it was known whether the design has arrived." },
  sending: { code: "not-sent", detail: "The design could not be sent, or sending was stopped." },
} as const;

/** Sends if the cardholder has come so far; otherwise moves the screen to what is missing and says what that is. */
export async function submitDesign(flow: Flow): Promise<SubmitAnswer> {
  const fail = (what: keyof typeof missing): SubmitAnswer => ({ type: "submit-failed", ...missing[what] });
  const { step } = flow.state.getState();
  if (step === "pick") return fail("photo");
  if (step === "design") {
    await flow.showPreview();
    return fail("preview");
  }
  const submission = await flow.send();
  if (submission !== null) return { type: "submitted", submissionId: submission.submissionId };
  const after = flow.state.getState();
  if (after.step === "follow") return fail("change");
  if (after.step === "sending") return fail("answer");
  return fail(after.step === "preview" && after.agreement === null ? "agreement" : "sending");
}

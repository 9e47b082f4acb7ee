import type { CloseOutcome, FrameOptions } from "#contracts/frame-messages.ts";
import type { HostLink } from "../host/host-link.ts";
import { claimFocus } from "../ui/focus.ts";

/** What the page hears of its request to send. */
export type SubmitAnswer =
  | { readonly type: "submitted"; readonly submissionId: string }
  | { readonly type: "submit-failed"; readonly code: string; readonly detail: string };

interface Answers {
  readonly onOptions: (options: FrameOptions) => void;
  readonly submit: () => Promise<SubmitAnswer>;
  /** Keeps what is on the card, or discards it, before the page takes the designer away. */
  readonly close: (discard: boolean) => Promise<CloseOutcome>;
}

/** Does what the issuer's page asks for: new options, focus, sending. Returns the way to stop. */
export function answerHost(host: HostLink, { onOptions, submit, close }: Answers): () => void {
  return host.onMessage((message) => {
    switch (message.type) {
      case "update":
        return onOptions(message.options);
      case "focus":
        return focusEdge(message.edge);
      case "submit":
        claimFocus();
        return void submit().then((answer) => host.send({ ...answer, id: message.id }));
      case "close":
        return void close(message.discard).then((outcome) => host.send({ type: "closed", outcome }));
    }
  });
}

const controls = "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), [tabindex='0']";
// Leaves out the hidden file input, which Tab does not reach either.
const focusable = `:is(${controls}):not([tabindex='-1'])`;

/** Moves the focus to the first or last thing that can have it, as Tab would. */
function focusEdge(edge: "first" | "last"): void {
  const shown = [...document.querySelectorAll<HTMLElement>(focusable)].filter(
    (element) => element.getClientRects().length > 0 && element.closest("[inert]") === null,
  );
  shown.at(edge === "first" ? 0 : -1)?.focus();
}

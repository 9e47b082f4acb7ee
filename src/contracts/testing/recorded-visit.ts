import later from "./frame-protocol-v1-later.json" with { type: "json" };
import recording from "./frame-protocol-v1.json" with { type: "json" };

export interface RecordedMessage {
  readonly from: "frame" | "loader";
  /** Between the two windows, or through the port that `connect` brings. */
  readonly over: "window" | "port";
  readonly message: Readonly<Record<string, unknown>>;
}

/**
 * Every message of one visit in protocol version 1, in order: the built loader and designer on the demo's two sites, taken
 * down where each message arrived. The page focuses and submits too early, changes its options, refuses one refresh and
 * answers the next; the cardholder picks a broken file and a photo, sends the design and sees it approved; then the frame is
 * reloaded. Only nonces, secrets and ids are replaced. It is history: a later protocol gets a recording of its own.
 */
export const visitV1 = recording as readonly RecordedMessage[];

/**
 * A visit on a phone with all messages that version 1 has been given since, of 30 November 2026, taken down in the same way. The page has
 * a scheme, a picker and a `beforeSubmit` of its own: its picker is cancelled, fails and gives a photo, which is left out here as all files
 * are; the cardholder leaves and comes back, would rather have the upright card, is refused and stops; the visit is over, and goes on in a
 * frame that is loaded again; the design is sent after a refresh that fails; a load is refused, the next one ends with `close`.
 * A message that is added needs a recording in which it occurs: of a page and a frame that are of that day. `recordVisit` of
 * `e2e/support/record-visit.ts` takes one down in any journey; that of the guide leaves its own as `visit.json` in `.cache/journeys/`.
 */
export const visitV1Later = later as readonly RecordedMessage[];

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

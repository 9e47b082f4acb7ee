import { setTimeout as sleep } from "node:timers/promises";
import { finalStates, type SubmissionState } from "#contracts/submission.ts";
import { isKept } from "../sessions/sessions.ts";
import type { Context } from "../state/transition.ts";
import { toViewAt } from "../state/view.ts";
import type { SubmissionTable } from "../store/schema.ts";

export interface StreamOptions {
  readonly submission: Pick<SubmissionTable, "id" | "picture_sha256">;
  /** Of its reader: once that is ended or deleted, so is the stream. */
  readonly sessionId: string;
  /** Events after this sequence are sent. */
  readonly after: number;
  readonly heartbeatMs: number;
  /** The stream ends then, so that a reader comes back with a fresh token. */
  readonly longestMs: number;
  /** Aborted when the reader has gone, its session is ended here, or the server stops. */
  readonly signal: AbortSignal;
}

/** Events read from the table in one go. */
const batch = 100;

/** Resolves after a change, after `ms`, or when the signal aborts. */
async function waitForChange(
  context: Context,
  { submission, signal }: StreamOptions,
  ms: number,
  recheck: () => Promise<boolean>,
): Promise<void> {
  const done = new AbortController();
  const stop = context.notifier.listen(submission.id, () => done.abort());
  const either = AbortSignal.any([signal, done.signal]);
  try {
    // A change between the last look and the listening would otherwise be seen a heartbeat late.
    if (await recheck()) return;
    await sleep(ms, undefined, { signal: either }).catch(() => undefined);
  } finally {
    stop();
  }
}

/**
 * Server-sent events of one submission: first what the table has after `after`, then each change as it comes, then a
 * comment every `heartbeatMs`, at which changes made by other processes, and that one of them has ended the session, are found too.
 * Ends after a final state.
 */
export async function* streamEvents(context: Context, options: StreamOptions): AsyncGenerator<string> {
  const endsAt = Date.now() + options.longestMs;
  let last = options.after;
  let state: SubmissionState | undefined;
  const readOn = () =>
    context.store
      .selectFrom("events")
      .select(["sequence", "to_state", "detail", "at"])
      .where("submission_id", "=", options.submission.id)
      .where("sequence", ">", last)
      .orderBy("sequence")
      .limit(batch)
      .execute();
  yield "retry: 2000\n\n";
  while (!options.signal.aborted && (await isKept(context.store, options.sessionId))) {
    const events = await readOn();
    for (const event of events) {
      last = event.sequence;
      state = event.to_state;
      yield `id: ${last}\nevent: status\ndata: ${JSON.stringify(toViewAt(options.submission, event))}\n\n`;
    }
    if (events.length === batch) continue;
    state ??= await stateAt(context, options.submission.id, last);
    if (state !== undefined && finalStates.has(state)) return;
    const leftMs = endsAt - Date.now();
    if (leftMs <= 0) return;
    await waitForChange(
      context,
      options,
      Math.min(options.heartbeatMs, leftMs),
      async () => (await readOn()).length > 0,
    );
    if (!options.signal.aborted) yield ": still here\n\n";
  }
}

/** In which a reader who has seen everything up to `sequence` knows the submission to be. */
async function stateAt(context: Context, submissionId: string, sequence: number): Promise<SubmissionState | undefined> {
  const event = await context.store
    .selectFrom("events")
    .select("to_state")
    .where("submission_id", "=", submissionId)
    .where("sequence", "=", sequence)
    .executeTakeFirst();
  return event?.to_state;
}

import { setTimeout as sleep } from "node:timers/promises";
import { finalStates, submissionView } from "#contracts/submission.ts";
import type { Context } from "../state/transition.ts";

export interface StreamOptions {
  readonly submissionId: string;
  /** Events after this sequence are sent. */
  readonly after: number;
  readonly heartbeatMs: number;
  /** The stream ends then, so that a reader comes back with a fresh token. */
  readonly longestMs: number;
  /** Aborted when the reader has gone or the server stops. */
  readonly signal: AbortSignal;
}

/** Events read from the table in one go. */
const batch = 100;

/** Resolves after a change, after `ms`, or when the signal aborts. */
async function waitForChange(
  context: Context,
  { submissionId, signal }: StreamOptions,
  ms: number,
  recheck: () => Promise<boolean>,
): Promise<void> {
  const done = new AbortController();
  const stop = context.notifier.listen(submissionId, () => done.abort());
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
 * comment every `heartbeatMs`, at which changes made by other processes are found too. Ends after a final state.
 */
export async function* streamEvents(context: Context, options: StreamOptions): AsyncGenerator<string> {
  const endsAt = Date.now() + options.longestMs;
  let last = options.after;
  const readOn = () =>
    context.store
      .selectFrom("events")
      .select(["sequence", "view"])
      .where("submission_id", "=", options.submissionId)
      .where("sequence", ">", last)
      .orderBy("sequence")
      .limit(batch)
      .execute();
  yield "retry: 2000\n\n";
  while (!options.signal.aborted) {
    const events = await readOn();
    for (const { sequence, view } of events) {
      last = sequence;
      yield `id: ${sequence}\nevent: status\ndata: ${view}\n\n`;
    }
    if (events.length === batch) continue;
    if (await hasEnded(context, options.submissionId, last)) return;
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

async function hasEnded(context: Context, submissionId: string, last: number): Promise<boolean> {
  const event = await context.store
    .selectFrom("events")
    .select("view")
    .where("submission_id", "=", submissionId)
    .where("sequence", "=", last)
    .executeTakeFirst();
  return event !== undefined && finalStates.has(submissionView.parse(JSON.parse(event.view)).state);
}

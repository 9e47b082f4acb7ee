import { Problem } from "#contracts/problem.ts";
import type { SessionView } from "#contracts/session.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { finalStates } from "#contracts/submission-state.ts";
import type { Access, Shown } from "./access.ts";
import { isSubmissionView } from "./answers.ts";
import { anySignal } from "./any-signal.ts";
import {
  abortable,
  asFailure,
  backOffMs,
  endsSession,
  ForeignAnswer,
  NoAnswer,
  parseJson,
  pauseMs,
  readFailure,
  type Transport,
} from "./request.ts";
import { type Page, type Sight, watchSight } from "./sight.ts";

/** The server says something at least this often; longer silence is a dead connection. */
const silenceMs = 45_000;
const longestPauseMs = 60_000;

interface FollowDeps {
  readonly transport: Transport;
  readonly access: Access;
  readonly readSession: (signal: AbortSignal) => Promise<SessionView>;
  readonly page: Page | undefined;
}

/**
 * `DesignerApi.followSubmission`: the event stream, opened again after each break, and the session where there is none. Out of sight
 * there is no stream: it would keep one of the six connections that a browser has to a server of HTTP/1.1, for all tabs together.
 */
export async function followSubmission(
  deps: FollowDeps,
  from: SubmissionView,
  report: (now: SubmissionView) => void,
  signal: AbortSignal,
): Promise<void> {
  const sight = watchSight(deps.page, deps.transport.wait);
  try {
    await followWhile(deps, sight, from, report, signal);
  } finally {
    sight.stop();
  }
}

async function followWhile(
  { transport, access, readSession }: FollowDeps,
  sight: Sight,
  from: SubmissionView,
  report: (now: SubmissionView) => void,
  signal: AbortSignal,
): Promise<void> {
  let last = from;
  let pauses = 0;
  /** Streams in a row in whose place something else has come. */
  let foreignAnswers = 0;
  let failure: unknown;
  const onChange = (now: SubmissionView): void => {
    if (now.submissionId !== from.submissionId || now.sequence <= last.sequence) return;
    last = now;
    pauses = 0;
    report(now);
  };
  const { submissionId } = from;
  const onOpen = (): void => {
    pauses = 0;
    foreignAnswers = 0;
  };
  while (!finalStates.has(last.state)) {
    failure = undefined;
    const away = sight.away();
    // Also when it has gone in a pause.
    if (away.aborted) {
      await abortable(sight.whenBack(), signal);
      continue;
    }
    const ending = new AbortController();
    const inSight = anySignal([ending.signal, signal, away]);
    try {
      const stream = { submissionId, lastEventId: last.sequence, onOpen, onChange, signal: inSight };
      await access.withToken(
        { method: "GET", path: () => `/v1/submissions/${encodeURIComponent(submissionId)}/events` },
        (shown) => readEvents(transport, { ...stream, shown }),
        inSight,
      );
    } catch (error) {
      failure = error;
      if (signal.aborted) throw error;
      if (away.aborted) continue;
      // Without a stream the state itself is asked for.
      const session = await readSession(signal).catch((reason: unknown) => {
        if (signal.aborted || endsSession(reason)) throw reason;
        return null;
      });
      // A gateway's answer of a moment, as when the server is replaced, is nothing to tell.
      foreignAnswers = error instanceof ForeignAnswer ? foreignAnswers + 1 : 0;
      if (error instanceof ForeignAnswer && (foreignAnswers > 1 || session === null)) transport.onForeign?.(error);
      const isGone = session !== null && session.submission?.submissionId !== submissionId;
      if (isGone && error instanceof Problem && error.code === "not-found") throw error;
      if (session?.submission) onChange(session.submission);
    } finally {
      ending.abort();
    }
    if (finalStates.has(last.state)) return;
    await transport.wait(pauseMs(failure, backOffMs(pauses, 1000, longestPauseMs)), signal);
    pauses += 1;
  }
}

interface EventStream {
  readonly submissionId: string;
  readonly shown: Shown;
  /** The last event that was seen; what came after it is sent again. */
  readonly lastEventId: number;
  /** The server has begun to answer. */
  readonly onOpen: () => void;
  readonly onChange: (submission: SubmissionView) => void;
  readonly signal: AbortSignal;
}

/** Reads one event stream until it ends. Rejects with Problem, NoAnswer, or the signal's reason. */
async function readEvents(transport: Transport, stream: EventStream): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  const signal = anySignal([stream.signal, silence.signal]);
  try {
    // Nothing else needs it, so it comes only now, beside the stream. Without it there is no stream.
    const loading = import("eventsource-parser");
    loading.catch(() => {});
    const body = await openStream(transport, stream, signal);
    const { createParser } = await Promise.race([loading, rejectOnAbort(signal)]);
    const parser = createParser({
      onEvent: ({ data }) => {
        const now = parseJson(data);
        if (isSubmissionView(now) && now.submissionId === stream.submissionId) stream.onChange(now);
      },
    });
    const reader = body.getReader();
    stream.onOpen();
    const decoder = new TextDecoder();
    // By hand, since Safari's streams cannot be iterated.
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMs);
      parser.feed(decoder.decode(chunk.value, { stream: true }));
    }
  } catch (error) {
    throw asFailure(error, stream.signal);
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** For what cannot be told to end itself. */
function rejectOnAbort(signal: AbortSignal): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => {});
  return aborted;
}

async function openStream(
  transport: Transport,
  stream: EventStream,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const { path, headers, onNonce } = stream.shown;
  const response = await transport.fetch(`${transport.baseUrl}${path}`, {
    headers: { accept: "text/event-stream", ...headers, "last-event-id": String(stream.lastEventId) },
    credentials: "omit",
    cache: "no-store",
    redirect: "error",
    signal,
  });
  onNonce(response.headers.get("dpop-nonce"));
  const asked = { method: "GET", path, sentBytes: 0 };
  if (!response.ok) throw await readFailure(asked, response);
  const contentType = response.headers.get("content-type");
  if (contentType?.startsWith("text/event-stream") === false)
    throw new ForeignAnswer(asked, response.status, contentType);
  if (response.body === null) throw new NoAnswer();
  return response.body;
}

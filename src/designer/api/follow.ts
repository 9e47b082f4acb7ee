import { createParser } from "eventsource-parser";
import { type SubmissionView, submissionView } from "#contracts/submission.ts";
import { asFailure, NoAnswer, parseJson, readProblem, type Transport } from "./request.ts";

/** The server says something at least this often; longer silence is a dead connection. */
const silenceMs = 45_000;

export interface EventStream {
  readonly submissionId: string;
  readonly authorization: string;
  /** The last event that was seen; what came after it is sent again. */
  readonly lastEventId: number;
  /** The server has begun to answer. */
  readonly onOpen: () => void;
  readonly onChange: (submission: SubmissionView) => void;
  readonly signal: AbortSignal;
}

/** Reads one event stream until it ends. Rejects with Problem, NoAnswer, or the signal's reason. */
export async function readEvents(transport: Transport, stream: EventStream): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  const signal = AbortSignal.any([stream.signal, silence.signal]);
  const parser = createParser({
    onEvent: ({ data }) => {
      const parsed = submissionView.safeParse(parseJson(data));
      if (parsed.success && parsed.data.submissionId === stream.submissionId) stream.onChange(parsed.data);
    },
  });
  try {
    const body = await openStream(transport, stream, signal);
    stream.onOpen();
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silenceMs);
      parser.feed(decoder.decode(chunk, { stream: true }));
    }
  } catch (error) {
    throw asFailure(error, stream.signal);
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

async function openStream(
  transport: Transport,
  stream: EventStream,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const response = await transport.fetch(
    `${transport.baseUrl}/v1/submissions/${encodeURIComponent(stream.submissionId)}/events`,
    {
      headers: {
        accept: "text/event-stream",
        authorization: stream.authorization,
        "last-event-id": String(stream.lastEventId),
      },
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal,
    },
  );
  if (!response.ok) throw readProblem(response.status, await response.text(), response.headers.get("retry-after"));
  if (response.body === null) throw new NoAnswer();
  return readChunks(response.body);
}

/** Safari's streams are not iterable yet, so they are read by hand. */
async function* readChunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

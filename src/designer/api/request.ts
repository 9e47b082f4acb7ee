import { Problem, type ProblemCode, problems } from "#contracts/problem.ts";
import { type Guard, isProblemDetails } from "./answers.ts";
import { anySignal } from "./any-signal.ts";
import { withTrace } from "./trace.ts";

/** The server was not reached, or the answer did not come through: nobody knows whether it did what was asked. */
export class NoAnswer extends Error {
  constructor(options?: ErrorOptions) {
    super("no answer", options);
    this.name = "NoAnswer";
  }
}

/** A request, as far as whoever reads of its failure may know it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly sentBytes: number;
}

/**
 * Something on the way has answered instead of the server, whatever the status: there is no problem document of ours, or not what was
 * asked for. Whether the server has done what it was asked to is as open as with no answer at all.
 */
export class ForeignAnswer extends NoAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly asked: Asked;
  readonly retryAfterMs: number | undefined;
  constructor(asked: Asked, status: number, contentType: string | null, retryAfterMs?: number) {
    super();
    this.name = "ForeignAnswer";
    this.message = `${status} ${contentType ?? ""}`.trim();
    this.asked = asked;
    this.status = status;
    this.contentType = contentType;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Transport {
  /** Origin of the server, without a slash at the end; empty for the page's own. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly wait: Wait;
  /** Told of a call that has failed for good because something on the way has answered. */
  readonly onForeign?: (answer: ForeignAnswer) => void;
}

export const pageTransport: Transport = { baseUrl: "", fetch: (input, init) => fetch(input, init), wait };

export interface Call {
  /** Firewalls that are left as they come refuse every other one. */
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Blob;
  /** Told the nonce of the answer, whatever the answer is. */
  readonly onNonce?: (nonce: string | null) => void;
  /** Until the answer is complete. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

const longestRetryAfterMs = 10_000;

/** A problem, with the pause in milliseconds that the server asked for, if it did. */
export class ServerProblem extends Problem {
  readonly retryAfterMs: number | undefined;
  constructor(code: ProblemCode, detail: string | undefined, retryAfterMs: number | undefined) {
    super(code, detail === undefined ? {} : { detail });
    this.retryAfterMs = retryAfterMs;
  }
}

function codeForStatus(status: number): ProblemCode {
  const fitting = Object.entries(problems).find(([, problem]) => problem.status === status);
  if (fitting !== undefined) return fitting[0] as ProblemCode;
  return status >= 500 ? "overloaded" : "bad-request";
}

function readRetryAfter(header: string | null): number | undefined {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, longestRetryAfterMs) : undefined;
}

/** Also of a server that is newer, and has codes that are not known here. */
function isOurs(parsed: unknown): boolean {
  const type = typeof parsed === "object" && parsed !== null && "type" in parsed ? parsed.type : undefined;
  return typeof type === "string" && type.startsWith("urn:fullbleed:problem:");
}

/** What is read of an answer beside its body. */
export interface AnswerHead {
  readonly status: number;
  readonly contentType: string | null;
  readonly retryAfter: string | null;
}

export const headOf = ({ status, headers }: Response): AnswerHead => ({
  status,
  contentType: headers.get("content-type"),
  retryAfter: headers.get("retry-after"),
});

/** What an answer says that is not a success: our server's problem, by its status where its code is not known, or what else came. */
export function readProblem(
  asked: Asked,
  { status, contentType, retryAfter }: AnswerHead,
  body: string,
): ServerProblem | ForeignAnswer {
  const parsed = parseJson(body);
  const pause = readRetryAfter(retryAfter);
  if (!isOurs(parsed)) return new ForeignAnswer(asked, status, contentType, pause);
  const details = isProblemDetails(parsed) ? parsed : { code: codeForStatus(status), detail: undefined };
  return new ServerProblem(details.code, details.detail, pause);
}

/** The same of what `fetch` got. */
export async function readFailure(asked: Asked, response: Response): Promise<ServerProblem | ForeignAnswer> {
  return readProblem(asked, headOf(response), await response.text());
}

/** Throws NoAnswer when an answer says that it is of another kind. */
export function requireKind(response: Response, kind: string): void {
  if (response.headers.get("content-type")?.startsWith(kind) === false) throw new NoAnswer();
}

/** The value of a JSON text, or undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * One request, once; `read` takes what is wanted from the answer, and throws NoAnswer when that is not what it holds. Rejects with
 * Problem, NoAnswer (a ForeignAnswer where something on the way has answered), or the reason of the call's signal.
 */
export function request<Answer>(
  transport: Transport,
  call: Call,
  read: (response: Response) => Promise<Answer>,
): Promise<Answer> {
  return withTrace((traceparent) => requestOnce(transport, call, traceparent, read));
}

async function requestOnce<Answer>(
  transport: Transport,
  call: Call,
  traceparent: string,
  read: (response: Response) => Promise<Answer>,
): Promise<Answer> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), call.timeoutMs);
  const signal = anySignal([ending.signal, call.signal]);
  try {
    const response = await transport.fetch(`${transport.baseUrl}${call.path}`, {
      method: call.method,
      headers: { ...call.headers, traceparent },
      ...(call.body !== undefined && { body: call.body }),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal,
    });
    call.onNonce?.(response.headers.get("dpop-nonce"));
    const asked = { method: call.method, path: call.path, sentBytes: sizeOf(call.body) };
    if (!response.ok) throw await readFailure(asked, response);
    return await read(response).catch((error: unknown) => {
      if (!(error instanceof NoAnswer)) throw error;
      throw new ForeignAnswer(asked, response.status, response.headers.get("content-type"));
    });
  } catch (error) {
    throw asFailure(error, call.signal);
  } finally {
    clearTimeout(timer);
    ending.abort();
  }
}

const sizeOf = (body: string | Blob = ""): number =>
  typeof body === "string" ? new TextEncoder().encode(body).length : body.size;

/** The parsed body of the answer to `request`. One of another shape is not our server's. */
export async function requestParsed<Answer>(
  transport: Transport,
  call: Call,
  isAnswer: Guard<Answer>,
): Promise<Answer> {
  return request(transport, call, async (response) => parseText(await response.text(), isAnswer));
}

/** The failure as the caller knows it: its own abort reason, a Problem, or NoAnswer. */
export function asFailure(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason;
  return error instanceof Problem || error instanceof NoAnswer ? error : new NoAnswer({ cause: error });
}

/** Whether the same request may succeed when it is made again. A firewall that has refused it will do so again. */
export function mayRetry(error: unknown): boolean {
  if (error instanceof ForeignAnswer)
    return error.status < 400 || error.status >= 500 || error.status === 408 || error.status === 429;
  return error instanceof NoAnswer || (error instanceof Problem && error.retryable);
}

/** Whether the server has refused the session itself. */
export function endsSession(error: unknown): boolean {
  return error instanceof Problem && (error.status === 401 || error.status === 403) && !error.retryable;
}

/** Our own pause, or the longer one that the server has asked for. */
export function pauseMs(error: unknown, ownMs: number): number {
  const hasAsked = error instanceof ServerProblem || error instanceof ForeignAnswer;
  return Math.max(hasAsked ? (error.retryAfterMs ?? 0) : 0, ownMs);
}

interface Budget {
  /** Repetitions after the first attempt. */
  readonly retries: number;
  readonly firstMs: number;
  readonly longestMs: number;
}

export const usualBudget: Budget = { retries: 3, firstMs: 500, longestMs: 8000 };

/** Makes an attempt again while that can help and the budget lasts. For what may safely be done twice. */
export async function withRetries<Answer>(
  transport: Transport,
  budget: Budget,
  signal: AbortSignal | undefined,
  attempt: () => Promise<Answer>,
): Promise<Answer> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (signal?.aborted === true || failures >= budget.retries || !mayRetry(error)) {
        if (error instanceof ForeignAnswer) transport.onForeign?.(error);
        throw error;
      }
      await transport.wait(pauseMs(error, backOffMs(failures, budget.firstMs, budget.longestMs)), signal);
    }
  }
}

/** What a text holds. Throws NoAnswer when it has another shape. */
export function parseText<Answer>(text: string, isAnswer: Guard<Answer>): Answer {
  const parsed = parseJson(text);
  if (!isAnswer(parsed)) throw new NoAnswer();
  return parsed;
}

/** Resolves after `ms` milliseconds; rejects with the signal's reason when that comes first. */
export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

export type Wait = typeof wait;

/** Settles like `answer`, unless the signal aborts first: then rejects with its reason. */
export function abortable<Answer>(answer: Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    void answer.then(resolve, reject).finally(() => signal?.removeEventListener("abort", stop));
    if (signal?.aborted === true) stop();
  });
}

/** Pause before attempt `attempt` (0 is the first repetition): doubles from `firstMs` to `longestMs`, half of it by chance. */
export function backOffMs(attempt: number, firstMs: number, longestMs: number): number {
  const full = Math.min(firstMs * 2 ** Math.min(attempt, 20), longestMs);
  return full / 2 + (Math.random() * full) / 2;
}

import { FullbleedError } from "./error.ts";

export interface FullbleedOptions {
  /** Where the designer's server is, such as `https://cards.example`; with `http://` on this machine alone. */
  readonly baseUrl: string;
  /** Your secret key: from your server's configuration, never in a page. */
  readonly secretKey: string;
  /** How long one call may take, in milliseconds; 10,000 unless given. */
  readonly timeoutMs?: number | undefined;
  /** By default Node's own. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** What an answer of this server has at most, many times over. */
const maxAnswerBytes = 1024 * 1024;

/** Calls with the issuer's key; answers the JSON of what the server has said, undefined for nothing. */
export type Call = (method: string, path: string, body?: object) => Promise<unknown>;

async function readText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > maxAnswerBytes)
      throw new FullbleedError("unexpected-answer", `The answer has more than ${maxAnswerBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

interface ProblemDetails {
  readonly code?: unknown;
  readonly detail?: unknown;
  readonly retryable?: unknown;
}

function parse(text: string, status: number): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch (cause) {
    throw new FullbleedError("unexpected-answer", `The server answered ${status}, and no JSON.`, {
      status,
      retryable: status >= 500,
      cause,
    });
  }
}

/** As the server explains it, or, where something before the server has answered, by its status. */
function toError(content: unknown, status: number): FullbleedError {
  const { code, detail, retryable } = (content ?? {}) as ProblemDetails;
  return new FullbleedError(
    typeof code === "string" ? code : "unexpected-answer",
    typeof detail === "string" ? detail : `The server answered ${status}.`,
    { status, retryable: typeof retryable === "boolean" ? retryable : status >= 500 },
  );
}

const loopback = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Over plain http anybody on the way reads the key. */
function readBase(baseUrl: string): string {
  const { protocol, hostname } = URL.canParse(baseUrl) ? new URL(baseUrl) : { protocol: "", hostname: "" };
  if (protocol !== "https:" && !(protocol === "http:" && loopback.test(hostname)))
    throw new FullbleedError(
      "bad-option",
      "baseUrl: give the address of the designer's server, with https://; http:// is for this machine alone.",
    );
  return baseUrl.replace(/\/+$/, "");
}

/** What may be a header: of any other key `fetch` throws an error with the whole key in it. */
const keyForm = /^[A-Za-z0-9._~+/=-]{32,200}$/;

/** Throws a `FullbleedError` for options that cannot be right. */
export function createCall({
  baseUrl,
  secretKey,
  timeoutMs = 10_000,
  fetch = globalThis.fetch,
}: FullbleedOptions): Call {
  const base = readBase(baseUrl);
  if (!keyForm.test(secretKey))
    throw new FullbleedError(
      "bad-option",
      "secretKey: give the issuer's secret key, 32 to 200 of A-Z a-z 0-9 . _ ~ + / = - in one line.",
    );
  return async (method, path, body) => {
    let status = 0;
    let text = "";
    try {
      const answer = await fetch(`${base}/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${secretKey}`, ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
        // The key goes nowhere else.
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      });
      status = answer.status;
      text = await readText(answer);
    } catch (cause) {
      if (cause instanceof FullbleedError) throw cause;
      const isLate = cause instanceof Error && cause.name === "TimeoutError";
      throw isLate
        ? new FullbleedError("timed-out", `The server did not answer within ${timeoutMs} ms.`, {
            retryable: true,
            cause,
          })
        : new FullbleedError("no-connection", "The server could not be reached.", { retryable: true, cause });
    }
    const content = parse(text, status);
    if (status < 200 || status > 299) throw toError(content, status);
    return content;
  };
}

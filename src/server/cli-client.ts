import * as z from "zod/mini";

/** What the command line is run with. */
export interface Surroundings {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof fetch;
  /** The standard input, as text or as UTF-8; left out: empty. */
  readonly input?: AsyncIterable<string | Buffer>;
  /** Resolves when there is room for more. */
  out(line: string): void | Promise<void>;
  err(line: string): void;
  /** The clock, in epoch milliseconds; the machine's when left out. */
  now?(): number;
  /** Ends the program, whatever still hangs. */
  end?(): void;
}

/** The command is not understood; the message says what is wrong with it. */
export class UsageError extends Error {}
/** The server does not answer, or refuses. */
export class Refused extends Error {}

const timeoutMs = 60_000;

function requireEnv(env: Surroundings["env"]): { url: string; key: string } {
  const url = URL.parse((env.FULLBLEED_URL || env.FULLBLEED_PUBLIC_URL) ?? "");
  const key = env.FULLBLEED_ISSUER_KEY?.split(",")[0]?.trim() ?? "";
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError("FULLBLEED_PUBLIC_URL or FULLBLEED_URL: set it to the server's address, with http or https.");
  if (url.username !== "" || url.password !== "")
    throw new UsageError("FULLBLEED_PUBLIC_URL or FULLBLEED_URL: leave user and password out of the address.");
  if (key === "") throw new UsageError("FULLBLEED_ISSUER_KEY: set it to the issuer's secret key.");
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new UsageError(
      "FULLBLEED_ISSUER_KEY: it has a character that no key has; set it to the issuer's secret key.",
    );
  return { url: `${url.origin}${url.pathname.replace(/\/+$/, "")}`, key };
}

const refusal = z.object({ code: z.string(), detail: z.string() });

/** The server speaks of its interface's fields, a person has options. */
function inWords(detail: string): string {
  return detail
    .replace("with confirm: true", "with --confirm")
    .replace(/^body\.(reason|memo|by):/, "--$1:")
    .replace(/^body\.cardImageId:/, "The image id:");
}

/** Calls the server with the issuer's key; POST where there is a body, unless told otherwise. */
export function createClient({ env, fetch }: Surroundings) {
  const { url, key } = requireEnv(env);
  return async <Answer>(
    expected: z.ZodMiniType<unknown, Answer>,
    path: string,
    body?: object,
    method?: string,
  ): Promise<Answer> => {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    };
    const init = { headers, redirect: "manual" as const, signal: AbortSignal.timeout(timeoutMs) };
    const response = await fetch(`${url}/v1/${path}`, {
      ...init,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      method: method ?? (body === undefined ? "GET" : "POST"),
    }).catch(() => {
      throw new Refused(`The server at ${url} cannot be reached. Is it running, and is that its address?`);
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok && expected.safeParse(answer).success) return answer as Answer;
    const { data: problem } = refusal.safeParse(answer);
    throw new Refused(
      problem === undefined
        ? `Something other than our server answers at ${url} (HTTP ${response.status}). Correct FULLBLEED_PUBLIC_URL or FULLBLEED_URL, or look what is in front of the server.`
        : `${problem.code}: ${inWords(problem.detail)}`,
    );
  };
}

export type Client = ReturnType<typeof createClient>;

/** A moment as people read it, UTC. */
export function when(at: number): string {
  const date = new Date(at);
  // A cardholder's clock can be set to what is no date.
  return Number.isNaN(date.getTime())
    ? String(at)
    : date
        .toISOString()
        .replace("T", " ")
        .replace(/\.\d+Z$/, "");
}

import { Problem, type ProblemCode } from "#contracts/problem.ts";
import type { SessionCredentials, SessionView, TokenAnswer } from "#contracts/session.ts";
import { isTokenAnswer, withKnownArt } from "./answers.ts";
import { createProver, type Prover } from "./prover.ts";
import { abortable, type Call, mayRetry, pauseMs, requestParsed, type Transport } from "./request.ts";

const timeoutMs = 15_000;
/** A token is renewed this long before it runs out, or at half its life if that is shorter. */
const renewBeforeMs = 60_000;

export interface HostAccess {
  readonly start: SessionCredentials;
  /**
   * Asks the issuer's page for a new client secret: of the same session, or of another one for the same card.
   * Rejects with NoAnswer when it gives none.
   */
  fetchSession(): Promise<SessionCredentials>;
}

/** What one call with the token is made with, once. */
export type Shown = Required<Pick<Call, "method" | "path" | "headers" | "onNonce">>;

/** A call that wants the token. `path` is given the address of the session that the token is for. */
export interface Wanted {
  readonly method: Call["method"];
  readonly path: (sessionPath: string) => string;
}

/** Keeps the access token, which never leaves this closure and is good with its key only, and renews it. */
export interface Access {
  /** Exchanges the first client secret for a token. */
  open(): Promise<SessionView>;
  /**
   * Makes a call with a token; once more with a new one when the server says that the token has run out, or that the session has
   * ended and the page has another one for the same card.
   * The signal ends the waiting for a token; a call that has begun ends by itself.
   */
  withToken<Answer>(wanted: Wanted, call: (shown: Shown) => Promise<Answer>, signal?: AbortSignal): Promise<Answer>;
}

interface Token {
  readonly value: string;
  readonly sessionId: string;
  /** On the clock of `performance.now()`, which nobody can set. */
  readonly renewAt: number;
}

const pathOf = (sessionId: string): string => `/v1/sessions/${encodeURIComponent(sessionId)}`;

/** A server that is busy is not asked again at once. */
async function waitAsAsked(transport: Transport, error: unknown): Promise<void> {
  const ms = pauseMs(error, 0);
  if (ms > 0) await transport.wait(ms);
}

const isProblem = (error: unknown, code: ProblemCode): boolean => error instanceof Problem && error.code === code;

/** `prove` for a call, and once more when its nonce was too old: the answer that said so has brought another. */
async function withProof<Answer>(
  prover: Prover,
  { method, path, token }: Pick<Shown, "method" | "path"> & { readonly token?: string },
  call: (shown: Shown) => Promise<Answer>,
): Promise<Answer> {
  const attempt = async (): Promise<Answer> => {
    const dpop = await prover.prove(method, path, token);
    const headers = { dpop, ...(token !== undefined && { authorization: `DPoP ${token}` }) };
    return call({ method, path, headers, onNonce: prover.note });
  };
  try {
    return await attempt();
  } catch (error) {
    if (!isProblem(error, "proof-outdated")) throw error;
    return attempt();
  }
}

/** The server sees to it that a session instead of another one is for the same person and card. */
async function askForToken(
  transport: Transport,
  prover: Prover,
  { sessionId, clientSecret }: SessionCredentials,
  insteadOf: string,
): Promise<TokenAnswer> {
  const body = JSON.stringify({ clientSecret, insteadOf });
  try {
    return await withProof(prover, { method: "POST", path: `${pathOf(sessionId)}/tokens` }, (shown) => {
      const headers = { ...shown.headers, "content-type": "application/json" };
      return requestParsed(transport, { ...shown, headers, body, timeoutMs }, isTokenAnswer);
    });
  } catch (error) {
    // The page is somebody else's by now: the visit that was here has ended.
    throw isProblem(error, "not-allowed") ? new Problem("session-expired", { cause: error }) : error;
  }
}

/** The token of the moment. `host` is asked for a new client secret whenever one is needed; who needs one at the same time shares it. */
function createTokens(transport: Transport, host: HostAccess, prover: Prover) {
  let token: Token | null = null;
  let renewing: Promise<Token> | null = null;

  const exchange = async (credentials: SessionCredentials): Promise<TokenAnswer> => {
    const asked = performance.now();
    const answer = await askForToken(transport, prover, credentials, (token ?? host.start).sessionId);
    const lifeMs = answer.expiresInSeconds * 1000;
    const renewAt = asked + Math.max(lifeMs - renewBeforeMs, lifeMs / 2);
    token = { value: answer.token, sessionId: credentials.sessionId, renewAt };
    return answer;
  };

  // A secret works once, so a lost answer is asked for again with a new secret, and no more than once. Browsers and proxies
  // may have sent the exchange twice by themselves: then it has been used.
  const renew = async (): Promise<TokenAnswer> => {
    const credentials = await host.fetchSession();
    try {
      return await exchange(credentials);
    } catch (error) {
      if (!mayRetry(error) && !isProblem(error, "not-authenticated")) throw error;
      await waitAsAsked(transport, error);
      return exchange(await host.fetchSession());
    }
  };

  const share = (): Promise<Token> => {
    renewing ??= renew()
      .then(() => token as Token)
      .finally(() => {
        renewing = null;
      });
    return renewing;
  };

  const current = (): Promise<Token> => {
    if (token !== null && performance.now() < token.renewAt) return Promise.resolve(token);
    return share();
  };

  /** A token for a call that was refused with this one, or the refusal. */
  const replace = (used: Token, refusal: unknown): Promise<Token> => {
    const hasEnded = isProblem(refusal, "session-expired");
    if (!hasEnded && !isProblem(refusal, "token-expired")) return Promise.reject(refusal);
    if (token !== null && token !== used) return Promise.resolve(token);
    const renewal = share();
    // What the page has given instead may be somebody else's, which says more than that the session has ended.
    return hasEnded
      ? renewal.catch((error: unknown) => Promise.reject(isProblem(error, "session-expired") ? error : refusal))
      : renewal;
  };

  const openFirst = async (): Promise<SessionView> => {
    try {
      return (await exchange(host.start)).session;
    } catch (error) {
      const secretUsed = error instanceof Problem && error.status === 401;
      if (!secretUsed && !mayRetry(error)) throw error;
      await waitAsAsked(transport, error);
      return (await renew()).session;
    }
  };
  return { open: async () => withKnownArt(await openFirst()), current, replace };
}

/** With a key of its own for as long as the frame is there. */
export function createAccess(
  transport: Transport,
  host: HostAccess,
  prover: Prover = createProver(transport.baseUrl),
): Access {
  const { open, current, replace } = createTokens(transport, host, prover);
  return {
    open,
    withToken: async ({ method, path }, call, signal) => {
      const once = ({ value, sessionId }: Token) =>
        withProof(prover, { method, path: path(pathOf(sessionId)), token: value }, call);
      const used = await abortable(current(), signal);
      try {
        return await once(used);
      } catch (error) {
        return once(await abortable(replace(used, error), signal));
      }
    },
  };
}

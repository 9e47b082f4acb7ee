import { Problem } from "#contracts/problem.ts";
import type { SessionCredentials, SessionView, TokenAnswer } from "#contracts/session.ts";
import { isTokenAnswer } from "./answers.ts";
import { abortable, mayRetry, pauseMs, requestParsed, type Transport } from "./request.ts";

const timeoutMs = 15_000;
/** A token is renewed this long before it runs out, or at half its life if that is shorter. */
const renewBeforeMs = 60_000;

export interface HostAccess {
  readonly start: SessionCredentials;
  /** Asks the issuer's page for a new client secret of the same session. Rejects with NoAnswer when it gives none. */
  fetchSession(): Promise<SessionCredentials>;
}

/** Keeps the access token, which never leaves this closure, and renews it. */
export interface Access {
  readonly sessionId: string;
  /** Exchanges the first client secret for a token. */
  open(): Promise<SessionView>;
  /**
   * Makes a call with a token; once more with a new one when the server says that the token has run out.
   * The signal ends the waiting for a token; a call that has begun ends by itself.
   */
  withToken<Answer>(call: (authorization: string) => Promise<Answer>, signal?: AbortSignal): Promise<Answer>;
}

interface Token {
  readonly value: string;
  /** On the clock of `performance.now()`, which nobody can set. */
  readonly renewAt: number;
}

async function askForToken(
  transport: Transport,
  { sessionId, clientSecret }: SessionCredentials,
): Promise<TokenAnswer> {
  const path = `/v1/sessions/${encodeURIComponent(sessionId)}/tokens`;
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ clientSecret });
  return requestParsed(transport, { method: "POST", path, headers, body, timeoutMs }, isTokenAnswer);
}

/** A server that is busy is not asked again at once. */
async function waitAsAsked(transport: Transport, error: unknown): Promise<void> {
  const ms = pauseMs(error, 0);
  if (ms > 0) await transport.wait(ms);
}

/** `host` is asked for a new client secret whenever one is needed; requests at the same time share one renewal. */
export function createAccess(transport: Transport, host: HostAccess): Access {
  const { sessionId } = host.start;
  let token: Token | null = null;
  let renewing: Promise<Token> | null = null;

  const exchange = async (credentials: SessionCredentials): Promise<TokenAnswer> => {
    if (credentials.sessionId !== sessionId) throw new Problem("session-expired");
    const asked = performance.now();
    const answer = await askForToken(transport, credentials);
    const lifeMs = answer.expiresInSeconds * 1000;
    token = { value: answer.token, renewAt: asked + Math.max(lifeMs - renewBeforeMs, lifeMs / 2) };
    return answer;
  };

  // A secret works once, so a lost answer is asked for again with a new secret, and no more than once.
  const renew = async (): Promise<TokenAnswer> => {
    const credentials = await host.fetchSession();
    try {
      return await exchange(credentials);
    } catch (error) {
      if (!mayRetry(error)) throw error;
      await waitAsAsked(transport, error);
      return exchange(await host.fetchSession());
    }
  };

  const sharedRenewal = (): Promise<Token> => {
    renewing ??= renew()
      .then(() => token as Token)
      .finally(() => {
        renewing = null;
      });
    return renewing;
  };

  const current = (): Promise<Token> => {
    if (token !== null && performance.now() < token.renewAt) return Promise.resolve(token);
    return sharedRenewal();
  };

  return {
    sessionId,
    open: async () => {
      try {
        return (await exchange(host.start)).session;
      } catch (error) {
        const secretUsed = error instanceof Problem && error.status === 401;
        if (!secretUsed && !mayRetry(error)) throw error;
        await waitAsAsked(transport, error);
        return (await renew()).session;
      }
    },
    withToken: async (call, signal) => {
      const used = await abortable(current(), signal);
      try {
        return await call(`Bearer ${used.value}`);
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "token-expired") throw error;
        const fresh = token === used || token === null ? await abortable(sharedRenewal(), signal) : token;
        return call(`Bearer ${fresh.value}`);
      }
    },
  };
}

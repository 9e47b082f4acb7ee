import { problemDetails } from "#contracts/problem.ts";
import { type SessionRequest, type SessionSecret, sessionSecret } from "#contracts/session.ts";
import type { BankConfig } from "./config.ts";

const timeoutMs = 10_000;

/** `over`: the session has ended or is unknown. `unavailable`: the designer's server cannot or will not answer now. */
export type SecretOutcome =
  | { readonly kind: "secret"; readonly secret: SessionSecret }
  | { readonly kind: "over" }
  | { readonly kind: "unavailable"; readonly reason: string };

/** The designer's server as the bank's server sees it. */
export interface DesignerClient {
  openSession(request: SessionRequest): Promise<SecretOutcome>;
  /** A further one-time client secret for a session that lives; from now on pages of `origins` may frame it. */
  renewSecret(sessionId: string, origins: readonly string[]): Promise<SecretOutcome>;
}

async function readAnswer(answer: Response): Promise<SecretOutcome> {
  const body: unknown = await answer.json();
  const secret = sessionSecret.safeParse(body);
  if (answer.status === 201 && secret.success) return { kind: "secret", secret: secret.data };
  const code = problemDetails.safeParse(body).data?.code;
  if (answer.status === 404 || code === "session-expired") return { kind: "over" };
  return { kind: "unavailable", reason: `answered ${answer.status}${code ? ` ${code}` : ""}` };
}

/** Calls the designer's server with the bank's secret key. Every call ends within 10 s; failures are values. */
export function createDesignerClient({ designerUrl, issuerKey }: BankConfig, waitMs = timeoutMs): DesignerClient {
  const post = async (path: string, body: unknown): Promise<SecretOutcome> => {
    try {
      const answer = await fetch(`${designerUrl}${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${issuerKey}`, "content-type": "application/json" },
        body: JSON.stringify(body),
        redirect: "error",
        signal: AbortSignal.timeout(waitMs),
      });
      return await readAnswer(answer);
    } catch (error) {
      return { kind: "unavailable", reason: error instanceof Error ? error.name : "unknown error" };
    }
  };
  return {
    openSession: (request) => post("/v1/sessions", request),
    renewSecret: (sessionId, origins) =>
      post(`/v1/sessions/${encodeURIComponent(sessionId)}/client-secrets`, { origins }),
  };
}

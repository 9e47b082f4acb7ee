import type { SessionCredentials } from "#contracts/session.ts";
import { CardDesignerError, type Options } from "./options.ts";

const sessionIdForm = /^[\w-]{1,128}$/;
const maxSecretLength = 200;

function readCredentials(
  answer: Partial<SessionCredentials> | null | undefined,
  expectedId?: string,
): SessionCredentials {
  const { sessionId, clientSecret } = answer ?? {};
  const hasSecret = typeof clientSecret === "string" && clientSecret !== "" && clientSecret.length <= maxSecretLength;
  if (typeof sessionId !== "string" || !sessionIdForm.test(sessionId) || !hasSecret) {
    throw new Error("fetchSession answered something else than { sessionId, clientSecret }.");
  }
  if (expectedId !== undefined && sessionId !== expectedId) throw new Error("fetchSession answered another session.");
  return { sessionId, clientSecret };
}

/**
 * Asks the page for a session, or for a new client secret of the session `expectedId`, and looks at what it answers.
 * Rejects with `session-unavailable` when it throws, takes longer than `timeoutMs` or answers something else.
 */
export async function askForSession(
  options: Pick<Options, "fetchSession">,
  why: "start" | "refresh",
  timeoutMs: number,
  expectedId?: string,
): Promise<SessionCredentials> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("fetchSession took too long.")), timeoutMs);
  });
  try {
    return readCredentials(await Promise.race([late, options.fetchSession(why)]), expectedId);
  } catch (cause) {
    throw new CardDesignerError("session-unavailable", "The page could not give the designer a session.", { cause });
  } finally {
    clearTimeout(timer);
  }
}

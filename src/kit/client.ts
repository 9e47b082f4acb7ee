import { createCall, type FullbleedOptions } from "./call.ts";
import { FullbleedError } from "./error.ts";
import type { SessionRequest, SessionSecret, SubmissionRecord } from "./shapes.ts";

/** The designer's server, as your server sees it. Every call rejects with a `FullbleedError`. */
export interface Fullbleed {
  /** A session for one cardholder and one product. */
  openSession(request: SessionRequest): Promise<SessionSecret>;
  /** A new client secret of a session that lives; `session-expired` or `not-found` of one that does not. What is given of `origins` and `hosted` counts from then on. */
  createClientSecret(sessionId: string, change?: Pick<SessionRequest, "origins" | "hosted">): Promise<SessionSecret>;
  /** Ends it at once, as when its person signs out. Any number of calls. */
  endSession(sessionId: string): Promise<void>;
  getSubmission(submissionId: string): Promise<SubmissionRecord>;
}

/** An object that has this text, which whoever builds on the answer relies on. */
function requireText<Answer>(answer: unknown, name: keyof Answer & string): Answer {
  if (typeof (answer as Record<string, unknown> | null | undefined)?.[name] === "string") return answer as Answer;
  throw new FullbleedError("unexpected-answer", `The server's answer has no ${name}.`);
}

/** An id as a part of an address, in which "." and ".." would lead elsewhere. */
function toPart(id: string, name: string): string {
  if (/^\.{0,2}$/.test(id)) throw new FullbleedError("bad-option", `${name}: give an id that the server has given.`);
  return encodeURIComponent(id);
}

/** Throws a `FullbleedError` with the code `bad-option` when `baseUrl` or `secretKey` cannot be right. */
export function createFullbleed(options: FullbleedOptions): Fullbleed {
  const call = createCall(options);
  return {
    openSession: async (request) =>
      requireText<SessionSecret>(await call("POST", "/sessions", request), "clientSecret"),
    createClientSecret: async (sessionId, change = {}) =>
      requireText<SessionSecret>(
        await call("POST", `/sessions/${toPart(sessionId, "sessionId")}/client-secrets`, change),
        "clientSecret",
      ),
    endSession: async (sessionId) => {
      await call("DELETE", `/sessions/${toPart(sessionId, "sessionId")}`);
    },
    getSubmission: async (submissionId) =>
      requireText<SubmissionRecord>(
        await call("GET", `/submissions/${toPart(submissionId, "submissionId")}`),
        "submissionId",
      ),
  };
}

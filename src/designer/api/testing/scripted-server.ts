import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { Problem, type ProblemCode } from "#contracts/problem.ts";
import { detailsOf } from "#contracts/problem-details.ts";
import type { SubmissionState, SubmissionView } from "#contracts/submission.ts";
import { type Access, createAccess, type HostAccess } from "../access.ts";
import { createApi, type DesignerApi, findFailure, type SendUpload } from "../client.ts";
import { headOf, NoAnswer, type Transport, wait } from "../request.ts";
import type { Page } from "../sight.ts";

interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}
export type Reply = (response: ServerResponse, seen: Seen) => void;

type ConnectedApi = DesignerApi & Pick<Access, "open">;
type About = Partial<Pick<Transport, "onForeign" | "wait">> & { readonly page?: Page };

/** A real server on a port of its own that answers as it was told. */
export interface ScriptedServer {
  readonly baseUrl: string;
  readonly seen: Seen[];
  /** Replies by "METHOD path-ending", used up one after the other; the last one stays. */
  readonly script: Record<string, Reply[]>;
  /** How long the designer meant to pause, in milliseconds. */
  readonly pauses: number[];
  /** How often the issuer's page was asked for a secret. */
  secretsAsked: number;
  /** So many of the first questions for a secret get none. */
  secretsFailing: number;
  connect(host?: Partial<HostAccess>, about?: About): ConnectedApi;
  count(ending: string): number;
  close(): Promise<void>;
}

function matches(line: string, key: string): boolean {
  const [, method, ending] = /^([A-Z]+) (\/\S*)$/.exec(key) ?? [];
  if (method === undefined || ending === undefined) throw new Error(`"${key}" is no "METHOD /path-ending"`);
  return line.startsWith(`${method} `) && (line.split("?")[0] ?? "").endsWith(ending);
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return (response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
export function problem(code: ProblemCode, headers: Record<string, string> = {}): Reply {
  const details = detailsOf(new Problem(code));
  return (response) =>
    response
      .writeHead(details.status, { "content-type": "application/problem+json", ...headers })
      .end(JSON.stringify(details));
}
export const cut: Reply = (response) => response.destroy();

const pictureSha256 = createHash("sha256").update("picture").digest("hex");
export function submission(state: SubmissionState, sequence: number, id = "sub-1"): SubmissionView {
  const rest = { rejectionCode: null, hasPreview: false, pictureSha256, updatedAt: 1 };
  return { submissionId: id, state, sequence, ...rest };
}
export function session(live: SubmissionView | null) {
  return { sessionId: "s1", productId: "photo-landscape", locale: "en", issuerName: "Bank", submission: live };
}
export function tokenAnswer(token: string, expiresInSeconds = 600) {
  return { token, expiresInSeconds, session: session(null) };
}

/** As the browser's upload, without progress in between. */
const fetchUpload: SendUpload = async ({ url, headers, body, onProgress, onNonce, signal }) => {
  try {
    const sending = fetch(url, { method: "POST", headers, body, signal });
    onProgress(1);
    const response = await sending;
    onNonce(response.headers.get("dpop-nonce"));
    const asked = { method: "POST", path: new URL(url).pathname, sentBytes: body.length };
    const text = await response.text();
    const failure = findFailure(asked, headOf(response), text);
    if (failure !== null) throw failure;
    return text;
  } catch (error) {
    if (signal.aborted || error instanceof Problem || error instanceof NoAnswer) throw error;
    throw new NoAnswer({ cause: error });
  }
};

function connectTo(scripted: ScriptedServer, given: Partial<HostAccess>, { page, ...about }: About = {}): ConnectedApi {
  const soon: typeof wait = (ms, signal) => {
    scripted.pauses.push(ms);
    return wait(1, signal);
  };
  const fetchSession: HostAccess["fetchSession"] = () => {
    scripted.secretsAsked += 1;
    if (scripted.secretsAsked <= scripted.secretsFailing) return Promise.reject(new NoAnswer());
    return Promise.resolve({ sessionId: "s1", clientSecret: `secret-${scripted.secretsAsked}` });
  };
  const host = { start: { sessionId: "s1", clientSecret: "first-secret" }, fetchSession, ...given };
  const transport = { baseUrl: scripted.baseUrl, fetch, wait: soon, ...about };
  const access = createAccess(transport, host);
  return { ...createApi(access, transport, fetchUpload, page), open: access.open };
}

export async function openScriptedServer(): Promise<ScriptedServer> {
  const script: ScriptedServer["script"] = { "POST /tokens": [json(tokenAnswer("token-1"))] };
  const seen: Seen[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const line = `${request.method} ${request.url}`;
    const entry = { line, headers: request.headers, body: await buffer(request) };
    seen.push(entry);
    const [, replies] = Object.entries(script).find(([key]) => matches(line, key)) ?? [];
    const reply = replies !== undefined && replies.length > 1 ? replies.shift() : replies?.[0];
    if (reply === undefined) response.writeHead(404).end();
    else reply(response, entry);
  };
  const server: Server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const scripted: ScriptedServer = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    script,
    pauses: [],
    secretsAsked: 0,
    secretsFailing: 0,
    connect: (host = {}, about = {}) => connectTo(scripted, host, about),
    count: (ending) => seen.filter(({ line }) => matches(line, ending)).length,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return scripted;
}

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Problem, type ProblemCode } from "#contracts/problem.ts";
import type { SubmissionState, SubmissionView } from "#contracts/submission.ts";
import { createApi, type DesignerApi } from "./client.ts";
import { NoConnection, readProblem } from "./request.ts";
import type { SendUpload } from "./upload.ts";
import { wait } from "./wait.ts";

interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}
type Reply = (response: ServerResponse, seen: Seen) => void;

let server: Server;
let baseUrl: string;
let seen: Seen[];
/** Replies by "METHOD path-ending", used up one after the other; the last one stays. */
let script: Record<string, Reply[]>;
let secretsAsked: number;

beforeEach(async () => {
  seen = [];
  secretsAsked = 0;
  script = { "POST /tokens": [json(tokenAnswer("token-1"))] };
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const line = `${request.method} ${request.url}`;
  const entry = { line, headers: request.headers, body: await buffer(request) };
  seen.push(entry);
  const [, replies] = Object.entries(script).find(([key]) => matches(line, key)) ?? [];
  const reply = replies !== undefined && replies.length > 1 ? replies.shift() : replies?.[0];
  if (reply === undefined) response.writeHead(404).end();
  else reply(response, entry);
}

function matches(line: string, key: string): boolean {
  const [method = "", ending = ""] = key.split(" ");
  return line.startsWith(`${method} `) && (line.split("?")[0] ?? "").endsWith(ending);
}

function json(body: unknown, status = 200): Reply {
  return (response) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
function problem(code: ProblemCode, headers: Record<string, string> = {}): Reply {
  const details = new Problem(code).toDetails();
  return (response) =>
    response
      .writeHead(details.status, { "content-type": "application/problem+json", ...headers })
      .end(JSON.stringify(details));
}
const cut: Reply = (response) => response.destroy();

const pictureSha256 = createHash("sha256").update("picture").digest("hex");
function submission(state: SubmissionState, sequence: number, id = "sub-1"): SubmissionView {
  const rest = { rejectionCode: null, hasPreview: false, pictureSha256, updatedAt: 1 };
  return { submissionId: id, state, sequence, ...rest };
}
function session(live: SubmissionView | null) {
  return { sessionId: "s1", productId: "photo-landscape", locale: "en", issuerName: "Bank", submission: live };
}
function tokenAnswer(token: string, expiresInSeconds = 600) {
  return { token, expiresInSeconds, session: session(null) };
}

/** As the browser's upload, without progress in between. */
const fetchUpload: SendUpload = async ({ url, headers, body, onProgress, signal }) => {
  try {
    const sending = fetch(url, { method: "POST", headers, body, signal });
    onProgress(1);
    const response = await sending;
    const text = await response.text();
    if (!response.ok) throw readProblem(response.status, text, response.headers.get("retry-after"));
    return text;
  } catch (error) {
    if (signal.aborted || error instanceof Problem) throw error;
    throw new NoConnection({ cause: error });
  }
};
const soon: typeof wait = (_ms, signal) => wait(1, signal);

function connect(): DesignerApi {
  const host = {
    start: { sessionId: "s1", clientSecret: "first-secret" },
    fetchSession: () => {
      secretsAsked += 1;
      return Promise.resolve({ sessionId: "s1", clientSecret: `secret-${secretsAsked}` });
    },
  };
  return createApi(host, { baseUrl, fetch, wait: soon }, fetchUpload);
}
function count(ending: string): number {
  return seen.filter(({ line }) => matches(line, ending)).length;
}

describe("access", () => {
  it("trades the first secret for a token and uses that", async () => {
    script["GET /s1"] = [json(session(null))];
    const api = connect();
    expect((await api.open()).issuerName).toBe("Bank");
    await api.readSession();
    expect(JSON.parse(seen[0]?.body.toString() ?? "")).toEqual({ clientSecret: "first-secret" });
    expect(seen[1]?.headers.authorization).toBe("Bearer token-1");
    expect(secretsAsked).toBe(0);
  });

  it("asks the host for another secret when the first has been used", async () => {
    script["POST /tokens"] = [problem("not-authenticated"), json(tokenAnswer("token-2"))];
    await connect().open();
    expect(secretsAsked).toBe(1);
  });

  it("renews a token that ran out in the middle, once for all who wait", async () => {
    script["POST /tokens"] = [json(tokenAnswer("old")), json(tokenAnswer("new"))];
    script["GET /s1"] = [problem("token-expired"), problem("token-expired"), json(session(null))];
    const api = connect();
    await api.open();
    await Promise.all([api.readSession(), api.readSession()]);
    expect(secretsAsked).toBe(1);
    expect(seen.at(-1)?.headers.authorization).toBe("Bearer new");
  });

  it("renews a token before it runs out", async () => {
    script["POST /tokens"] = [json(tokenAnswer("short", 0)), json(tokenAnswer("long"))];
    script["GET /s1"] = [json(session(null))];
    const api = connect();
    await api.open();
    await api.readSession();
    expect(secretsAsked).toBe(1);
    expect(seen.at(-1)?.headers.authorization).toBe("Bearer long");
  });

  it("does not go on with the token of another session", async () => {
    script["POST /tokens"] = [problem("not-authenticated")];
    const host = {
      start: { sessionId: "s1", clientSecret: "x" },
      fetchSession: () => Promise.resolve({ sessionId: "s2", clientSecret: "y" }),
    };
    const opening = createApi(host, { baseUrl, fetch, wait: soon }, fetchUpload).open();
    await expect(opening).rejects.toMatchObject({ code: "session-expired" });
  });

  it("gives up when the new token has run out as well", async () => {
    script["GET /s1"] = [problem("token-expired")];
    const api = connect();
    await api.open();
    await expect(api.readSession()).rejects.toMatchObject({ code: "token-expired" });
    expect(count("GET /s1")).toBe(2);
  });
});

describe("retries", () => {
  it("repeats what may help, within a budget", async () => {
    script["GET /s1"] = [problem("overloaded")];
    const api = connect();
    await api.open();
    await expect(api.readSession()).rejects.toMatchObject({ code: "overloaded" });
    expect(count("GET /s1")).toBe(4);
  });

  it("gets through a connection that breaks twice", async () => {
    script["GET /s1"] = [cut, cut, json(session(null))];
    const api = connect();
    await api.open();
    expect((await api.readSession()).sessionId).toBe("s1");
  });

  it("does not repeat a refusal", async () => {
    script["GET /s1"] = [problem("not-allowed")];
    const api = connect();
    await api.open();
    await expect(api.readSession()).rejects.toMatchObject({ code: "not-allowed" });
    expect(count("GET /s1")).toBe(1);
  });

  it("takes an answer of another shape for no answer", async () => {
    script["GET /s1"] = [json({ hello: "proxy" })];
    const api = connect();
    await api.open();
    await expect(api.readSession()).rejects.toBeInstanceOf(NoConnection);
  });

  it("waits for the platform's preview", async () => {
    const picture: Reply = (response) => response.writeHead(200, { "content-type": "image/png" }).end("PNG");
    script["GET /preview"] = [
      problem("preview-not-ready", { "retry-after": "1" }),
      problem("preview-not-ready"),
      picture,
    ];
    const api = connect();
    await api.open();
    const blob = await api.readPreview("sub-1", 856, new AbortController().signal);
    expect(await blob.text()).toBe("PNG");
    expect(count("GET /preview")).toBe(3);
  });

  it("stops when the screen is left", async () => {
    script["GET /preview"] = [problem("preview-not-ready")];
    const api = connect();
    await api.open();
    const leaving = new AbortController();
    const reading = api.readPreview("sub-1", 856, leaving.signal);
    leaving.abort();
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("following", () => {
  function events(...views: readonly SubmissionView[]): Reply {
    return (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(": still here\n\n");
      for (const view of views) response.write(`id: ${view.sequence}\ndata: ${JSON.stringify(view)}\n\n`);
      response.end();
    };
  }
  const follow = async (from: SubmissionView) => {
    const states: string[] = [];
    const api = connect();
    await api.open();
    await api.followSubmission(from, (now) => states.push(now.state), AbortSignal.timeout(5000));
    return states;
  };

  it("tells every state once and ends with the last", async () => {
    script["GET /events"] = [events(submission("queued", 2), submission("accepted", 3), submission("approved", 4))];
    expect(await follow(submission("stored", 1))).toEqual(["queued", "accepted", "approved"]);
  });

  it("resumes after a break where it was", async () => {
    const accepted = submission("accepted", 3);
    script["GET /events"] = [
      events(submission("queued", 2), accepted),
      cut,
      events(accepted, submission("approved", 4)),
    ];
    script["GET /s1"] = [json(session(accepted))];
    expect(await follow(submission("stored", 1))).toEqual(["queued", "accepted", "approved"]);
    const ids = seen.filter(({ line }) => line.endsWith("/events")).map(({ headers }) => headers["last-event-id"]);
    expect(ids).toEqual(["1", "3", "3"]);
  });

  it("asks for the state when there is no stream to be had", async () => {
    script["GET /events"] = [problem("overloaded")];
    script["GET /s1"] = [json(session(submission("in-review", 5))), json(session(submission("rejected", 6)))];
    expect(await follow(submission("stored", 1))).toEqual(["in-review", "rejected"]);
  });

  it("asks for nothing once the end is known", async () => {
    expect(await follow(submission("approved", 9))).toEqual([]);
    expect(count("GET /events")).toBe(0);
  });

  it("ends with the page", async () => {
    script["GET /events"] = [(response) => void response.writeHead(200).write(": nothing\n\n")];
    const api = connect();
    await api.open();
    const leaving = new AbortController();
    const following = api.followSubmission(submission("stored", 1), () => {}, leaving.signal);
    await expect.poll(() => count("GET /events")).toBe(1);
    leaving.abort();
    await expect(following).rejects.toMatchObject({ name: "AbortError" });
  });
});

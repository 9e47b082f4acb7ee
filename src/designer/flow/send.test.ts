import { createHash } from "node:crypto";
import { beforeEach, expect, it } from "vitest";
import { Problem, type ProblemCode } from "#contracts/problem.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import type { DesignDocument } from "#design/document.ts";
import { createApi, digestHeader } from "../api/client.ts";
import { NoConnection, readProblem } from "../api/request.ts";
import type { SendUpload } from "../api/upload.ts";
import { wait } from "../api/wait.ts";
import { sendDesign } from "./send.ts";

type Reply = () => Response;
interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the server answers, used up one after the other; the last one stays. */
let script: { put: Reply[]; post: Reply[]; session: Reply[] };
let posts: Post[];
let looks: number;

const json = (body: unknown, status = 200): Reply => {
  return () => Response.json(body, { status });
};
const problem = (code: ProblemCode): Reply => json(new Problem(code).toDetails(), new Problem(code).status);
const cut: Reply = () => {
  throw new TypeError("connection lost");
};
function next(replies: Reply[]): Response {
  const reply = replies.length > 1 ? replies.shift() : replies[0];
  if (reply === undefined) throw new Error("no reply is left");
  return reply();
}

const scriptedFetch = async (input: unknown, init?: RequestInit): Promise<Response> => {
  const line = `${init?.method} ${String(input)}`;
  if (line.endsWith("/tokens")) return Response.json({ token: "t", expiresInSeconds: 600, session: session(null) });
  if (line.startsWith("PUT")) return next(script.put);
  looks += 1;
  return next(script.session);
};
const scriptedUpload: SendUpload = async ({ headers, body, onProgress, signal }) => {
  posts.push({ headers, body: new TextDecoder().decode(body) });
  onProgress(1);
  let response: Response;
  try {
    response = next(script.post);
  } catch (error) {
    throw new NoConnection({ cause: error });
  }
  signal.throwIfAborted();
  const text = await response.text();
  if (!response.ok) throw readProblem(response.status, text, null);
  return text;
};

const pictureSha256 = createHash("sha256").update("picture").digest("hex");
const stored: SubmissionView = {
  submissionId: "sub-1",
  state: "stored",
  sequence: 1,
  rejectionCode: null,
  hasPreview: false,
  pictureSha256,
  updatedAt: 1,
};
function session(live: SubmissionView | null) {
  return { sessionId: "s1", productId: "photo-landscape", locale: "en", issuerName: "Bank", submission: live };
}

const designSha256 = "d".repeat(64);
const design: DesignDocument = {
  version: 1,
  productId: "photo-landscape",
  photo: { sha256: "a".repeat(64), widthPx: 4000, heightPx: 3000 },
  placement: { xMm: 0, yMm: 0, mmPerPx: 0.03, rotationDeg: 0, mirrored: false },
  agreement: { rulesVersion: "1", agreedAt: 1 },
};
const picture = { png: new Uint8Array(Buffer.from("picture")), sha256: pictureSha256 };
const keys = new Map<string, string>();
const keyFor = (one: string, other: string) => {
  const key = keys.get(one + other) ?? crypto.randomUUID();
  keys.set(one + other, key);
  return key;
};
const soon: typeof wait = (_ms, signal) => wait(1, signal);

async function send(signal = new AbortController().signal) {
  const host = {
    start: { sessionId: "s1", clientSecret: "x" },
    fetchSession: () => Promise.resolve({ sessionId: "s1", clientSecret: "y" }),
  };
  const api = createApi(host, { baseUrl: "", fetch: scriptedFetch, wait: soon }, scriptedUpload);
  const rest = { previousSubmissionId: null, onProgress: () => {}, signal, wait: soon };
  return sendDesign({ api, design, picture, keyFor, ...rest });
}

/** The cardholder cancels while the request is on its way. */
function cancel(cancelling: AbortController): Reply {
  return () => {
    cancelling.abort();
    return cut();
  };
}

beforeEach(() => {
  posts = [];
  looks = 0;
  script = { put: [json({ designSha256 })], post: [], session: [json(session(null))] };
});

it("stores the design, then sends the very bytes with both digests", async () => {
  script.post = [json(stored, 202)];
  expect(await send()).toEqual({ kind: "acknowledged", submission: stored, isOther: false });
  const [post] = posts;
  expect(post?.body).toBe("picture");
  expect(post?.headers["content-digest"]).toBe(`sha-256=:${createHash("sha256").update("picture").digest("base64")}:`);
  expect(post?.headers["design-digest"]).toBe(digestHeader(designSha256));
});

it("repeats with the same key when the answer is lost", async () => {
  script.post = [cut, problem("submission-in-flight"), json(stored, 202)];
  expect((await send()).kind).toBe("acknowledged");
  const used = posts.map(({ headers }) => headers["idempotency-key"]);
  expect(used).toHaveLength(3);
  expect(new Set(used).size).toBe(1);
});

it("uses the same key again when the cardholder presses send again", async () => {
  script.post = [problem("picture-refused"), json(stored, 202)];
  expect(await send()).toEqual({ kind: "failed", code: "send-picture-refused" });
  await send();
  const used = posts.map(({ headers }) => headers["idempotency-key"]);
  expect(new Set(used).size).toBe(1);
});

it("finds the submission that arrived although every answer was lost", async () => {
  script.post = [cut];
  script.session = [json(session(stored))];
  expect(await send()).toEqual({ kind: "acknowledged", submission: stored, isOther: false });
});

it("shows the earlier design when one is on its way already", async () => {
  const earlier = { ...stored, submissionId: "sub-0", pictureSha256: "f".repeat(64) };
  script.post = [problem("already-submitted")];
  script.session = [json(session(earlier))];
  expect(await send()).toEqual({ kind: "acknowledged", submission: earlier, isOther: true });
  expect(posts).toHaveLength(1);
});

it("says that there is no connection when nobody knows", async () => {
  script.post = [cut];
  script.session = [cut];
  expect(await send()).toEqual({ kind: "failed", code: "send-no-connection" });
  expect(posts).toHaveLength(4);
});

it("stops before anything was sent", async () => {
  const cancelling = new AbortController();
  script.put = [cancel(cancelling)];
  expect(await send(cancelling.signal)).toEqual({ kind: "cancelled" });
  expect(posts).toHaveLength(0);
});

it("looks whether it arrived when it is cancelled after all bytes have left", async () => {
  const cancelling = new AbortController();
  script.post = [cancel(cancelling)];
  script.session = [json(session(null)), json(session(stored))];
  expect(await send(cancelling.signal)).toEqual({ kind: "acknowledged", submission: stored, isOther: false });
  expect(posts).toHaveLength(1);
});

it("is cancelled when the server has nothing of it", async () => {
  const cancelling = new AbortController();
  script.post = [cancel(cancelling)];
  expect(await send(cancelling.signal)).toEqual({ kind: "cancelled" });
  expect(looks).toBe(3);
});

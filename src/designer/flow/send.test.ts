import { createHash } from "node:crypto";
import fc from "fast-check";
import { beforeEach, expect, it } from "vitest";
import { coverPlacement } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { Problem, type ProblemCode } from "#contracts/problem.ts";
import { detailsOf } from "#contracts/problem-details.ts";
import { designOf, makeOpenPhoto } from "#image/testing/open-photo.ts";
import { createAccess } from "../api/access.ts";
import { instantProver } from "../api/testing/instant-prover.ts";
import { createApi, digestHeader, findFailure, type SendUpload } from "../api/client.ts";
import { fileInForm } from "../api/testing/file-in-form.ts";
import { session, submission } from "../api/testing/scripted-server.ts";
import { headOf, NoAnswer, wait } from "../api/request.ts";
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
/** Whether an upload comes to its last byte. */
let bytesLeave: boolean;

const json = (body: unknown, status = 200): Reply => {
  return () => Response.json(body, { status });
};
const problem = (code: ProblemCode): Reply => json(detailsOf(new Problem(code)), new Problem(code).status);
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
  if (line.endsWith("/design")) return next(script.put);
  looks += 1;
  return next(script.session);
};
const scriptedUpload: SendUpload = async ({ url, headers, body, onProgress, signal }) => {
  posts.push({ headers, body: String(await fileInForm(headers["content-type"], body)) });
  let response: Response;
  try {
    response = next(script.post);
  } catch (error) {
    throw new NoAnswer({ cause: error });
  } finally {
    onProgress(bytesLeave ? 1 : 0.9);
  }
  signal.throwIfAborted();
  const text = await response.text();
  const failure = findFailure({ method: "POST", path: url, sentBytes: body.length }, headOf(response), text);
  if (failure !== null) throw failure;
  return text;
};

const stored = submission("stored", 1);
const designSha256 = "d".repeat(64);
const photo = makeOpenPhoto();
const design = designOf(photo, coverPlacement(photo, products[0]), products[0]);
const agreement = { rulesVersion: "1", agreedAt: 1 };
const picture = { png: new Uint8Array(Buffer.from("picture")), sha256: stored.pictureSha256 ?? "", design };
const keys = new Map<string, string>();
const keyFor = (one: string, other: string) => {
  const key = keys.get(one + other) ?? crypto.randomUUID();
  keys.set(one + other, key);
  return key;
};
const soon: typeof wait = (_ms, signal) => wait(1, signal);

let unconfirmedCalls: number;

async function send(cancelled = new AbortController().signal, signal = new AbortController().signal) {
  const host = {
    start: { sessionId: "s1", clientSecret: "x" },
    fetchSession: () => Promise.resolve({ sessionId: "s1", clientSecret: "y" }),
  };
  const transport = { baseUrl: "", fetch: scriptedFetch, wait: soon };
  const api = createApi(createAccess(transport, host, instantProver), transport, scriptedUpload);
  const told = { onProgress: () => {}, onUnconfirmed: () => void (unconfirmedCalls += 1), wait: soon };
  return sendDesign({ api, agreement, picture, keyFor, previousSubmissionId: null, cancelled, signal, ...told });
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
  unconfirmedCalls = 0;
  bytesLeave = true;
  script = { put: [json({ designSha256 })], post: [], session: [json(session(null))] };
});

it("stores the design, then sends the very bytes with both digests", async () => {
  script.post = [json(stored, 202)];
  expect(await send()).toEqual({ kind: "acknowledged", submission: stored, isOther: false });
  const [post] = posts;
  expect(post?.body).toBe("picture");
  expect(post?.headers["picture-digest"]).toBe(`sha-256=:${createHash("sha256").update("picture").digest("base64")}:`);
  expect(post?.headers["design-digest"]).toBe(digestHeader(designSha256));
  expect(post?.headers["agreement"]).toBe('rules="1", at=1');
});

it("repeats with the same key when the answer is lost", async () => {
  script.post = [cut, problem("submission-in-flight"), json(stored, 202)];
  expect((await send()).kind).toBe("acknowledged");
  expect(posts).toHaveLength(3);
  expect(new Set(posts.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
});

it("uses the same key again when the cardholder presses send again", async () => {
  script.post = [problem("picture-refused"), json(stored, 202)];
  expect(await send()).toMatchObject({ kind: "failed", code: "send-picture-refused" });
  await send();
  expect(new Set(posts.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
});

it("finds the submission that arrived although every answer was lost, and does not send it again", async () => {
  script.post = [cut];
  script.session = [json(session(stored))];
  expect(await send()).toEqual({ kind: "acknowledged", submission: stored, isOther: false });
  expect(posts).toHaveLength(1);
});

it("shows the earlier design when one is on its way already", async () => {
  const earlier = { ...stored, submissionId: "sub-0", pictureSha256: "f".repeat(64) };
  script.post = [problem("already-submitted")];
  script.session = [json(session(earlier))];
  expect(await send()).toEqual({ kind: "acknowledged", submission: earlier, isOther: true });
  expect(posts).toHaveLength(1);
});

it("does not take another tab's rejected design for the answer", async () => {
  const rejected = { ...stored, submissionId: "sub-0", state: "rejected", pictureSha256: "f".repeat(64) } as const;
  script.post = [cut, json(stored, 202)];
  script.session = [json(session(rejected))];
  expect(await send()).toMatchObject({ kind: "acknowledged", submission: { submissionId: "sub-1" } });
});

it("says that there is no connection when the picture never left, and tells support the trace of the last try", async () => {
  bytesLeave = false;
  script.post = [cut];
  const outcome = await send();
  const sent = posts.map(({ headers }) => headers["traceparent"] ?? "");
  expect(new Set(sent).size, "each request has its own").toBe(4);
  for (const one of sent) expect(one).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
  expect(outcome).toEqual({ kind: "failed", code: "send-no-connection", cause: `trace ${sent.at(-1)?.slice(3, 35)}` });
  expect([looks, unconfirmedCalls]).toEqual([0, 0]);
});

it("says at once that something is in the way when it refuses the document, and of the picture only when it is sure", async () => {
  bytesLeave = false;
  script.put = [json("<html>", 403), json({ designSha256 })];
  expect(await send()).toMatchObject({ kind: "failed", code: "foreign-answer" });
  expect([posts.length, looks]).toEqual([0, 0]);
  script.post = [json("<html>", 413)];
  expect(await send()).toMatchObject({ kind: "failed", code: "foreign-answer" });
  expect([posts.length, looks]).toEqual([1, 5]);
});

it.each([403, 413, 200])(
  "does not believe a page that answers %i in the server's place: it asks until it is sure that nothing has arrived",
  async (status) => {
    script.post = [json("<html>", status)];
    expect(await send()).toMatchObject({ kind: "failed", code: "foreign-answer" });
    expect(looks).toBeGreaterThanOrEqual(5);
  },
);

it.each([403, 413, 200, 502])(
  "finds what has arrived behind a page that answers %i in the server's place",
  async (status) => {
    script.post = [json("<html>", status)];
    script.session = [json("<html>", 403), json(session(null)), json(session(stored))];
    expect(await send()).toEqual({ kind: "acknowledged", submission: stored, isOther: false });
    expect(new Set(posts.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
  },
);

it("gives up a picture that something on the way answers again and again while the server can be asked", async () => {
  script.post = [json("<html>", 502)];
  expect(await send()).toMatchObject({ kind: "failed", code: "foreign-answer" });
  expect(posts).toHaveLength(4);
});

it("goes on asking for as long as the server is away once the picture may have arrived, and finds it", async () => {
  script.post = [cut];
  const away = [cut, json("<html>", 404), json("<html>", 502)];
  script.session = [...Array.from({ length: 12 }, () => away).flat(), json(session(stored))];
  expect(await send()).toEqual({ kind: "acknowledged", submission: stored, isOther: false });
  expect(posts).toHaveLength(1);
  expect(unconfirmedCalls).toBeGreaterThan(1);
});

it("sends it again under the same key when the server comes back without it", async () => {
  script.post = [cut, problem("internal"), problem("overloaded"), cut, cut, cut, cut, json(stored, 202)];
  script.session = [cut, cut, json(session(null))];
  expect((await send()).kind).toBe("acknowledged");
  expect(posts).toHaveLength(8);
  expect(new Set(posts.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
});

it("believes a refusal of the repetition only when nothing has arrived before it", async () => {
  script.post = [cut, problem("digest-mismatch"), problem("picture-refused")];
  expect(await send()).toMatchObject({ kind: "failed", code: "send-picture-refused" });
  expect(looks).toBe(5);
});

it("does not know what has become of it when the visit has ended meanwhile", async () => {
  script.post = [cut];
  script.session = [cut, problem("session-expired")];
  expect(await send()).toEqual({ kind: "unknown" });
});

it("stops before anything was sent", async () => {
  const cancelling = new AbortController();
  script.put = [cancel(cancelling)];
  expect(await send(cancelling.signal)).toEqual({ kind: "cancelled" });
  expect(posts).toHaveLength(0);
});

it("is cancelled without asking while bytes are still to leave", async () => {
  const cancelling = new AbortController();
  bytesLeave = false;
  script.post = [cancel(cancelling)];
  script.session = [cut];
  expect(await send(cancelling.signal)).toEqual({ kind: "cancelled" });
  expect([posts.length, looks]).toEqual([1, 0]);
});

it("looks whether it arrived when it is cancelled after all bytes have left", async () => {
  const cancelling = new AbortController();
  script.post = [cancel(cancelling)];
  script.session = [json(session(null)), json(session(stored))];
  expect(await send(cancelling.signal)).toEqual({ kind: "acknowledged", submission: stored, isOther: false });
  expect(posts).toHaveLength(1);
});

it("is cancelled when the server says again and again that it has nothing of it", async () => {
  const cancelling = new AbortController();
  script.post = [cancel(cancelling)];
  script.session = [json(session(null)), json(session(null)), ...Array<Reply>(9).fill(cut), json(session(null))];
  expect(await send(cancelling.signal)).toEqual({ kind: "cancelled" });
  expect(looks).toBe(2 + 9 + 5);
  expect(posts).toHaveLength(1);
});

it("sends nothing more when it is cancelled while it is unconfirmed", async () => {
  const cancelling = new AbortController();
  script.post = [cut];
  script.session = [cut, cancel(cancelling), cut, json(session(stored))];
  expect((await send(cancelling.signal)).kind).toBe("acknowledged");
  expect(posts).toHaveLength(1);
});

it("ends with the designer", async () => {
  const closing = new AbortController();
  script.post = [cut];
  script.session = [cut, cancel(closing)];
  expect(await send(undefined, closing.signal)).toEqual({ kind: "unknown" });
});

const faults = ["none", "away", "half sent", "answer lost", "busy", "bad gateway", "block page"] as const;
type Fault = (typeof faults)[number];

/** A server that keeps a picture `lateness` requests after its last byte. Each request meets the next of `list`. */
function runFaultyServer(list: readonly Fault[], lateness: number, onRequest: (count: number) => void) {
  let requests = 0;
  /** Requests until the picture is kept; 0 when it is, -1 when nothing has arrived. */
  let keptIn = -1;
  const meet = (): Fault => {
    const fault = list[requests] ?? "none";
    requests += 1;
    if (fault !== "away" && keptIn > 0) keptIn -= 1;
    onRequest(requests);
    return fault;
  };
  const post: Reply = () => {
    const fault = meet();
    bytesLeave = fault !== "away" && fault !== "half sent";
    if (!bytesLeave) return cut();
    if (fault === "busy") return problem("overloaded")();
    if (keptIn > 0) return problem("submission-in-flight")();
    if (keptIn < 0) keptIn = fault === "none" ? 0 : lateness;
    if (fault === "answer lost") return cut();
    if (fault === "block page") return json("<html>", 403)();
    return (fault === "none" ? json(stored, 202) : json("<html>", 502))();
  };
  const read: Reply = () => {
    const fault = meet();
    if (fault === "none") return json(session(keptIn === 0 ? stored : null))();
    if (fault === "block page") return json("<html>", 200)();
    return (fault === "busy" || fault === "bad gateway" ? json("<html>", 503) : cut)();
  };
  script = { put: [json({ designSha256 })], post: [post], session: [read] };
  return { has: () => keptIn >= 0 };
}

it("never says that a design has not arrived when it has or still may, whatever breaks", async () => {
  const lists = fc.array(fc.constantFrom(...faults), { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(lists, fc.option(fc.nat(12)), fc.nat(4), async (list, cancelAt, lateness) => {
      const cancelling = new AbortController();
      const server = runFaultyServer(list, lateness, (count) => count === cancelAt && cancelling.abort());
      const { kind } = await send(cancelling.signal);
      expect(kind).toMatch(server.has() ? /^acknowledged$/ : /^(cancelled|failed)$/);
    }),
    { numRuns: 150 },
  );
});

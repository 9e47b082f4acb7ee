// A cardholder's way by the designer's own calls, through whatever stands before the server. Each step by itself: one that fails hides none.
import { createHash, randomBytes } from "node:crypto";
import { createAccess } from "#designer/api/access.ts";
import { createApi, findFailure, type SendUpload } from "#designer/api/client.ts";
import { describeForeign } from "#designer/api/describe-foreign.ts";
import { createProver } from "#designer/api/prover.ts";
import { ForeignAnswer, headOf, wait } from "#designer/api/request.ts";
import { createServerDrafts } from "#designer/drafts/server-drafts.ts";
import type { SessionSecret } from "#contracts/session.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { asIssuer, testEnv } from "#server/testing/env.ts";
import { testDesign } from "#server/testing/issuer.ts";
import { makePicture } from "#server/testing/picture.ts";

export interface Step {
  readonly name: string;
  /** What went wrong; null for nothing. */
  readonly fault: string | null;
}

const stepTimeoutMs = 30_000;
const streamTimeoutMs = 5_000;
const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Of 1.5 MB, in which a line begins with two hyphens: every tenth has one by chance. */
function makeRealPicture(): Buffer {
  for (;;) {
    const picture = makePicture({ noisyRows: 460 });
    if (picture.includes("\n--")) return picture;
  }
}
const picture = makeRealPicture();
/** As a phone's: beyond what firewalls take as they come. */
const large = makePicture({ extra: { type: "IDAT", data: randomBytes(20_000_000) } });

const photo = { sha256: sha256Of(picture), bytes: new Blob([new Uint8Array(picture)]) };
const design = {
  ...testDesign,
  elements: testDesign.elements.map((element) => ({ ...element, sha256: photo.sha256 })),
};
const { signal } = new AbortController();

/** As a browser would ask. */
const browser = {
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  "accept-language": "de-DE,de;q=0.9,en;q=0.8",
  origin: testEnv.FULLBLEED_PUBLIC_URL,
};
const askAsBrowser: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  for (const [name, value] of Object.entries(browser)) headers.set(name, value);
  return fetch(input, { ...init, headers });
};

const upload: SendUpload = async ({ url, headers, body, onProgress, onNonce, signal }) => {
  const response = await askAsBrowser(url, { method: "POST", headers, body, signal });
  onProgress(1);
  onNonce(response.headers.get("dpop-nonce"));
  const text = await response.text();
  const asked = { method: "POST", path: new URL(url).pathname, sentBytes: body.length };
  const failure = findFailure(asked, headOf(response), text);
  if (failure !== null) throw failure;
  return text;
};

/** Opened by the issuer's server, which reaches ours without what stands before it. */
async function openSession(serverUrl: string, cardholderId: string): Promise<SessionSecret> {
  const body = JSON.stringify({ cardholderId, productId: "photo-landscape", origins: ["https://bank.example"] });
  const headers = { ...asIssuer, "content-type": "application/json" };
  const answer = await fetch(`${serverUrl}/v1/sessions`, { method: "POST", headers, body });
  return (await answer.json()) as SessionSecret;
}

function describe(error: unknown): string {
  return error instanceof ForeignAnswer ? describeForeign(error) : String(error);
}

async function requireFile(url: string, start: string): Promise<void> {
  const answer = await askAsBrowser(url, { signal: AbortSignal.timeout(stepTimeoutMs) });
  const text = await answer.text();
  if (answer.status !== 200 || !text.startsWith(start)) throw new Error(`${url} was answered ${answer.status}`);
}

/** The designer's calls to the server at `url`. */
function connect(url: string, start: SessionSecret) {
  const transport = { baseUrl: url, fetch: askAsBrowser, wait };
  const access = createAccess(
    transport,
    { start, fetchSession: async () => start },
    createProver(testEnv.FULLBLEED_PUBLIC_URL),
  );
  const api = createApi(access, transport, upload, undefined);
  return { access, api, drafts: createServerDrafts(access, transport) };
}

type Calls = ReturnType<typeof connect>;

function sendDrafts({ drafts }: Calls): Readonly<Record<string, () => Promise<unknown>>> {
  return {
    "a photo of 1.5 MB": () => drafts.writePhoto(photo, signal),
    "a photo of 20 MB": () =>
      drafts.writePhoto({ sha256: sha256Of(large), bytes: new Blob([new Uint8Array(large)]) }, signal),
    "the draft": () => drafts.write({ document: JSON.stringify(design), expected: [], submissionId: null }, signal),
    "the draft comes back": () => drafts.read(),
    "the photo comes back": () => drafts.readPhoto(photo.sha256),
    "the draft is deleted": () => drafts.remove(),
  };
}

async function follow({ api }: Calls, submission: SubmissionView): Promise<void> {
  const ending = new AbortController();
  const late = new Error(`no event within ${streamTimeoutMs} ms: the stream is held back`);
  const seen = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(late), streamTimeoutMs);
    ending.signal.addEventListener("abort", () => clearTimeout(timer));
    api.followSubmission(submission, () => resolve(), ending.signal).catch(reject);
  });
  await seen.finally(() => ending.abort());
}

function sendCard(calls: Calls, makeCard: MakeCard): Readonly<Record<string, () => Promise<unknown>>> {
  const { api } = calls;
  let designSha256 = "";
  let sent: SubmissionView | undefined;
  const requireSent = (): SubmissionView => {
    if (sent === undefined) throw new Error("nothing has been sent");
    return sent;
  };
  return {
    "the design": async () => ({ designSha256 } = await api.storeDesign(design, signal)),
    "a picture of 1.5 MB": async () => {
      const agreement = { rulesVersion: "1", agreedAt: Date.now() };
      const given = { png: new Uint8Array(picture), sha256: photo.sha256, designSha256, agreement };
      const idempotencyKey = crypto.randomUUID();
      sent = await api.sendPicture({ ...given, idempotencyKey, onProgress: () => {} }, signal);
    },
    "the stream": async () => follow(calls, requireSent()),
    "the preview": async () => {
      const { submissionId } = requireSent();
      await makeCard(submissionId);
      await api.readPreview(submissionId, 856, signal);
    },
  };
}

/** Null when it goes well in time, or what went wrong. */
function tryOut(run: () => Promise<unknown>): Promise<string | null> {
  const late = AbortSignal.timeout(stepTimeoutMs);
  const tooLate = new Promise<never>((_, reject) =>
    late.addEventListener("abort", () => reject(new Error(`takes longer than ${stepTimeoutMs} ms`))),
  );
  return Promise.race([run(), tooLate]).then(() => null, describe);
}

/** What makes the platform's preview of a submission. */
export type MakeCard = (submissionId: string) => Promise<void>;

/** All that the browser asks of the server at `url`, which is reached at `serverUrl` too. */
export async function walk(url: string, serverUrl: string, makeCard: MakeCard): Promise<readonly Step[]> {
  const start = await openSession(serverUrl, `c-${crypto.randomUUID()}`);
  const calls = connect(url, start);
  const steps: Readonly<Record<string, () => Promise<unknown>>> = {
    "the loader": () => requireFile(`${url}/embed/card-designer.js`, "var "),
    "the frame": () => requireFile(`${url}/frame/${start.sessionId}`, "<!doctype html>"),
    "the token": () => calls.access.open(),
    "the session": () => calls.api.readSession(),
    ...sendCard(calls, makeCard),
    ...sendDrafts(calls),
  };
  const outcomes: Step[] = [];
  for (const [name, run] of Object.entries(steps)) outcomes.push({ name, fault: await tryOut(run) });
  return outcomes;
}

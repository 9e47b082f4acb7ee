import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import { readAgreement } from "#contracts/agreement.ts";
import { Problem, type ProblemCode, problems } from "#contracts/problem.ts";
import { detailsOf } from "#contracts/problem-details.ts";
import type { DesignerEventInput } from "#contracts/frame-messages.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import type { ImageClient, OpenPhoto } from "#image/client.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { createAccess } from "../api/access.ts";
import { instantProver } from "../api/testing/instant-prover.ts";
import { createApi, type SendUpload } from "../api/client.ts";
import { ServerProblem, wait } from "../api/request.ts";
import { createMemoryStore, type SharedDrafts } from "../drafts/draft-store.ts";
import { keptAlone } from "../drafts/testing/kept-alone.ts";
import { en } from "../locales/en.ts";
import { chooseLocale } from "../locales/locale.ts";
import { createTranslate } from "../locales/text.tsx";
import { createDesignStore, type DesignStore, openPhotoOf } from "../store/design-store.ts";
import type { AskPage } from "./ask-page.ts";
import { createFlow, type Flow } from "./flow.ts";
import { createFlowState } from "./flow-state.ts";

const product = products[0];
const picture = { png: new Uint8Array(8), sha256: "b".repeat(64) };
const file = new Blob(["photo"], { type: "image/jpeg" });
const photo = makeOpenPhoto({ sha256: "a".repeat(64) });
const stored: SubmissionView = {
  submissionId: "sub-1",
  state: "stored",
  sequence: 1,
  rejectionCode: null,
  hasPreview: false,
  pictureSha256: picture.sha256,
  updatedAt: 1,
};

/** What the server has to say against each request; null: nothing. */
let refuses: Record<"put" | "post" | "events" | "session", ProblemCode | null>;
let live: SubmissionView | null;
let renders: number;
let shows: number;
let agreements: string[];
let opens: PromiseWithResolvers<OpenPhoto>;
let events: DesignerEventInput[];
let design: DesignStore;
let drafts: SharedDrafts;
let flow: Flow;

const refuse = (code: ProblemCode): Response =>
  Response.json(detailsOf(new Problem(code)), { status: problems[code].status });

const answer = async (input: unknown, init?: RequestInit): Promise<Response> => {
  const line = `${init?.method ?? "GET"} ${String(input)}`;
  const session = { sessionId: "s1", productId: product.id, locale: "en", issuerName: "Bank", submission: live };
  if (line.endsWith("/tokens")) return Response.json({ token: "t", expiresInSeconds: 600, session });
  if (line.endsWith("/design"))
    return refuses.put ? refuse(refuses.put) : Response.json({ designSha256: "d".repeat(64) });
  if (line.endsWith("/events")) return refuses.events ? refuse(refuses.events) : new Response("");
  return refuses.session ? refuse(refuses.session) : Response.json(session);
};
const upload: SendUpload = async ({ headers, onProgress }) => {
  agreements.push(headers.agreement ?? "");
  onProgress(1);
  if (refuses.post !== null) throw new ServerProblem(refuses.post, undefined, undefined);
  live = stored;
  return JSON.stringify(stored);
};
const image: ImageClient = {
  openPhoto: () => opens.promise,
  renderPicture: () => {
    renders += 1;
    return Promise.resolve(picture);
  },
  showPicture: () => {
    shows += 1;
    return Promise.resolve({ url: URL.createObjectURL(new Blob()), decoded: null });
  },
  writeText: () => Promise.reject(new Error("no text is written here")),
  makeBare: () => Promise.resolve(null),
  comparePictures: () => Promise.resolve("unclear"),
  close: () => {},
};

function start(submission: SubmissionView | null = null, messages?: Record<string, string>, askPage?: AskPage): void {
  const credentials = { sessionId: "s1", clientSecret: "x" };
  const host = { start: credentials, fetchSession: () => Promise.resolve(credentials) };
  const transport = { baseUrl: "", fetch: answer, wait };
  const api = createApi(createAccess(transport, host, instantProver), transport, upload);
  design = createDesignStore(product);
  drafts = keptAlone(createMemoryStore());
  const state = createFlowState(submission);
  flow = createFlow({
    state,
    api,
    image,
    design,
    drafts,
    emit: (event) => void events.push(event),
    translate: createTranslate(chooseLocale("en"), messages),
    askPage,
  });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  refuses = { put: null, post: null, events: null, session: null };
  [live, renders, shows, agreements, opens, events] = [null, 0, 0, [], Promise.withResolvers(), []];
  start();
});
afterEach(() => {
  flow.close();
  vi.useRealTimers();
});

async function goToPreview(): Promise<void> {
  opens.resolve(photo);
  await flow.openPhoto(file);
  await flow.showPreview();
  flow.agree(true);
}

/** Sends and lets up to two minutes pass. */
async function send(): Promise<void> {
  let over = false;
  void flow.send().then(() => {
    over = true;
  });
  for (let seconds = 0; seconds < 120 && !over; seconds += 1) await vi.advanceTimersByTimeAsync(1000);
}

const now = () => flow.state.getState();
function words(): string {
  const state = now();
  if (!("notice" in state) || state.notice === null) return "";
  return `${en[`notice.${state.notice.code}.title`]}: ${en[`notice.${state.notice.code}.help`]}`;
}

const busy = /^We cannot take your design at the moment: It is still here. Please try again in a few minutes.$/;
const ended = /^This visit has ended: .*Reload your bank’s page to go on.$/;
const notAccepted =
  /^Your design could not be sent: Your design is still here. Please tell your bank if it happens again.$/;
const textRefused = /^Digits on your card look like a card number: It must not be on the picture, even in parts/;
const notOffered = /^Something on your card is not offered any more: .*Take it off to go on: everything else stays/;
const refused = /^The finished picture was not accepted: Go back to the design and open the preview again./;
const differs =
  /^Your card could not be checked on our side: Your design is still here. Reload the page, open the preview again and send it./;
const tooSlow = /^Your connection was too slow: .*Your design is still here: send it again, over Wi-Fi if you can.$/;
const damaged = /^The picture was damaged on its way to us: Your design is still here. Send it again;/;

/** What is said when the server or something on the way refuses the document (`put`) or the picture (`post`). */
const said: Record<ProblemCode, { readonly put: RegExp; readonly post: RegExp | "checking" }> = {
  "bad-request": { put: notAccepted, post: notAccepted },
  "idempotency-key-missing": { put: notAccepted, post: notAccepted },
  "not-authenticated": { put: ended, post: ended },
  "session-expired": { put: ended, post: ended },
  "token-expired": { put: ended, post: ended },
  "proof-outdated": { put: busy, post: busy },
  "not-allowed": { put: notAccepted, post: notAccepted },
  "not-found": { put: notAccepted, post: notAccepted },
  "preview-not-ready": { put: busy, post: busy },
  "submission-in-flight": { put: busy, post: "checking" },
  "already-submitted": { put: notAccepted, post: notAccepted },
  "not-possible": { put: notAccepted, post: notAccepted },
  "confirmation-needed": { put: notAccepted, post: notAccepted },
  "beyond-limit": { put: notAccepted, post: notAccepted },
  "body-too-large": { put: refused, post: refused },
  "body-too-slow": { put: tooSlow, post: tooSlow },
  "unsupported-media-type": { put: notAccepted, post: notAccepted },
  "idempotency-key-reused": { put: notAccepted, post: notAccepted },
  "digest-mismatch": { put: damaged, post: damaged },
  "picture-refused": { put: refused, post: refused },
  "picture-differs": { put: differs, post: differs },
  "design-unknown": { put: notAccepted, post: notAccepted },
  "not-offered": { put: notOffered, post: notOffered },
  "text-refused": { put: textRefused, post: textRefused },
  "template-broken": { put: notOffered, post: notOffered },
  "draft-changed": { put: notAccepted, post: notAccepted },
  "precondition-missing": { put: notAccepted, post: notAccepted },
  "asset-unknown": { put: notAccepted, post: notAccepted },
  "photo-refused": { put: notAccepted, post: notAccepted },
  "photo-not-bare": { put: notAccepted, post: notAccepted },
  "too-many-requests": { put: busy, post: busy },
  internal: { put: busy, post: "checking" },
  "platform-unavailable": { put: busy, post: "checking" },
  overloaded: { put: busy, post: "checking" },
  "storage-unavailable": { put: busy, post: "checking" },
};
const cases = (Object.keys(problems) as ProblemCode[]).flatMap((code) => [
  { method: "put", code, expected: said[code].put } as const,
  { method: "post", code, expected: said[code].post } as const,
]);

describe("a refusal", () => {
  it.each(cases)("$code to $method is said, keeps the design, and sending works afterwards", async (each) => {
    await goToPreview();
    const before = design.getState();
    refuses[each.method] = each.code;
    await send();
    if (each.expected === "checking") expect(now()).toMatchObject({ step: "sending", unconfirmed: "asking" });
    else {
      expect(now()).toMatchObject({ step: "preview", picture, notice: { tone: "problem" } });
      expect(words()).toMatch(each.expected);
    }
    expect(design.getState()).toBe(before);
    refuses[each.method] = null;
    await send();
    expect(now()).toMatchObject({ step: "follow", submission: { submissionId: "sub-1" } });
  });
});

it.each(["", " ", "\u00a0", "\n", "\0\u001b", "\u200b\u00ad\u3164", "\u202e"])(
  "sends the agreement with our own version where the issuer's is %j, of which nothing can be seen",
  async (version) => {
    flow.close();
    start(null, { "rules.version": version });
    await goToPreview();
    await send();
    expect(now().step).toBe("follow");
    expect(agreements.map(readAgreement)).toMatchObject([{ rulesVersion: en["rules.version"] }]);
  },
);

it("says that nobody can find out any more when the answer gets lost and the session with it", async () => {
  await goToPreview();
  refuses.post = "submission-in-flight";
  refuses.session = "session-expired";
  await send();
  expect(now()).toMatchObject({ step: "sending", unconfirmed: "unresolved" });
});

it("sends only what the issuer's page lets through, says to the cardholder why not, and never loses the press", async () => {
  const asked: unknown[] = [];
  let answer: () => unknown = () => "There is no money on your account.";
  flow.close();
  start(null, undefined, async (summary) => {
    asked.push([summary, now()]);
    return answer();
  });
  await goToPreview();
  await send();
  const declined = { code: "send-declined", tone: "note", sentence: "There is no money on your account." };
  expect(now()).toMatchObject({ step: "preview", agreement: { rulesVersion: en["rules.version"] }, notice: declined });
  answer = () => Promise.reject(new Error("the shop is closed"));
  await send();
  const failed = { code: "send-not-confirmed", cause: "the shop is closed" };
  expect([now(), events.at(-1)]).toMatchObject([{ step: "preview", notice: failed }, failed]);

  const late = Promise.withResolvers();
  answer = () => late.promise;
  const sending = flow.send();
  flow.cancelSending();
  late.resolve(true);
  expect(await sending).toBe(null);
  expect([now(), agreements]).toMatchObject([{ step: "preview", notice: { code: "send-cancelled" } }, []]);

  answer = () => true;
  await send();
  expect(now().step).toBe("follow");
  const summary = { productId: product.id, pictureSha256: picture.sha256, rulesVersion: en["rules.version"] };
  expect(asked).toHaveLength(4);
  for (const each of asked) expect(each).toMatchObject([summary, { step: "sending", waitsForPage: true }]);
});

it("stays with the status when the submission cannot be found any more, and asks nobody to send it again", async () => {
  flow.close();
  refuses.events = "not-found";
  start(stored);
  await vi.advanceTimersByTimeAsync(5000);
  expect(now().step).toBe("follow");
  expect(words()).toBe(
    "We cannot find your design any more: It may be with the card maker all the same, so please do not send it again. Ask your bank and give the reference.",
  );
});

it("renders nothing while another photo opens, and shows that photo on the card", async () => {
  await goToPreview();
  flow.goBack();
  const other = { ...photo, sha256: "c".repeat(64) };
  opens = Promise.withResolvers();
  const opening = flow.openPhoto(file);
  await flow.showPreview();
  opens.resolve(other);
  await opening;
  expect(renders).toBe(1);
  expect(now()).toMatchObject({ step: "design", opening: false });
  expect(openPhotoOf(design.getState())).toBe(other);
});

it("says what prints where a photo is transparent", async () => {
  opens.resolve({ ...photo, transparent: true });
  await flow.openPhoto(file);
  expect(now()).toMatchObject({ notice: { tone: "note" } });
  expect(words()).toMatch(/^Parts of this photo are transparent: .*prints there: white, unless you choose/);
});

it("says that a photo was turned so that it can be printed, and refuses it in the right words when that is undone", async () => {
  opens.resolve({ ...photo, widthPx: 500, heightPx: 900 });
  await flow.openPhoto(file);
  expect(now()).toMatchObject({ step: "design", notice: { code: "photo-turned", tone: "note" } });
  design.getState().undo();
  await flow.showPreview();
  expect(now()).toMatchObject({ step: "design", notice: { tone: "problem" } });
  expect(words()).toMatch(
    /^Like this the photo would print blurred: .*Zoom out, turn the photo, or choose a larger one/,
  );
  expect(renders).toBe(0);
});

it("a picture is decoded when somebody looks at it, and rendered once however often", async () => {
  await goToPreview();
  expect([renders, shows]).toEqual([1, 1]);
  flow.goBack();
  await flow.showPreview();
  expect(now()).toMatchObject({ step: "preview" });
  expect([renders, shows]).toEqual([1, 2]);
});

import { expect, it } from "vitest";
import { Problem } from "#contracts/problem.ts";
import { detailsOf } from "#contracts/problem-details.ts";
import { createAccess } from "../api/access.ts";
import { ForeignAnswer, NoAnswer } from "../api/request.ts";
import { instantProver } from "../api/testing/instant-prover.ts";
import { createServerDrafts, type ServerDrafts } from "./server-drafts.ts";

const sha256 = "5a".repeat(32);
const session = { sessionId: "s1", productId: "photo-landscape", locale: "en", issuerName: "", submission: null };

/** A server that gives this answer to everything but the question for a token. */
function connect(answer: () => Response) {
  const asked: Request[] = [];
  const transport = {
    baseUrl: "https://cards.example",
    fetch: async (...given: Parameters<typeof fetch>) => {
      const request = new Request(...given);
      if (request.url.endsWith("/tokens")) return Response.json({ token: "t", expiresInSeconds: 600, session });
      asked.push(request);
      return answer();
    },
    wait: async () => {},
  };
  const start = { sessionId: "s1", clientSecret: "x" };
  const access = createAccess(transport, { start, fetchSession: async () => start }, instantProver);
  return { asked, drafts: createServerDrafts(access, transport) };
}
const notFound = detailsOf(new Problem("not-found"));

it("a draft is missing only where this server says so, not what stands before it", async () => {
  const missing = () => Response.json(notFound, { status: 404 });
  expect(await connect(missing).drafts.read()).toBeNull();
  expect(await connect(missing).drafts.readState("sub-1")).toBeNull();
  for (const gateway of [() => new Response("<h1>404</h1>", { status: 404 }), () => Response.json({}, { status: 404 })])
    await expect(connect(gateway).drafts.read()).rejects.toThrow(ForeignAnswer);
});

it("a draft's name is read whatever a proxy that packs answers makes of it", async () => {
  for (const etag of [`"${sha256}"`, `W/"${sha256}"`, `"${sha256}-gzip"`, `W/"${sha256};br"`])
    expect((await connect(() => Response.json({}, { headers: { etag } })).drafts.read())?.sha256).toBe(sha256);
  await expect(connect(() => Response.json({})).drafts.read()).rejects.toThrow(NoAnswer);
});

it("what is to be replaced or deleted is named as the server has named it", async () => {
  const stored = { draftSha256: sha256, changedAt: 1, expiresAt: 2 };
  const { asked, drafts } = connect(() => Response.json(stored));
  const other = "6b".repeat(32);
  const { signal } = new AbortController();
  await drafts.write({ document: "{}", expected: [sha256, other], submissionId: null }, signal);
  await drafts.write({ document: "{}", expected: [], submissionId: "sub_1" }, signal);
  const gone = connect(() => new Response(null, { status: 204 }));
  await gone.drafts.remove([sha256], signal);
  await gone.drafts.remove();
  const named = (url: string): string | null => new URL(url).searchParams.get("submissionId");
  expect(
    [...asked, ...gone.asked].map(({ method, url, headers }) => [
      `${method} ${/\w+$/.exec(new URL(url).pathname)?.[0]}`,
      headers.get("if-match"),
      headers.get("if-none-match"),
      named(url),
    ]),
  ).toEqual([
    ["POST draft", `"${sha256}", "${other}"`, null, null],
    ["POST draft", null, "*", "sub_1"],
    ["POST delete", `"${sha256}"`, null, null],
    ["POST delete", null, null, null],
  ]);
});

it("a photo that did not get through is not sent again at once", async () => {
  const { asked, drafts } = connect(() => new Response("", { status: 503 }));
  const photo = { sha256, bytes: new Blob(["photo"], { type: "image/png" }) };
  await expect(drafts.writePhoto(photo, new AbortController().signal)).rejects.toThrow(ForeignAnswer);
  expect(asked).toHaveLength(1);
});

it("a page in place of the answer is no proof that anything was kept, sent or deleted", async () => {
  const block = () => new Response("<h1>Blocked</h1>", { headers: { "content-type": "text/html" } });
  const { signal } = new AbortController();
  const photo = { sha256, bytes: new Blob(["photo"], { type: "image/png" }) };
  for (const call of [
    (drafts: ServerDrafts) => drafts.write({ document: "{}", expected: [], submissionId: null }, signal),
    (drafts: ServerDrafts) => drafts.writePhoto(photo, signal),
    (drafts: ServerDrafts) => drafts.remove(),
    (drafts: ServerDrafts) => drafts.read(),
    (drafts: ServerDrafts) => drafts.readPhoto(sha256),
    (drafts: ServerDrafts) => drafts.readState("sub-1"),
  ])
    await expect(call(connect(block).drafts)).rejects.toThrow(ForeignAnswer);
});

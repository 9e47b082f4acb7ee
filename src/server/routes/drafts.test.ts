import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "../store/open.ts";
import { putDraft as keepDraft } from "../drafts/drafts.ts";
import { transition } from "../state/transition.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { draftOf, leaveDraft, makePhoto, putDraft, putPhoto } from "../testing/drafts.ts";
import { makeTestFolder } from "../testing/folder.ts";
import { codeOf, enterSession, type Frame, sendOne } from "../testing/issuer.ts";
import { makePicture, sha256Of } from "../testing/picture.ts";
import { makeSessionRow } from "../testing/rows.ts";

const photo = makePhoto();
let server: TestApp;
let url: string;
let frame: Frame;
beforeEach(async () => {
  server = await openTestApp();
  url = await server.app.listen({ port: 0, host: "127.0.0.1" });
  frame = await enterSession(url, undefined, undefined, "c-one");
});
afterEach(() => server.close());

const anew = () => enterSession(url, undefined, undefined, "c-one");
const countRows = async () => {
  const { store } = server.parts;
  return [
    (await store.selectFrom("drafts").selectAll().execute()).length,
    (await store.selectFrom("assets").selectAll().execute()).length,
  ];
};

describe("a draft", () => {
  test("is there in a new session, to the byte, with its photo, and says until when", async () => {
    const etag = await leaveDraft(frame);
    const other = await anew();
    const found = await other.ask("GET draft");
    expect([found.status, found.headers.get("etag"), await found.text()]).toEqual([
      200,
      etag,
      JSON.stringify(draftOf(photo)),
    ]);
    expect(etag).toBe(`"${sha256Of(JSON.stringify(draftOf(photo)))}"`);
    const days = (Date.parse(found.headers.get("sunset") ?? "") - server.parts.now()) / 86_400_000;
    expect(days).toBe(30);
    const bytes = Buffer.from(await (await other.ask(`GET assets/${sha256Of(photo)}`)).arrayBuffer());
    expect(bytes.equals(photo)).toBe(true);
    expect((await other.ask("HEAD draft")).headers.get("etag")).toBe(etag);
  });

  test("of another cardholder or card, or its photo, is as if there were none", async () => {
    await leaveDraft(frame);
    const others = [await enterSession(url), await enterSession(url, undefined, "photo-portrait", "c-one")];
    for (const other of others) {
      expect(await codeOf(await other.ask("GET draft"))).toBe("404 not-found");
      expect(await codeOf(await other.ask(`GET assets/${sha256Of(photo)}`))).toBe("404 not-found");
      expect((await other.ask(`HEAD assets/${sha256Of(photo)}`)).status).toBe(404);
      expect((await other.ask("DELETE draft")).status).toBe(204);
    }
    // The very photo of another is not theirs to name.
    expect(await codeOf(await putDraft(others[0] as Frame, draftOf(photo), "none"))).toBe("422 asset-unknown");
    expect(await countRows()).toEqual([1, 1]);
  });

  test("is changed only by who says what it is changed from", async () => {
    const json = { "content-type": "application/json" };
    await putPhoto(frame, photo);
    const ask = (headers: Record<string, string>, design = draftOf(photo)) =>
      frame.ask("PUT draft", { ...json, ...headers }, JSON.stringify(design));
    expect(await codeOf(await ask({}))).toBe("428 precondition-missing");
    expect(await codeOf(await ask({ "if-none-match": '"a"' }))).toBe("400 bad-request");
    expect(await codeOf(await ask({ "if-none-match": "*", "if-match": "*" }))).toBe("400 bad-request");
    expect(await codeOf(await ask({ "if-match": "*" }))).toBe("412 draft-changed");
    const first = await ask({ "if-none-match": "*" });
    const etag = first.headers.get("etag") ?? "";
    expect([first.status, await first.json()]).toEqual([
      201,
      {
        draftSha256: etag.slice(1, -1),
        changedAt: server.parts.now(),
        expiresAt: server.parts.now() + 30 * 86_400_000,
      },
    ]);
    for (const wrong of [`W/${etag}`, etag.slice(1, -1), '"', ""])
      expect(await codeOf(await ask({ "if-match": wrong }, draftOf(photo, 1)))).toBe("412 draft-changed");
    expect((await ask({ "if-match": `"${"0".repeat(64)}", ${etag}` }, draftOf(photo, 1))).status).toBe(200);
  });

  test("that another device has changed is not overwritten: the answer says which there is now", async () => {
    const etag = await leaveDraft(frame);
    const other = await anew();
    const theirs = await putDraft(other, draftOf(photo, 90), etag);
    expect(theirs.status).toBe(200);
    const mine = await putDraft(frame, draftOf(photo, 45), etag);
    expect(mine.headers.get("etag")).toBe(theirs.headers.get("etag"));
    expect(await codeOf(mine)).toBe("412 draft-changed");
    expect(await (await frame.ask("GET draft")).json()).toEqual(draftOf(photo, 90));
    // They have chosen theirs; and its answer was lost on the way.
    const chosen = theirs.headers.get("etag") ?? "";
    for (let n = 0; n < 2; n += 1) expect((await putDraft(frame, draftOf(photo, 45), chosen)).status).toBe(200);
  });

  test("that was deleted on another device does not come back from this one", async () => {
    const etag = await leaveDraft(frame);
    expect((await (await anew()).ask("DELETE draft")).status).toBe(204);
    const late = await putDraft(frame, draftOf(photo, 1), etag);
    expect(late.headers.get("etag")).toBeNull();
    expect(await codeOf(late)).toBe("412 draft-changed");
    expect(await countRows()).toEqual([0, 0]);
  });

  test("is deleted only where it is the one that is meant, if one is named", async () => {
    const etag = await leaveDraft(frame);
    const theirs = (await putDraft(await anew(), draftOf(photo, 90), etag)).headers.get("etag") ?? "";
    const late = await frame.ask("DELETE draft", { "if-match": etag });
    expect(late.headers.get("etag")).toBe(theirs);
    expect(await codeOf(late)).toBe("412 draft-changed");
    expect(await countRows()).toEqual([1, 1]);
    expect((await frame.ask("DELETE draft", { "if-match": `${etag}, ${theirs}` })).status).toBe(204);
    expect(await countRows()).toEqual([0, 0]);
    expect(await codeOf(await frame.ask("DELETE draft", { "if-match": theirs }))).toBe("412 draft-changed");
  });

  test("of another product, or with a photo that is not stored, is refused, and leaves what there is", async () => {
    const etag = await leaveDraft(frame);
    const foreign = { ...draftOf(photo), productId: "photo-portrait" };
    expect(await codeOf(await putDraft(frame, foreign, etag))).toBe("400 bad-request");
    expect(await codeOf(await putDraft(frame, draftOf(makePhoto(2)), etag))).toBe("422 asset-unknown");
    expect((await frame.ask("HEAD draft")).headers.get("etag")).toBe(etag);
  });
});

test("of any number of devices at once, in two processes, exactly one changes the draft each time", async () => {
  const file = path.join(await makeTestFolder(), "db.sqlite");
  const stores = [await openStore(file), await openStore(file)] as const;
  const [first] = stores;
  await first
    .insertInto("issuers")
    .values({ id: "default", last_seq: 0 })
    .onConflict((c) => c.doNothing())
    .execute();
  const session = makeSessionRow({ id: "ses_1", expires_at: 10 });
  await first.insertInto("sessions").values(session).execute();
  const owner = { issuer_id: "default", cardholder_id: "A1", product_id: "photo-landscape" };
  const asset = { sha256: "p", bytes: 1, media_type: "image/png", file: "f", key: "k", stored_at: 0, unused_since: 0 };
  await first
    .insertInto("assets")
    .values({ ...owner, ...asset })
    .execute();
  let known: string | undefined;
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 8 }), async (devices) => {
      round += 1;
      const put = (device: number) => {
        const draft = { text: "{}", sha256: `${round} of ${device}`, photos: ["p"] };
        const parts = { store: stores[device % 2] ?? first, now: () => round };
        return keepDraft(parts, session, draft, known === undefined ? "none" : [known]);
      };
      const results = await Promise.all(Array.from({ length: devices }, (_, device) => put(device)));
      const won = results.flatMap((result) => (result.kind === "overtaken" ? [] : [result.draft.sha256]));
      expect(won).toHaveLength(1);
      expect(results.filter(({ kind }) => kind === "overtaken").map((one) => "sha256" in one && one.sha256)).toEqual(
        Array.from({ length: devices - 1 }, () => won[0]),
      );
      known = won[0];
    }),
    { numRuns: 15 },
  );
  for (const store of stores) await store.destroy();
});

describe("of a card that was sent the draft", () => {
  async function send(): Promise<string> {
    await leaveDraft(frame);
    server.advance(1_000);
    const { submissionId } = await sendOne(frame, makePicture());
    await server.parts.store.updateTable("submissions").set({ state: "in-review", card_image_id: "i" }).execute();
    return submissionId;
  }
  const judge = (id: string, cause: "review-accepted" | "review-rejected") =>
    transition(server.parts, id, { cause, actor: "provider" });

  test("goes with its photo once the card is approved", async () => {
    const id = await send();
    expect(await countRows()).toEqual([1, 1]);
    await judge(id, "review-accepted");
    expect(await countRows()).toEqual([0, 0]);
  });

  test("is there on any device when it is rejected, and another can be sent", async () => {
    await judge(await send(), "review-rejected");
    const other = await anew();
    expect(await (await other.ask("GET draft")).json()).toEqual(draftOf(photo));
    expect((await other.ask(`GET assets/${sha256Of(photo)}`)).status).toBe(200);
  });

  test("comes in late, is there when it is rejected, goes when it is approved, and comes in no more after that", async () => {
    for (const [cause, status] of [
      ["review-rejected", 200],
      ["review-accepted", 404],
    ] as const) {
      frame = await enterSession(url, undefined, undefined, cause);
      const { submissionId } = await sendOne(frame, makePicture());
      await server.parts.store
        .updateTable("submissions")
        .set({ state: "in-review", card_image_id: cause })
        .where("id", "=", submissionId)
        .execute();
      server.advance(1_000);
      await putPhoto(frame, photo);
      const put = await putDraft(frame, draftOf(photo), "none", submissionId);
      expect(put.status).toBe(201);
      await judge(submissionId, cause);
      expect((await frame.ask("GET draft")).status).toBe(status);
      if (cause === "review-rejected") continue;
      const late = await putDraft(frame, draftOf(photo, 7), "none", submissionId);
      expect(await codeOf(late)).toBe("412 draft-changed");
    }
    const foreign = await putDraft(frame, draftOf(photo), "none", "sub_of-somebody-else");
    expect(foreign.status).toBe(412);
  });

  test("stays when it has become another card since", async () => {
    const id = await send();
    server.advance(1_000);
    await putDraft(frame, draftOf(photo, 7), (await frame.ask("HEAD draft")).headers.get("etag") ?? "");
    await judge(id, "review-accepted");
    expect(await (await (await anew()).ask("GET draft")).json()).toEqual(draftOf(photo, 7));
  });
});

test("a session that its issuer ends while a draft is on its way stores nothing more", async () => {
  await leaveDraft(frame);
  const { store } = server.parts;
  const session = await store.selectFrom("sessions").selectAll().executeTakeFirstOrThrow();
  await store.updateTable("sessions").set({ revoked_at: 1 }).execute();
  const draft = { text: "{}", sha256: "another", photos: [sha256Of(photo)] };
  await expect(keepDraft(server.parts, session, draft, "any")).rejects.toMatchObject({ code: "session-expired" });
});

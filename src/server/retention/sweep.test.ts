import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { makeSessionRow, makeSubmissionRow } from "../testing/rows.ts";
import { createSweep } from "./sweep.ts";

const day = 24 * 60 * 60_000;
let server: TestApp;
let sweep: () => Promise<number>;
beforeEach(async () => {
  server = await openTestApp();
  sweep = createSweep(server.parts);
});
afterEach(() => server.close());

/** A session that expires at `expiresAt`, with a token and a design. */
async function insertSession(id: string, expiresAt: number): Promise<void> {
  const { store } = server.parts;
  await store
    .insertInto("sessions")
    .values(makeSessionRow({ id, expires_at: expiresAt }))
    .execute();
  await store
    .insertInto("credentials")
    .values({ hash: `hash of ${id}`, session_id: id, kind: "token", expires_at: expiresAt, used_at: null })
    .execute();
  await store.insertInto("designs").values({ session_id: id, sha256: "d", document: "{}", created_at: 0 }).execute();
}

async function insertSubmission(sessionId: string): Promise<void> {
  const row = makeSubmissionRow({ id: `sub of ${sessionId}`, session_id: sessionId, state: "approved" });
  await server.parts.store.insertInto("submissions").values(row).execute();
}

async function known(): Promise<string[]> {
  return (await server.parts.store.selectFrom("sessions").select("id").orderBy("id").execute()).map(({ id }) => id);
}

describe("what has expired", () => {
  test("is known for another day, then it goes with its designs, unless something was sent in it", async () => {
    const now = server.parts.now();
    for (const id of ["abandoned", "used"]) await insertSession(id, now);
    await insertSession("later", now + 1);
    await insertSubmission("used");
    server.advance(day);
    await sweep();
    expect(await known()).toEqual(["abandoned", "later", "used"]);
    server.advance(1);
    await sweep();
    expect(await known()).toEqual(["later", "used"]);
    const { store } = server.parts;
    const designs = await store.selectFrom("designs").select("session_id").orderBy("session_id").execute();
    expect(designs.map(({ session_id }) => session_id)).toEqual(["later", "used"]);
    const credentials = await store.selectFrom("credentials").select("session_id").execute();
    expect(credentials).toEqual([{ session_id: "later" }]);
  });

  test("is looked at in slices, however many cards were sold before it", async () => {
    const expired = server.parts.now() - 2 * day;
    for (let n = 0; n < 120; n += 1) {
      await insertSession(`sold-${n}`, expired);
      await insertSubmission(`sold-${n}`);
    }
    await insertSession("unsold", expired);
    const rests = [];
    while ((await known()).includes("unsold")) rests.push(await sweep());
    expect(rests).toHaveLength(3);
    expect(rests.map((ms) => ms < 1_000)).toEqual([true, true, false]);
  });
});

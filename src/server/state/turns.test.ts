import { afterEach, beforeEach, expect, test } from "vitest";
import type { SendOutcome } from "#providers/provider.ts";
import { type AttemptContext, beginAttempt, settle } from "../delivery/attempts.ts";
import { takeNotification } from "../delivery/notifications.ts";
import { claimJob } from "../jobs/jobs.ts";
import { removeOrphans } from "../retention/orphans.ts";
import { openTestApp } from "../testing/app.ts";
import { accepted, type CourierBench, openCourierBench } from "../testing/courier.ts";
import { enterSession, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";
import { makeAttemptRow } from "../testing/rows.ts";
import { listenToStatements } from "../testing/statements.ts";

// SQLite lets one transaction write at a time, so that its tests cannot show what goes wrong without the turn. Its order can.

let bench: CourierBench;
beforeEach(async () => {
  bench = await openCourierBench();
});
afterEach(() => bench.close());

/** The first look of this kind within a transaction comes after the issuer's row was taken in it. */
async function expectTurnBefore(look: RegExp, run: Parameters<typeof listenToStatements>[0]): Promise<void> {
  const said = await listenToStatements(run);
  const isTurn = (statement: string) => statement.startsWith('update "issuers"');
  const transactions = said
    .join("\n")
    .split("begin immediate")
    .slice(1)
    .map((statements) => statements.split(/\n?commit/)[0]?.split("\n") ?? []);
  const looking = transactions.filter((statements) => statements.some((statement) => look.test(statement)));
  expect(looking, said.join("\n")).not.toEqual([]);
  for (const statements of looking) {
    const [turn, first] = [statements.findIndex(isTurn), statements.findIndex((statement) => look.test(statement))];
    expect([turn >= 0, turn < first], statements.join("\n")).toEqual([true, true]);
  }
}

async function beginOne(id: string) {
  const context: AttemptContext = { ...bench.context, sendTimeoutMs: 1_000 };
  await bench.queue(id);
  const job = await claimJob(bench.store, "send", { holder: "one", leaseMs: 1_000, now: bench.clock.now, except: [] });
  const attempt = job && (await beginAttempt(context, job));
  if (attempt === undefined) throw new Error("nothing to send");
  return (outcome: SendOutcome) => settle(context, attempt, outcome);
}

const unknown: SendOutcome = { kind: "unknown", detail: "timeout" };

test("a word that is kept and the reply that binds its id take turns: one of them sees the other", async () => {
  const word = {
    cardImageId: "img-1",
    reference: null,
    state: "accepted",
    rejectionCode: null,
    rejectionMemo: null,
    decidedAt: null,
  } as const;
  await expectTurnBefore(/from "submissions" where .*"card_image_id"/, () => takeNotification(bench.context, word));
  await expectTurnBefore(/^delete from "unclaimed_notifications"/, async () =>
    (await beginOne("s"))(accepted("img-1")),
  );
  expect((await bench.rowOf("s")).state).toBe("approved");
});

test("an answer that moves nothing, and others that count the product's failures, take turns", async () => {
  const end = await beginOne("s");
  await bench.store.updateTable("submissions").set({ state: "accepted", card_image_id: "img-1" }).execute();
  await expectTurnBefore(/from "breakers"/, () => end(unknown));
  expect(await bench.store.selectFrom("breakers").select("failures").execute()).toEqual([{ failures: 1 }]);
});

test("an image that is told to be nobody's, and the reply that makes it somebody's, take turns", async () => {
  const end = await beginOne("s");
  await bench.store.updateTable("submissions").set({ state: "accepted", card_image_id: "img-1" }).execute();
  await expectTurnBefore(/^insert into "orphan_images"|"card_image_id" = \?$/, () => end(accepted("img-2")));
  const row = await bench.rowOf("s");
  const { reference } = row;
  // Two tries may have brought two pictures.
  const another = makeAttemptRow(row, { id: "another", number: 2, outcome: "unknown" });
  await bench.store.insertInto("attempts").values(another).execute();
  const word = {
    cardImageId: "img-3",
    reference,
    state: "accepted",
    rejectionCode: null,
    rejectionMemo: null,
    decidedAt: null,
  } as const;
  await expectTurnBefore(/^insert into "orphan_images"|"card_image_id" = \?$/, () =>
    takeNotification(bench.context, word),
  );
  expect(await bench.store.selectFrom("orphan_images").select("card_image_id").execute()).toHaveLength(2);
});

test("a picture that is removed as nobody's, and the submission that comes to name it, take turns", async () => {
  const server = await openTestApp();
  const { blobs } = server.parts;
  const url = await server.app.listen({ port: 0, host: "127.0.0.1" });
  const frame = await enterSession(url);
  const { has, removeIfOlder } = blobs;
  await expectTurnBefore(/^look at the file$/, async (said) => {
    const look = () => void said.push("look at the file");
    Object.assign(blobs, { has: (...given: Parameters<typeof has>) => (look(), has(...given)) });
    await sendOne(frame, makePicture());
  });
  await blobs.put(Buffer.from("an orphan"));
  await expectTurnBefore(/from "pictures" where "file"|^look at the file$/, async (said) => {
    const look = () => void said.push("look at the file");
    Object.assign(blobs, {
      removeIfOlder: (...given: Parameters<typeof removeIfOlder>) => (look(), removeIfOlder(...given)),
    });
    const parts = { ...server.parts, now: () => Date.now() + 3_600_000 };
    expect(await removeOrphans(parts, new AbortController().signal)).toBe(1);
  });
  await server.close();
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { shortReference } from "#contracts/short-reference.ts";
import { openTenants, type Tenants } from "../testing/issuers.ts";
import { makeSubmissionRow } from "../testing/rows.ts";

let all: Tenants;
beforeEach(async () => {
  all = await openTenants();
});
afterEach(() => all.server.close());

const tenantOf = (issuerId: string) => all.tenants.find(({ id }) => id === issuerId)!;

/** An id whose first seven letters are these: six and a third of them are the reference. */
const idOf = (letters: string): string => `sub_${letters.padEnd(22, "x")}`;

async function add(issuerId: string, id: string): Promise<void> {
  const row = makeSubmissionRow({
    id,
    issuer_id: issuerId,
    session_id: tenantOf(issuerId).sessions.approved.sessionId,
    cardholder_id: `c-of-${id}`,
    provider: "thales",
    state: "approved",
    idempotency_key: id,
    card_image_id: `image-of-${id}`,
  });
  await all.server.parts.store.insertInto("submissions").values(row).execute();
}

/** What the issuer is told by this name: the status and the whole answer, but for what is of the request. */
async function ask(issuerId: string, name: string, what = ""): Promise<string> {
  const answer = await all.server.app.inject({
    url: `/v1/submissions/${encodeURIComponent(name)}${what}`,
    headers: { authorization: `Bearer ${tenantOf(issuerId).key}` },
  });
  return `${answer.statusCode} ${answer.body.replaceAll(String(answer.headers["x-request-id"]), "REQUEST")}`;
}

describe("by a short reference", () => {
  const id = idOf("QRSTUVA");
  const short = shortReference(id);

  test.each(["", "/history", "/preview", "/picture"])(
    "another issuer's cannot be told from none (%s)",
    async (what) => {
      const none = await ask("hill", short, what);
      expect(none).toMatch(/^404 .*There is no such submission/);
      await add("river", id);
      expect(await ask("hill", short, what)).toBe(none);
      expect(await ask("hill", "0000 0000", what)).toBe(none);
      // It is there for its own, even where its picture is gone.
      expect(await ask("river", short, what)).not.toContain("There is no such submission");
    },
  );

  test("an issuer's own is found, whatever others have under the same, or it under nearly the same", async () => {
    for (const [issuerId, letters] of [
      ["river", "QRSTUVA"],
      ["hill", "QRSTUVB"],
      ["river", "QRSTUVE"],
      ["river", "QRSTUU9"],
      ["river", "QRSTUW"],
    ] as const)
      await add(issuerId, idOf(letters));
    expect(shortReference(idOf("QRSTUVB"))).toBe(short);
    expect(await ask("river", short)).toContain(id);
    expect(await ask("hill", short)).toContain(idOf("QRSTUVB"));
  });

  test("of two neither is found, and it is said that there are several", async () => {
    await add("river", id);
    await add("river", idOf("QRSTUVD"));
    expect(await ask("river", short)).toMatch(/^404 .*Several submissions have this short reference/);
    expect(await ask("river", id)).toMatch(/^200 /);
  });
});

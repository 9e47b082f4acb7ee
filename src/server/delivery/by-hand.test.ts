import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Problem } from "#contracts/problem.ts";
import { makeOrders, makePng, newCustomer, testCardProducts } from "#providers/synctera/emulator/testing/synctera.ts";
import { onlyProvider } from "../testing/app.ts";
import { openSyncteraBench, type SyncteraBench } from "../testing/synctera-bench.ts";
import { resolveByHand } from "./by-hand.ts";
import { createCheckpoint } from "./checkpoint.ts";

const png = await makePng(1036, 664);

let close: SyncteraBench["close"];
let bench: SyncteraBench["bench"];
let synctera: SyncteraBench["synctera"];
let platform: SyncteraBench["platform"];
beforeEach(async () => {
  ({ bench, synctera, platform, close } = await openSyncteraBench(png));
});
afterEach(() => close());

/** The id of a card image that the platform has, with its picture. */
async function store(cardholderId: string, productId = "photo-landscape"): Promise<string> {
  const bytes = productId === "photo-landscape" ? png : await makePng(664, 1036);
  const outcome = await platform.send(makeOrders(bytes).make({ cardholderId, productId }), AbortSignal.timeout(60_000));
  if (outcome.kind !== "accepted") throw new Error(outcome.kind);
  return outcome.cardImageId;
}

const hold = (id: string, cardholder = newCustomer()) =>
  bench.queue(id, { state: "held", cardholder_id: cardholder, provider: "synctera" });
const bind = async (id: string, cardImageId: string, confirm = false): Promise<string> =>
  resolveByHand({ ...bench.context, providers: onlyProvider(platform) }, id, {
    action: "bind",
    cardImageId,
    reason: "r",
    confirm,
  }).then(
    ({ state }) => state,
    (cause: unknown) => (cause instanceof Problem ? `${cause.code}: ${cause.detail}` : String(cause)),
  );

describe("an image id is not bound by hand", () => {
  test("when another submission sends its picture there, however sure somebody is", async () => {
    const customer = newCustomer();
    const id = await store(customer);
    await hold("s", customer);
    await hold("other");
    const other = createCheckpoint(bench.store, await bench.rowOf("other"));
    await other.begin("lock", "sha");
    expect(await other.reach(id)).toBe(true);
    expect(await bind("s", id, true)).toContain(
      "not-possible: That image id was made for the picture of submission other",
    );
  });

  test("when it is another customer's, or for another card product, however sure somebody is", async () => {
    const customer = newCustomer();
    await hold("s", customer);
    expect(await bind("s", await store(newCustomer()), true)).toContain(
      "not-possible: That image id is not this picture's: it is another customer's",
    );
    expect(await bind("s", await store(customer, "photo-portrait"), true)).toContain("for another card product");
    expect(await bind("s", await store(customer))).toBe("accepted");
  });

  test("when nobody can tell whose it is, unless somebody is sure", async () => {
    const customer = newCustomer();
    const id = await store(customer);
    await hold("s", customer);
    await synctera.addFault({ method: "Details", fault: "error-500", times: 2 });
    await synctera.addFault({ method: "Data", fault: "error-500" });
    expect(await bind("s", id)).toContain("confirmation-needed");
    expect(await bind("s", id, true)).toBe("accepted");
  });

  test("when it was heard of as another submission's, unless somebody is sure", async () => {
    const customer = newCustomer();
    const id = await store(customer);
    await hold("s", customer);
    await hold("other");
    const orphan = {
      issuer_id: "default",
      provider: "synctera",
      card_image_id: id,
      submission_id: "other",
      reason: "a second image id",
      found_at: 1,
    };
    await bench.store.insertInto("orphan_images").values(orphan).execute();
    expect(await bind("s", id)).toContain(
      "confirmation-needed: The platform has told that id of the picture of submission other",
    );
    expect(await bind("s", id, true)).toBe("accepted");
  });
});

test("an id that was bound by hand gets no other submission's picture", async () => {
  const customer = newCustomer();
  const id = await store(customer);
  await hold("s", customer);
  expect(await bind("s", id)).toBe("accepted");
  await hold("other");
  const other = createCheckpoint(bench.store, await bench.rowOf("other"));
  await other.begin(`${customer}/${testCardProducts["photo-landscape"]}`, "sha");
  expect(await other.reach(id)).toBe(false);
});

import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { createMemoryCheckpoints } from "../../testing/memory-checkpoint.ts";
import { listUntracked } from "../card-images.ts";
import { toJpeg } from "../to-jpeg.ts";
import { cardImage } from "../wire.ts";
import {
  makeOrders,
  makePng,
  openTestSynctera,
  signed,
  syncteraAt,
  syncteraOptions,
  type TestSynctera,
  testApiKey,
  testCardProducts,
} from "./testing/synctera.ts";
import { writeWebhook } from "./webhooks.ts";

const folder = new URL("../examples/", import.meta.url);
const example = z.strictObject({
  request: z.strictObject({
    method: z.enum(["GET", "POST", "PATCH"]),
    path: z.string(),
    contentType: z.string().optional(),
    /** The text stands for the bytes of a picture. */
    body: z.union([z.literal("a JPEG"), z.record(z.string(), z.string())]).optional(),
  }),
  answer: z.strictObject({ status: z.int(), body: z.record(z.string(), z.unknown()) }),
});
type Example = z.output<typeof example>;

const readJson = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), "utf8"));
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".json") && file !== "webhook.json")
  .map((file) => file.replace(".json", ""));
const examples = new Map(names.map((name) => [name, example.parse(readJson(`${name}.json`))]));
const read = (name: string): Example => examples.get(name) ?? example.parse(undefined);

const customer = String(read("created").answer.body.customer_id);
const first = String(read("created").answer.body.id);
const png = await makePng(1036, 664);
const soon = () => AbortSignal.timeout(60_000);
const played = new Set<string>();

/** What the requests were, and what the examples have. */
let compared: [said: object, wanted: object][] = [];

/** Synctera as the examples have it: each request is answered as the next one's. */
function scripted(...wanted: readonly string[]) {
  const rest = [...wanted];
  const fetchNext: typeof fetch = async (input, init = {}) => {
    const { request, answer } = read(rest.shift() ?? "nothing more");
    const url = new URL(input as URL);
    const headers = new Headers(init.headers);
    const bytes = Buffer.from((init.body as Uint8Array | undefined) ?? []);
    const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
    const said = {
      method: init.method,
      path: url.href.replace("https://synctera.example/v1", ""),
      contentType: headers.get("content-type") ?? undefined,
      body: isJpeg ? "a JPEG" : bytes.length === 0 ? undefined : (JSON.parse(bytes.toString()) as unknown),
      authorization: headers.get("authorization"),
      hasKey: headers.has("idempotency-key"),
    };
    compared.push([said, { ...request, authorization: `Bearer ${testApiKey}`, hasKey: request.method !== "GET" }]);
    return Response.json(answer.body, { status: answer.status });
  };
  for (const name of wanted) played.add(name);
  return { ...syncteraOptions("https://synctera.example"), fetch: fetchNext };
}

const adapterOf = (...wanted: readonly string[]) => syncteraAt("https://synctera.example", scripted(...wanted));

describe("the adapter says and understands what the examples have", () => {
  beforeEach(() => {
    compared = [];
  });
  afterEach(() => {
    for (const [said, wanted] of compared) expect(said).toEqual(wanted);
  });
  const order = () => makeOrders(png).make({ cardholderId: customer });

  test("a picture in its two steps", async () => {
    const outcome = await adapterOf("created", "uploaded").send(order(), soon());
    expect(outcome).toEqual({ kind: "accepted", cardImageId: first });
    expect(compared).toHaveLength(2);
  });

  test("a creation that is refused", async () => {
    const options = scripted("creation-refused");
    const other = (read("creation-refused").request.body as Record<string, string>).card_product_id ?? "";
    const provider = syncteraAt("https://synctera.example", {
      ...options,
      cardProducts: { "photo-landscape": other },
    });
    expect((await provider.send(order(), soon())).kind).toBe("order-refused");
  });

  test("an upload that is refused, because the picture is there, or because it is not wanted", async () => {
    const there = adapterOf("created", "upload-refused", "details");
    expect((await there.send(order(), soon())).kind).toBe("accepted");
    const unwanted = adapterOf("created", "upload-refused", "details-before-upload");
    expect((await unwanted.send(order(), soon())).kind).toBe("image-refused");
  });

  test("details, the list with its pages, and what is not there or not allowed", async () => {
    const review = adapterOf("details", "details-unknown", "wrong-key");
    expect(await review.getReview(first, soon())).toMatchObject({ kind: "known", review: { state: "pending" } });
    const unknown = read("details-unknown").request.path.split("/").at(-1) ?? "";
    expect((await review.getReview(unknown, soon())).kind).toBe("cannot-tell");
    expect((await review.getReview(first, soon())).kind).toBe("cannot-tell");
    const owner = { customerId: customer, cardProductId: testCardProducts["photo-landscape"] };
    const options = scripted("list-first-page", "list-last-page");
    const [empty] = read("list-last-page").answer.body.images as { id: string }[];
    expect(await listUntracked(options, owner, createMemoryCheckpoints().of("one"), soon())).toEqual({
      kind: "value",
      value: [empty?.id],
    });
  });

  test("the verdict, and one that is not possible any more", async () => {
    const provider = adapterOf("approved", "rejected", "decision-refused");
    const { rejection_reason: reason = "", rejection_memo: memo = "" } = read("rejected").request.body as Record<
      string,
      string
    >;
    expect(await provider.decide(first, { verdict: "approve" }, "k", soon())).toEqual({ kind: "done" });
    expect(await provider.decide(first, { verdict: "reject", reason, memo }, "l", soon())).toEqual({ kind: "done" });
    expect((await provider.decide(first, { verdict: "approve" }, "m", soon())).kind).toBe("refused");
    expect(compared).toHaveLength(3);
  });

  test("the webhook", () => {
    const { headers, body } = signed(readFileSync(new URL("webhook.json", folder), "utf8"));
    expect(syncteraAt("https://synctera.example").readNotification(headers, Buffer.from(body), Date.now())).toEqual({
      cardImageId: first,
      state: "rejected",
      rejectionCode: "TRADEMARK",
      rejectionMemo: "The shoe has a maker's mark",
      decidedAt: null,
      reference: null,
    });
  });

  test("and each of them has been tried", () => {
    expect([...played].toSorted()).toEqual(names.toSorted());
  });
});

describe("the emulator answers what the examples have", () => {
  let synctera: TestSynctera;
  beforeEach(async () => {
    synctera = await openTestSynctera();
  });
  afterEach(() => synctera.close());

  const translate = (text: string, pairs: readonly (readonly [string, string])[]): string =>
    pairs.reduce((all, [from, to]) => all.replaceAll(from, to), text);

  test("one after the other", async () => {
    /** Of the examples, and what the emulator has given instead. */
    const ids: [string, string][] = [];
    async function ask(name: string, key = testApiKey) {
      const { request } = read(name);
      const payload = request.body === "a JPEG" ? await toJpeg(png) : request.body;
      const headers = {
        authorization: `Bearer ${key}`,
        ...(request.contentType !== undefined && { "content-type": request.contentType }),
        "idempotency-key": randomUUID(),
      };
      const url = `/v1${translate(request.path, ids)}`;
      return synctera.app.inject({ method: request.method, url, headers, ...(payload !== undefined && { payload }) });
    }
    async function play(name: string, key?: string): Promise<void> {
      const { answer } = read(name);
      const { statusCode: status, body } = await ask(name, key);
      if (status === 201) ids.push([first, (JSON.parse(body) as { id: string }).id]);
      const back = ids.map(([from, to]) => [to, from] as const);
      expect({ status, body: JSON.parse(translate(body, back)) as unknown }, name).toEqual(answer);
    }
    await synctera.setSwitches({ pageSize: 1 });
    await play("creation-refused");
    await play("created");
    await play("details-before-upload");
    await play("uploaded");
    for (const name of ["upload-refused", "details", "details-unknown"]) await play(name);
    await play("wrong-key", "another key");
    const [another] = read("list-last-page").answer.body.images as { id: string }[];
    ids.push([another?.id ?? "", (await ask("created")).json<{ id: string }>().id]);
    for (const name of ["list-first-page", "list-last-page", "approved", "rejected", "decision-refused"])
      await play(name);
  });

  test("and tells what the webhook has", () => {
    const wanted = readJson("webhook.json") as Record<string, string>;
    const image = cardImage.parse(JSON.parse(wanted.event_resource ?? ""));
    const told = JSON.parse(writeWebhook(image)) as Record<string, string>;
    expect(Object.keys(told)).toEqual(Object.keys(wanted));
    expect({ ...told, id: "", event_time: "" }).toEqual({ ...wanted, id: "", event_time: "" });
  });
});

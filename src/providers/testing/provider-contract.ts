import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Problem } from "#contracts/problem.ts";
import type { PreviewRequest } from "../provider.ts";
import { acceptedId, type ProviderBench } from "./provider-bench.ts";

const square: PreviewRequest = { format: "png", corner: "square", designType: "print" };
const unknownReference = "NOBODY0KNOWS0THIS001";
const unknownId = "11111111-2222-4333-8444-555555555555";
const soon = () => AbortSignal.timeout(60_000);

function describeSending(bench: () => ProviderBench): void {
  test("a good picture is accepted with an id, and the platform has the very bytes that were to go out", async () => {
    const id = await acceptedId(bench());
    expect(await bench().storedSha256(id)).toBe(await bench().sentSha256(bench().makeOrder().bytes));
    expect(bench().provider.readCardImageId(id)).toBe(id);
  });

  test("a picture that is not what the card needs is refused, which is no failure", async () => {
    expect((await bench().provider.send(bench().makeOrder({ bytes: bench().badBytes }), soon())).kind).toBe(
      "image-refused",
    );
  });

  test.each(["no-such-product", "toString"])(
    "a product without a key (%s) is not offered, and the operator's matter",
    async (productId) => {
      const { provider, makeOrder } = bench();
      expect((await provider.send(makeOrder({ productId }), soon())).kind).toBe("misconfigured");
      expect([provider.offers(makeOrder().productId), provider.offers(productId)]).toEqual([true, false]);
    },
  );

  test("nobody listening: certainly not sent", async () => {
    expect((await bench().unreachable.send(bench().makeOrder(), soon())).kind).toBe("not-sent");
  });

  test("given up before it began: certainly not sent", async () => {
    expect((await bench().provider.send(bench().makeOrder(), AbortSignal.abort())).kind).toBe("not-sent");
  });

  test("no answer after everything was sent: unknown", async () => {
    const { silent, heard, makeOrder } = bench();
    const deadline = new AbortController();
    void heard().then(() => deadline.abort());
    expect((await silent.send(makeOrder(), deadline.signal)).kind).toBe("unknown");
  });
}

function describePreviews(bench: () => ProviderBench): void {
  test.each(["png", "jpeg"] as const)("the preview of an accepted picture is a %s", async (format) => {
    const id = await acceptedId(bench());
    const outcome = await bench().provider.getPreview({ cardImageId: id }, { ...square, format }, soon());
    expect(outcome).toMatchObject({ kind: "image", mediaType: `image/${format}` });
  });

  test("a picture that the platform has not rendered is not ready", async () => {
    expect(await bench().provider.getPreview({ cardImageId: unknownId }, square, soon())).toEqual({
      kind: "not-ready",
    });
  });

  test("a platform that does not answer has no preview for now", async () => {
    const { silent, unreachable } = bench();
    expect((await unreachable.getPreview({ cardImageId: unknownId }, square, soon())).kind).toBe("unavailable");
    expect((await silent.getPreview({ cardImageId: unknownId }, square, AbortSignal.timeout(200))).kind).toBe(
      "unavailable",
    );
  });
}

/** What a platform can do beyond taking and showing pictures; each only where the provider says that it can. */
function describeReferences(bench: () => ProviderBench): void {
  const can = () => bench().provider.capabilities(bench().makeOrder().productId);

  test("a picture is found once it is accepted, and not before", async ({ skip }) => {
    skip(!can().search, "this provider has no search");
    const { provider, makeOrder } = bench();
    const order = makeOrder({ reference: "FIND0ME0BY0THIS00001" });
    expect(await provider.find(order, soon())).toMatchObject({ kind: "absent" });
    const sent = await provider.send(order, soon());
    const found = await provider.find(order, soon());
    expect([sent.kind, found.kind]).toEqual(["accepted", "found"]);
    if (sent.kind === "accepted" && found.kind === "found" && found.cardImageId !== undefined)
      expect(found.cardImageId).toBe(sent.cardImageId);
  });

  test("a picture is shown by our reference", async ({ skip }) => {
    skip(!can().reference, "our reference does not travel to this platform");
    const { provider, makeOrder } = bench();
    const { productId } = makeOrder();
    const picture = { reference: "SHOW0ME0BY0THIS00001", productId };
    expect((await provider.send(makeOrder(picture), soon())).kind).toBe("accepted");
    expect(await provider.getPreview(picture, square, soon())).toMatchObject({ kind: "image" });
    expect(await provider.getPreview({ ...picture, reference: unknownReference }, square, soon())).toEqual({
      kind: "not-ready",
    });
  });

  test("what cannot be asked is neither found nor absent", async () => {
    const { silent, unreachable, makeOrder } = bench();
    const order = makeOrder({ reference: unknownReference });
    await order.checkpoint.begin("unknown", "");
    for (const provider of [silent, unreachable])
      expect((await provider.find(order, AbortSignal.timeout(200))).kind).toBe("cannot-tell");
  });

  test("our reference is written beside an accepted picture, and again", async ({ skip }) => {
    skip(!can().annotate, "this provider writes nothing beside a picture");
    const { provider, makeOrder } = bench();
    const { productId, reference } = makeOrder();
    const id = await acceptedId(bench());
    for (let time = 0; time < 2; time += 1)
      expect(await provider.annotate(id, productId, reference, {}, soon())).toEqual({ kind: "done" });
    const nowhere = await provider.annotate(unknownId, productId, reference, {}, soon());
    expect(["failed", "refused"]).toContain(nowhere.kind);
  });

  test("what cannot be written now may be written later, or is the operator's matter", async () => {
    const { silent, unreachable, makeOrder } = bench();
    for (const provider of [silent, unreachable]) {
      const { productId, reference } = makeOrder();
      const outcome = await provider.annotate(unknownId, productId, reference, {}, AbortSignal.timeout(200));
      expect(outcome.kind).toBe(can().annotate ? "failed" : "refused");
    }
  });
}

function describeDecisions(bench: () => ProviderBench): void {
  const isOurs = () => bench().provider.capabilities(bench().makeOrder().productId).decision === "ours";
  const approve = { verdict: "approve" } as const;

  test("an approval, and a rejection after it, are written and read back; an approval after that is refused", async ({
    skip,
  }) => {
    skip(!isOurs(), "the platform's own reviewers decide");
    const { provider, makeOrder } = bench();
    const [reason = ""] = provider.capabilities(makeOrder().productId).rejectionReasons;
    const id = await acceptedId(bench());
    const reject = { verdict: "reject", reason, memo: "a memo" } as const;
    const read = () => provider.getReview(id, soon());
    expect(await read()).toMatchObject({ kind: "known", review: { state: "pending" } });
    for (let time = 0; time < 2; time += 1)
      expect(await provider.decide(id, approve, "key-1", soon())).toEqual({ kind: "done" });
    expect(await read()).toMatchObject({ kind: "known", review: { state: "accepted", rejectionCode: null } });
    expect(await provider.decide(id, reject, "key-2", soon())).toEqual({ kind: "done" });
    expect(await read()).toMatchObject({
      kind: "known",
      review: { state: "rejected", rejectionCode: reason, rejectionMemo: "a memo" },
    });
    expect((await provider.decide(id, approve, "key-3", soon())).kind).toBe("refused");
  });

  test("a decision that cannot be written now may be written later, or is not ours", async () => {
    const { silent, unreachable } = bench();
    for (const provider of [silent, unreachable]) {
      const outcome = await provider.decide(unknownId, approve, "key", AbortSignal.timeout(200));
      expect(outcome.kind).toBe(isOurs() ? "failed" : "refused");
      expect((await provider.getReview(unknownId, AbortSignal.timeout(200))).kind).toBe("cannot-tell");
    }
  });
}

function describePurges(bench: () => ProviderBench): void {
  const who = () => bench().provider.capabilities(bench().makeOrder().productId).purge;

  test("a picture that is to be deleted is shown no more, and asking again does no harm", async ({ skip }) => {
    skip(who() !== "here", "this server cannot delete there");
    const { provider, makeOrder } = bench();
    const { productId } = makeOrder();
    const id = await acceptedId(bench());
    const other = await acceptedId(bench());
    expect(await provider.purge(id, productId, soon())).toEqual({ kind: "taken" });
    expect(await provider.getPreview({ cardImageId: id }, square, soon())).toEqual({ kind: "not-ready" });
    expect(["taken", "unknown-id"]).toContain((await provider.purge(id, productId, soon())).kind);
    expect((await provider.purge(unknownId, productId, soon())).kind).toBe("unknown-id");
    expect((await provider.getPreview({ cardImageId: other }, square, soon())).kind).toBe("image");
  });

  test("what cannot be deleted now may be deleted later, or never by this server, in words", async () => {
    const { silent, unreachable, makeOrder } = bench();
    const { productId } = makeOrder();
    const kind = { here: "failed", elsewhere: "misconfigured", unsupported: "unsupported", none: "failed" }[
      who() ?? "none"
    ];
    for (const provider of [silent, unreachable]) {
      const outcome = await provider.purge(unknownId, productId, AbortSignal.timeout(200));
      expect(outcome).toEqual(expect.objectContaining({ kind, detail: expect.stringMatching(/./) }));
    }
  });
}

function describeSettings(bench: () => ProviderBench): void {
  test("the fingerprint of the settings is the same each time, and another one for another product", () => {
    const { provider, makeOrder, secrets } = bench();
    const { productId } = makeOrder();
    const print = provider.settingsFingerprint(productId, "cardholder");
    expect(provider.settingsFingerprint(productId, "cardholder")).toBe(print);
    expect(provider.settingsFingerprint("no-such-product", "cardholder")).not.toBe(print);
    for (const secret of secrets) expect(print).not.toContain(secret);
  });

  test("a template is a PNG, or there is none", async () => {
    const { provider, silent, unreachable, makeOrder } = bench();
    for (const template of ["print", "design", "virtual-card"] as const) {
      const outcome = await provider.getTemplate({ productId: makeOrder().productId, template }, soon());
      if (outcome.kind !== "unavailable") expect(outcome).toMatchObject({ kind: "image", mediaType: "image/png" });
    }
    const request = { productId: makeOrder().productId, template: "print" } as const;
    for (const provider of [silent, unreachable])
      expect((await provider.getTemplate(request, AbortSignal.timeout(200))).kind).toBe("unavailable");
  });
}

function describeNotifications(bench: () => ProviderBench): void {
  const read = (code: string | null, reference?: string) => {
    const { headers, body } = bench().notification(unknownId, code, reference);
    return bench().provider.readNotification(headers, Buffer.from(body), Date.now());
  };

  test.each([
    [null, "accepted"],
    ["COPYRIGHT", "rejected"],
  ] as const)("the verdict with the code %s is read as %s", (code, state) => {
    expect(read(code)).toMatchObject({ cardImageId: unknownId, state, rejectionCode: code, reference: null });
  });

  test("a notification brings our reference back where the picture was sent with it", () => {
    const { provider, makeOrder } = bench();
    const { productId, reference } = makeOrder();
    const expected = provider.capabilities(productId).reference ? reference : null;
    expect(read(null, reference)).toMatchObject({ reference: expected });
  });

  test("a caller that does not prove itself is turned away before its body is looked at", () => {
    expect(() => bench().provider.readNotification({}, Buffer.from("null"), Date.now())).toThrow(
      expect.objectContaining({ code: "not-authenticated" }),
    );
  });

  test("a body that is not a notification is refused", () => {
    for (const text of ["hello", "[]", '{"hello":1}']) {
      const { headers, body } = bench().signed(text);
      expect(() => bench().provider.readNotification(headers, Buffer.from(body), Date.now())).toThrow(Problem);
    }
  });
}

function describeSecrecy(bench: () => ProviderBench): void {
  test("no key appears in what is returned or thrown", async () => {
    const { provider, unreachable, silent, makeOrder, badBytes, notification, secrets } = bench();
    const { productId } = makeOrder();
    const calls = [provider, unreachable, silent].flatMap((one) => [
      one.send(makeOrder(), AbortSignal.timeout(1_000)),
      one.send(makeOrder({ bytes: badBytes }), AbortSignal.timeout(1_000)),
      one.getPreview({ cardImageId: unknownId }, square, AbortSignal.timeout(1_000)),
      one.getPreview({ cardImageId: "no id" }, square, AbortSignal.timeout(1_000)),
      one.getTemplate({ productId, template: "print" }, AbortSignal.timeout(1_000)),
      one.find(makeOrder({ reference: unknownReference }), AbortSignal.timeout(1_000)),
      one.decide(unknownId, { verdict: "approve" }, "key", AbortSignal.timeout(1_000)),
      one.getReview(unknownId, AbortSignal.timeout(1_000)),
      one.purge(unknownId, productId, AbortSignal.timeout(1_000)),
      one.annotate(unknownId, productId, unknownReference, {}, AbortSignal.timeout(1_000)),
      Promise.resolve(one.settingsFingerprint(productId, "gallery")),
    ]);
    const seen: unknown[] = await Promise.all(calls);
    for (const headers of [{}, notification(unknownId, null).headers]) {
      try {
        provider.readNotification(headers, Buffer.from("null"), Date.now());
      } catch (error) {
        seen.push((error as Error).message, (error as Error).stack);
      }
    }
    expect(seen).toHaveLength(calls.length + 4);
    for (const secret of secrets) expect(JSON.stringify(seen)).not.toContain(secret);
  });
}

/** What every provider keeps to, whatever platform is behind it. */
export function describeProvider(name: string, openBench: () => Promise<ProviderBench>): void {
  describe(`${name} keeps the provider's contract`, () => {
    let opened: ProviderBench | undefined;
    const bench = () => {
      if (opened === undefined) throw new Error("the bench is not open");
      return opened;
    };
    beforeAll(async () => {
      opened = await openBench();
    });
    afterAll(() => opened?.close());
    describe("sending", () => describeSending(bench));
    describe("previews", () => describePreviews(bench));
    describe("references", () => describeReferences(bench));
    describe("decisions", () => describeDecisions(bench));
    describe("deleting", () => describePurges(bench));
    describe("settings and templates", () => describeSettings(bench));
    describe("notifications", () => describeNotifications(bench));
    describe("secrets", () => describeSecrecy(bench));
  });
}

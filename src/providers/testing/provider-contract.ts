import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Problem } from "#contracts/problem.ts";
import type { PreviewRequest, Provider } from "../provider.ts";

type Picture = Parameters<Provider["send"]>[0];

/** A provider in front of a platform that works, and beside it the same one in front of platforms that do not. */
export interface ProviderBench {
  readonly provider: Provider;
  /** Nobody listens where this one calls. */
  readonly unreachable: Provider;
  /** What this one calls reads everything and never answers. */
  readonly silent: Provider;
  readonly goodPicture: Picture;
  /** Of a raster that the product does not have. */
  readonly badPicture: Picture;
  /** A push notification as the platform sends it for this picture, with our reference if it has one; a null code means accepted. */
  notification(
    cardImageId: string,
    code: string | null,
    reference?: string,
  ): { headers: Record<string, string>; body: unknown };
  /** SHA-256 (hex) of what the platform stored under this id. */
  storedSha256(cardImageId: string): Promise<string | undefined>;
  /** Must appear in nothing that the provider returns or throws. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

const square: PreviewRequest = { format: "png", corner: "square", designType: "print" };
const unknownReference = "NOBODY0KNOWS0THIS001";
const unknownId = "11111111-2222-4333-8444-555555555555";
const soon = () => AbortSignal.timeout(10_000);

async function acceptedId({ provider, goodPicture }: ProviderBench): Promise<string> {
  const outcome = await provider.send(goodPicture, soon());
  expect(outcome).toMatchObject({ kind: "accepted", cardImageId: expect.any(String) });
  return outcome.kind === "accepted" ? outcome.cardImageId : "";
}

function describeSending(bench: () => ProviderBench): void {
  test("a good picture is accepted with an id, and the platform has its very bytes", async () => {
    const id = await acceptedId(bench());
    const sent = createHash("sha256").update(bench().goodPicture.bytes).digest("hex");
    expect(await bench().storedSha256(id)).toBe(sent);
  });

  test("a picture that is not what the card needs is refused, which is no failure", async () => {
    expect((await bench().provider.send(bench().badPicture, soon())).kind).toBe("image-refused");
  });

  test.each(["no-such-product", "toString"])(
    "a product without a key (%s) is not offered, and the operator's matter",
    async (productId) => {
      const { provider, goodPicture } = bench();
      expect((await provider.send({ ...goodPicture, productId }, soon())).kind).toBe("misconfigured");
      expect([provider.offers(goodPicture.productId), provider.offers(productId)]).toEqual([true, false]);
    },
  );

  test("nobody listening: certainly not sent", async () => {
    expect((await bench().unreachable.send(bench().goodPicture, soon())).kind).toBe("not-sent");
  });

  test("given up before it began: certainly not sent", async () => {
    expect((await bench().provider.send(bench().goodPicture, AbortSignal.abort())).kind).toBe("not-sent");
  });

  test("no answer after everything was sent: unknown", async () => {
    const { silent, goodPicture } = bench();
    expect((await silent.send(goodPicture, AbortSignal.timeout(1_500))).kind).toBe("unknown");
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
  const can = () => bench().provider.capabilities(bench().goodPicture.productId);
  const orderWith = (reference: string) => ({ ...bench().goodPicture, reference });

  test("a picture is found by our reference, and shown by it, once it is accepted", async ({ skip }) => {
    skip(!can().search, "this provider has no search");
    const { provider, goodPicture } = bench();
    const { productId } = goodPicture;
    expect(await provider.find(unknownReference, productId, soon())).toEqual({ kind: "absent" });
    expect((await provider.send(orderWith("FIND0ME0BY0THIS00001"), soon())).kind).toBe("accepted");
    expect(await provider.find("FIND0ME0BY0THIS00001", productId, soon())).toEqual({ kind: "found" });
    const picture = { reference: "FIND0ME0BY0THIS00001", productId };
    expect(await provider.getPreview(picture, square, soon())).toMatchObject({ kind: "image" });
    expect(await provider.getPreview({ ...picture, reference: unknownReference }, square, soon())).toEqual({
      kind: "not-ready",
    });
  });

  test("what cannot be asked is neither found nor absent", async () => {
    const { silent, unreachable, goodPicture } = bench();
    for (const provider of [silent, unreachable])
      expect((await provider.find(unknownReference, goodPicture.productId, AbortSignal.timeout(200))).kind).toBe(
        "cannot-tell",
      );
  });

  test("our reference is written beside an accepted picture, and again", async ({ skip }) => {
    skip(!can().annotate, "this provider writes nothing beside a picture");
    const { provider, goodPicture } = bench();
    const id = await acceptedId(bench());
    for (let time = 0; time < 2; time += 1)
      expect(await provider.annotate(id, goodPicture.productId, goodPicture.reference, {}, soon())).toEqual({
        kind: "done",
      });
    const nowhere = await provider.annotate(unknownId, goodPicture.productId, goodPicture.reference, {}, soon());
    expect(["failed", "refused"]).toContain(nowhere.kind);
  });

  test("what cannot be written now may be written later, or is the operator's matter", async () => {
    const { silent, unreachable, goodPicture } = bench();
    for (const provider of [silent, unreachable]) {
      const { productId, reference } = goodPicture;
      const outcome = await provider.annotate(unknownId, productId, reference, {}, AbortSignal.timeout(200));
      expect(outcome.kind).toBe(can().annotate ? "failed" : "refused");
    }
  });
}

function describeSettings(bench: () => ProviderBench): void {
  test("the fingerprint of the settings is the same each time, and another one for another product", () => {
    const { provider, goodPicture, secrets } = bench();
    const print = provider.settingsFingerprint(goodPicture.productId, "cardholder");
    expect(provider.settingsFingerprint(goodPicture.productId, "cardholder")).toBe(print);
    expect(provider.settingsFingerprint("no-such-product", "cardholder")).not.toBe(print);
    for (const secret of secrets) expect(print).not.toContain(secret);
  });

  test("a template is a PNG, or there is none", async () => {
    const { provider, silent, unreachable, goodPicture } = bench();
    for (const template of ["print", "design", "virtual-card"] as const) {
      const outcome = await provider.getTemplate({ productId: goodPicture.productId, template }, soon());
      if (outcome.kind !== "unavailable") expect(outcome).toMatchObject({ kind: "image", mediaType: "image/png" });
    }
    const request = { productId: goodPicture.productId, template: "print" } as const;
    for (const provider of [silent, unreachable])
      expect((await provider.getTemplate(request, AbortSignal.timeout(200))).kind).toBe("unavailable");
  });
}

function describeNotifications(bench: () => ProviderBench): void {
  test.each([
    [null, "accepted"],
    ["07", "rejected"],
  ] as const)("the verdict with the code %s is read as %s", (code, state) => {
    const { headers, body } = bench().notification(unknownId, code);
    const read = bench().provider.readNotification(headers, body);
    expect(read).toMatchObject({ cardImageId: unknownId, state, rejectionCode: code, reference: null });
  });

  test("a notification brings our reference back where the picture was sent with it", () => {
    const { provider, goodPicture } = bench();
    const { headers, body } = bench().notification(unknownId, null, goodPicture.reference);
    const { reference } = provider.readNotification(headers, body);
    expect(reference).toBe(provider.capabilities(goodPicture.productId).reference ? goodPicture.reference : null);
  });

  test("a caller that does not prove itself is turned away before its body is looked at", () => {
    expect(() => bench().provider.readNotification({}, null)).toThrow(
      expect.objectContaining({ code: "not-authenticated" }),
    );
  });

  test("a body that is not a notification is refused", () => {
    const { headers } = bench().notification(unknownId, null);
    expect(() => bench().provider.readNotification(headers, { hello: 1 })).toThrow(Problem);
  });
}

function describeSecrecy(bench: () => ProviderBench): void {
  test("no key appears in what is returned or thrown", async () => {
    const { provider, unreachable, silent, goodPicture, badPicture, notification, secrets } = bench();
    const calls = [provider, unreachable, silent].flatMap((one) => [
      one.send(goodPicture, AbortSignal.timeout(1_000)),
      one.send(badPicture, AbortSignal.timeout(1_000)),
      one.getPreview({ cardImageId: unknownId }, square, AbortSignal.timeout(1_000)),
      one.getPreview({ cardImageId: "no id" }, square, AbortSignal.timeout(1_000)),
      one.getTemplate({ productId: goodPicture.productId, template: "print" }, AbortSignal.timeout(1_000)),
      one.find(unknownReference, goodPicture.productId, AbortSignal.timeout(1_000)),
      one.annotate(unknownId, goodPicture.productId, unknownReference, {}, AbortSignal.timeout(1_000)),
      Promise.resolve(one.settingsFingerprint(goodPicture.productId, "gallery")),
    ]);
    const seen: unknown[] = await Promise.all(calls);
    for (const [headers, body] of [
      [{}, null],
      [notification(unknownId, null).headers, null],
    ] as const) {
      try {
        provider.readNotification(headers, body);
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
    describe("settings and templates", () => describeSettings(bench));
    describe("notifications", () => describeNotifications(bench));
    describe("secrets", () => describeSecrecy(bench));
  });
}

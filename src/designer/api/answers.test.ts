import fc from "fast-check";
import { expect, it } from "vitest";
import { assetStored, draftStored } from "#contracts/draft.ts";
import { Problem } from "#contracts/problem.ts";
import { detailsOf, problemDetails } from "#contracts/problem-details.ts";
import { sessionView, tokenAnswer } from "#contracts/session.ts";
import { designStored, submissionView } from "#contracts/submission.ts";
import {
  isAssetStored,
  isDesignStored,
  isDraftStored,
  isProblemDetails,
  isSessionView,
  isSubmissionView,
  isTokenAnswer,
  withKnownArt,
} from "./answers.ts";

const sha256 = "0123456789abcdef".repeat(4);
const about = { submissionId: "sub", state: "stored", sequence: 0, rejectionCode: null, hasPreview: false } as const;
const submission = { ...about, pictureSha256: sha256, updatedAt: 1_800_000_000_000 };
const session = {
  sessionId: "s",
  productId: "p",
  locale: "en",
  issuerName: "Bank",
  draftScope: "d",
  hasDraft: true,
  submission,
};

const answers = [
  ["a submission", submissionView, isSubmissionView, submission],
  ["a rejected submission", submissionView, isSubmissionView, { ...submission, rejectionMemo: "Too dark" }],
  ["a session", sessionView, isSessionView, session],
  [
    "a session with texts",
    sessionView,
    isSessionView,
    { ...session, productTexts: { en: { name: "Card", intro: "Yours" }, ar: {} } },
  ],
  ["a session without a submission", sessionView, isSessionView, { ...session, submission: null }],
  ["a token", tokenAnswer, isTokenAnswer, { token: "t", expiresInSeconds: 600, session }],
  ["a stored design", designStored, isDesignStored, { designSha256: sha256 }],
  ["a stored draft", draftStored, isDraftStored, { draftSha256: sha256, changedAt: 1, expiresAt: 2 }],
  ["a stored photo", assetStored, isAssetStored, { sha256, bytes: 7, mediaType: "image/png" }],
  ["a problem", problemDetails, isProblemDetails, detailsOf(new Problem("overloaded"))],
] as const;

const anything = fc.oneof(
  fc.constantFrom(null, undefined, true, 0, -1, 0.5, 2 ** 53, Number.NaN, "", "stored", "held", "internal", "bad"),
  fc.constantFrom(sha256, sha256.toUpperCase(), `${sha256}0`, `${sha256}\n`, [], {}, submission, session),
  fc.anything(),
);

/** Every object in a value with the name of each field. */
function placesIn(value: unknown): [holder: Record<string, unknown>, name: string][] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => [[holder, name] as [typeof holder, string], ...placesIn(holder[name])]);
}

it.each(answers)("takes %s if and only if its schema does", (_what, schema, guard, good) => {
  expect(guard(good)).toBe(true);
  const places = placesIn(good).length;
  fc.assert(
    fc.property(fc.nat(places - 1), anything, fc.boolean(), (at, other, isMissing) => {
      const changed = structuredClone<unknown>(good);
      const [holder, name] = placesIn(changed)[at]!;
      if (isMissing) delete holder[name];
      else holder[name] = other;
      return guard(changed) === schema.safeParse(changed).success;
    }),
    { numRuns: 1000 },
  );
  fc.assert(fc.property(anything, (other) => guard(other) === schema.safeParse(other).success));
});

it("a session that offers what this page does not understand opens without that", () => {
  const own = { id: "harbour-blue", names: { en: "Harbour blue" }, address: `/filters/${sha256}.bin` };
  const known = { features: { filters: ["mono"] }, ownFilters: [own] };
  const open = (offers: object): unknown => {
    const answer = { ...session, ...offers };
    return isSessionView(answer) && withKnownArt(answer);
  };
  expect(open(known)).toEqual({ ...session, ...known });
  expect(open({ features: { filters: true } })).toEqual({ ...session, features: { filters: true } });
  expect(open({ features: { filters: "mono" }, ownFilters: {} })).toEqual(session);
  expect(open({ ownFilters: [own, { ...own, address: "https://elsewhere.example/x.bin" }, null] })).toEqual({
    ...session,
    ownFilters: [own],
  });
});

it("a session's choice of texts is taken as its schema has it, and left out where this page does not understand it", () => {
  const texts = { scripts: ["latin"], lines: 1, letters: 9, leastPoints: 8, colours: ["#102a43"] };
  const other = fc.oneof(anything, fc.constantFrom(["latin"], ["thai"], ["#102a43"], ["#102A43"], 1, 2, 1.5));
  const isTaken = (given: unknown): boolean => {
    const answer = { ...session, features: { texts: given } };
    const taken = isSessionView(answer) ? withKnownArt(answer).features : undefined;
    expect(taken === undefined).toBe(!sessionView.safeParse(answer).success);
    return taken !== undefined;
  };
  expect(isTaken(texts)).toBe(true);
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(texts)), other, (name, value) => {
      isTaken({ ...texts, [name]: value });
    }),
    { numRuns: 1000 },
  );
});

it("a session with an issuer's stickers opens with those that this page understands", () => {
  const own = { id: "leaf", names: { en: "Leaf" }, words: { en: ["tree"] }, address: `/stickers/${sha256}.json` };
  const strange = [{ ...own, address: `/stickers/${sha256}.svg` }, { ...own, words: { en: "tree" } }, null];
  const answer: unknown = { ...session, ownStickers: [own, ...strange], ownStickerGroup: { en: "Ours" } };
  expect(isSessionView(answer) && withKnownArt(answer)).toEqual({
    ...session,
    ownStickers: [own],
    ownStickerGroup: { en: "Ours" },
  });
  const newer: unknown = { ...session, ownStickers: "some", ownStickerGroup: ["Ours"] };
  expect(isSessionView(newer) && withKnownArt(newer).ownStickers).toBeUndefined();
});

it("a session whose card is to look as this page does not understand opens without that look", () => {
  const address = `/logos/${sha256}.svg`;
  const art = { cardArt: { chip: "gold" }, issuerLogo: { light: address, dark: address } } as const;
  const newer = { cardArt: { chip: "copper" }, issuerLogo: { light: `/logos/${sha256}.avif`, dark: address } };
  const open = (look: object): unknown => {
    const answer = { ...session, ...look };
    return isSessionView(answer) && withKnownArt(answer);
  };
  expect(open(art)).toEqual({ ...session, ...art });
  expect(open(newer)).toEqual(session);
  expect(open({ cardArt: "gold", issuerLogo: null })).toEqual(session);
  expect(open({ ...art, cardArt: newer.cardArt })).toEqual({ ...session, issuerLogo: art.issuerLogo });
  expect(isTokenAnswer({ token: "t", expiresInSeconds: 600, session: { ...session, ...newer } })).toBe(true);
});

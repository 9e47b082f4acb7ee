import {
  type Features,
  type GradientColours,
  type GroundPolicy,
  type OwnFilter,
  type OwnSticker,
  type OwnTemplate,
  type TextPolicy,
  textScripts,
} from "#card/products.ts";
import type { AssetStored, DraftStored } from "#contracts/draft.ts";
import { problems } from "#contracts/problem.ts";
import type { ProblemDetails } from "#contracts/problem-details.ts";
import type { CardArt, IssuerLogo, ProductTexts, SessionView, TokenAnswer } from "#contracts/session.ts";
import type { DesignStored, SubmissionView } from "#contracts/submission.ts";
import { submissionStates } from "#contracts/submission-state.ts";

/**
 * The server's answers by hand, each as its schema in contracts/ has it: the library of the schemas would be a tenth of what
 * the first screen loads.
 */
export type Guard<Answer> = (value: unknown) => value is Answer;

type Fields<Answer> = { readonly [Name in keyof Answer]-?: (value: unknown) => boolean };

function has<Answer>(fields: Fields<Answer>): Guard<Answer> {
  const checks = Object.entries(fields) as [string, (value: unknown) => boolean][];
  return (value): value is Answer =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    checks.every(([name, holds]) => holds((value as Readonly<Record<string, unknown>>)[name]));
}

const isText = (value: unknown): boolean => typeof value === "string";
const isTextOrLeftOut = (value: unknown): boolean => value === undefined || isText(value);
const isYesOrNo = (value: unknown): boolean => typeof value === "boolean";
const isWhole = (value: unknown): boolean => Number.isSafeInteger(value);
const isCount = (value: unknown): boolean => isWhole(value) && Number(value) >= 1;
const isSha256 = (value: unknown): boolean => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const isOneOf = (words: readonly string[]) => (value: unknown) => words.some((word) => word === value);

export const isSubmissionView = has<SubmissionView>({
  submissionId: isText,
  state: isOneOf(submissionStates),
  sequence: (value) => isWhole(value) && Number(value) >= 0,
  rejectionCode: (value) => value === null || isText(value),
  rejectionMemo: isTextOrLeftOut,
  hasPreview: isYesOrNo,
  pictureSha256: isSha256,
  updatedAt: isWhole,
});

const isObject = has<object>({});
const isCardTexts = has<ProductTexts[string]>({ name: isTextOrLeftOut, intro: isTextOrLeftOut });
const isProductTexts = (value: unknown): boolean => isObject(value) && Object.values(value).every(isCardTexts);

const isLeftOutOr = (holds: (value: unknown) => boolean) => (value: unknown) => value === undefined || holds(value);
const isNames = (value: unknown): boolean => isObject(value) && Object.values(value).every(isText);
const isLogoAddress = (value: unknown): boolean =>
  typeof value === "string" && /^\/logos\/[0-9a-f]{64}\.(svg|png)$/.test(value);
const isIssuerLogo = has<IssuerLogo>({
  light: isLogoAddress,
  dark: isLogoAddress,
  card: isLeftOutOr(isLogoAddress),
  wordless: isLeftOutOr(isYesOrNo),
});
const isColour = (value: unknown): boolean => typeof value === "string" && /^#[0-9a-f]{6}$/.test(value);
const isCardArt = has<CardArt>({
  ink: isLeftOutOr(isColour),
  chip: isLeftOutOr(isOneOf(["gold", "silver"])),
  contacts: isLeftOutOr((value) => value === 6 || value === 8),
  logo: isLeftOutOr(isOneOf(["top-left", "top-right"])),
});

const isTexts = has<TextPolicy>({
  scripts: isLeftOutOr((value) => Array.isArray(value) && value.every(isOneOf(textScripts))),
  lines: isLeftOutOr(isCount),
  letters: isLeftOutOr(isCount),
  leastPoints: isLeftOutOr(isCount),
  colours: isLeftOutOr(
    (value) => Array.isArray(value) && value.length > 0 && value.length <= 12 && value.every(isColour),
  ),
});
const isGrounds = has<GroundPolicy>({
  colours: (value) => Array.isArray(value) && value.length > 0 && value.length <= 12 && value.every(isColour),
  gradients: isLeftOutOr(
    (value) =>
      Array.isArray(value) && value.length <= 12 && value.every(has<GradientColours>({ from: isColour, to: isColour })),
  ),
});
const isFeatures = has<Features>({
  filters: isLeftOutOr((value) => isYesOrNo(value) || (Array.isArray(value) && value.every(isText))),
  shapes: isLeftOutOr(isYesOrNo),
  stickers: isLeftOutOr(isYesOrNo),
  drawings: isLeftOutOr(isYesOrNo),
  texts: isLeftOutOr((value) => isYesOrNo(value) || isTexts(value)),
  grounds: isLeftOutOr((value) => isYesOrNo(value) || isGrounds(value)),
  templates: isLeftOutOr((value) => isYesOrNo(value) || (Array.isArray(value) && value.every(isText))),
});
const isOwnFilter = has<OwnFilter>({
  id: isText,
  names: isNames,
  address: (value) => typeof value === "string" && /^\/filters\/[0-9a-f]{64}\.bin$/.test(value),
});
const areWords = (value: unknown): boolean =>
  isObject(value) && Object.values(value).every((words) => Array.isArray(words) && words.every(isText));
const isOwnSticker = has<OwnSticker>({
  id: isText,
  names: isNames,
  words: isLeftOutOr(areWords),
  address: (value) => typeof value === "string" && /^\/stickers\/[0-9a-f]{64}\.json$/.test(value),
});

const isOwnTemplate = has<OwnTemplate>({
  id: isText,
  version: isWhole,
  names: isNames,
  address: (value) => typeof value === "string" && /^\/templates\/[0-9a-f]{64}\.json$/.test(value),
});

export const isSessionView = has<SessionView>({
  sessionId: isText,
  productId: isText,
  locale: isText,
  issuerName: isText,
  issuerNames: isLeftOutOr(isNames),
  // Of these the card can do without; see withKnownArt.
  issuerLogo: () => true,
  cardArt: () => true,
  features: () => true,
  ownFilters: () => true,
  ownStickers: () => true,
  ownStickerGroup: () => true,
  ownTemplates: () => true,
  otherProductIds: (value) => value === undefined || (Array.isArray(value) && value.every(isText)),
  productTexts: (value) => value === undefined || isProductTexts(value),
  draftScope: isTextOrLeftOut,
  hasDraft: (value) => value === undefined || isYesOrNo(value),
  submission: (value) => value === null || isSubmissionView(value),
});

/** The session without what its card cannot be drawn with here: the server may be newer than this page. */
export function withKnownArt(answer: SessionView): SessionView {
  const { issuerLogo, cardArt, features, ownFilters, ownStickers, ownStickerGroup, ownTemplates, ...session } = answer;
  return {
    ...session,
    ...(isIssuerLogo(issuerLogo) && { issuerLogo }),
    ...(isCardArt(cardArt) && { cardArt }),
    ...(isFeatures(features) && { features }),
    ...(Array.isArray(ownStickers) && { ownStickers: ownStickers.filter(isOwnSticker) }),
    ...(isNames(ownStickerGroup) && { ownStickerGroup }),
    ...(Array.isArray(ownFilters) && { ownFilters: ownFilters.filter(isOwnFilter) }),
    ...(Array.isArray(ownTemplates) && { ownTemplates: ownTemplates.filter(isOwnTemplate) }),
  };
}

export const isTokenAnswer = has<TokenAnswer>({ token: isText, expiresInSeconds: isWhole, session: isSessionView });

export const isDraftStored = has<DraftStored>({ draftSha256: isText, changedAt: isWhole, expiresAt: isWhole });

export const isAssetStored = has<AssetStored>({ sha256: isText, bytes: isWhole, mediaType: isText });

export const isDesignStored = has<DesignStored>({ designSha256: isSha256 });

export const isProblemDetails = has<ProblemDetails>({
  type: isText,
  title: isText,
  status: isWhole,
  code: isOneOf(Object.keys(problems)),
  detail: isTextOrLeftOut,
  retryable: isYesOrNo,
});

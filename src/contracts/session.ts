import * as z from "zod/mini";
import { localeForm, maxLocaleLength } from "./locale.ts";
import type { SessionCredentials } from "./session-credentials.ts";
import { submissionView } from "./submission.ts";

// Apart from the schema, for the package that issuers install, whose types know no schema library.
export type { SessionCredentials } from "./session-credentials.ts";

const originExpected =
  "an origin is a scheme and a host, with a port where it has one, such as https://www.bank.example: no path, and no / at its end";

// Letters that mean something in a Content-Security-Policy are left out: these go into `frame-ancestors`.
const origin = z
  .string()
  .check(z.regex(/^[A-Za-z][A-Za-z0-9+.-]{1,30}:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/, originExpected), z.maxLength(200));

/** Origins of the pages that may frame the designer. */
const origins = z.array(origin).check(z.minLength(1), z.maxLength(5));

/** An object that has no other fields: one that is misspelt would be left unheeded, and nobody told. */
function only<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = `the fields are ${Object.keys(shape).join(", ")}`;
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      const named = issue.keys.slice(0, 5).map((key) => key.slice(0, 40));
      return `not known: ${named.join(", ")}; ${known}`;
    },
  });
}

interface MostWords {
  readonly entries: number;
  /** Of one value. */
  readonly characters: number;
  /** Of all names and values together. */
  readonly inAll: number;
}

const words = (what: string, { entries, characters, inAll }: MostWords) =>
  z.optional(
    z.record(z.string().check(z.minLength(1), z.maxLength(80)), z.string().check(z.maxLength(characters))).check(
      z.refine((values) => Object.keys(values).length <= entries, `at most ${entries} ${what}`),
      z.refine(
        (values) => Object.entries(values).flat().join("").length <= inAll,
        `at most ${inAll} characters in all, names and ${what} together; leave out what is as it comes`,
      ),
      z.describe(`As the option of the loader. At most ${entries} ${what}, ${inAll} characters in all`),
    ),
  );

/** What a page of ours, in place of the issuer's, is to be like. */
export const hostedRequest = only({
  returnUrl: z
    .string()
    .check(
      z.minLength(1),
      z.maxLength(500),
      z.describe(
        "Where the cardholder goes back to: of an origin, or of an app, that the server's operator has listed",
      ),
    ),
  theme: words("values", { entries: 40, characters: 200, inAll: 4_000 }),
  messages: words("texts", { entries: 200, characters: 2_000, inAll: 16_000 }),
});
export type HostedRequest = z.infer<typeof hostedRequest>;

const productId = z
  .string()
  .check(
    z.regex(/^[a-z0-9-]{1,64}$/, "an id of a product is small letters, digits and hyphens, such as photo-landscape"),
  );

/** Body of `POST /v1/sessions`, sent by the issuer's server with its secret key. */
export const sessionRequest = only({
  /** Chosen by the issuer, unique, says nothing about the person. */
  cardholderId: z
    .string()
    .check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, "expected 1 to 64 letters, digits, hyphens and underscores")),
  productId,
  otherProductIds: z.optional(
    z
      .array(productId)
      .check(
        z.maxLength(10),
        z.describe(
          "The products of which this cardholder may have a card instead, which the designer may then suggest",
        ),
      ),
  ),
  locale: z.optional(z.string().check(z.regex(localeForm), z.maxLength(maxLocaleLength))),
  origins: z.optional(
    origins.check(z.describe("Of the pages that may frame the designer. Left out only where `hosted` is given")),
  ),
  hosted: z.optional(hostedRequest.check(z.describe("The designer is shown by a page of this server, at `hostedUrl`"))),
  /** Written beside the picture on the card platform once it has been accepted. */
  dataCapture: z.optional(
    z
      .record(z.string().check(z.minLength(1), z.maxLength(100)), z.string().check(z.minLength(1), z.maxLength(200)))
      .check(
        z.refine((values) => Object.keys(values).length <= 20, "At most 20 values."),
        z.describe("Names of the product's data-capture fields, with their values"),
      ),
  ),
});
export type SessionRequest = z.infer<typeof sessionRequest>;

/** Body of `POST /v1/sessions/:sessionId/client-secrets`, if there is one. */
export const secretRequest = z.nullish(only({ origins: z.optional(origins), hosted: z.optional(hostedRequest) }));

export type SecretRequest = z.infer<typeof secretRequest>;

export const sessionCredentials = z.object({
  sessionId: z.string(),
  clientSecret: z.string(),
}) satisfies z.ZodMiniType<SessionCredentials>;

const secretExpiry = "Epoch milliseconds at which `clientSecret` stops working, used or not";

/** Answer to `POST /v1/sessions` and `POST /v1/sessions/:sessionId/client-secrets`. */
export const sessionSecret = z.extend(sessionCredentials, {
  clientSecretExpiresAt: z.int().check(z.describe(secretExpiry)),
  sessionExpiresAt: z
    .int()
    .check(
      z.describe(
        "Epoch milliseconds at which the session ends: no client secret or token is good for longer, and none is given any more",
      ),
    ),
  expiresAt: z
    .int()
    .check(z.describe(`${secretExpiry}: the same as \`clientSecretExpiresAt\`, under the name it had first`)),
  hostedUrl: z.optional(
    z
      .string()
      .check(
        z.describe(
          "Where `hosted` was given: the address to send the cardholder to. Good once, as long as the client secret; the secret need not be used",
        ),
      ),
  ),
});
export type SessionSecret = z.infer<typeof sessionSecret>;

/** Body of `POST /v1/sessions/:sessionId/tokens`, sent by the frame. */
export const tokenRequest = z.object({
  clientSecret: z.string().check(z.maxLength(200)),
  insteadOf: z.optional(
    z
      .string()
      .check(
        z.maxLength(64),
        z.describe(
          "The session before, where a frame goes on in another one: only if both are for one cardholder and product",
        ),
      ),
  ),
});
export type TokenRequest = z.infer<typeof tokenRequest>;

/** What the issuer calls its card (up to 60 characters) and says about it (up to 200), by language, such as `en`. */
export const productTexts = z.record(
  z.string(),
  z.object({ name: z.optional(z.string()), intro: z.optional(z.string()) }),
);
export type ProductTexts = z.infer<typeof productTexts>;

const logoAddress = z.string().check(z.regex(/^\/logos\/[0-9a-f]{64}\.(svg|png)$/));

/** Addresses on the server itself. */
export const issuerLogo = z.object({
  light: logoAddress,
  dark: logoAddress,
  card: z.optional(logoAddress.check(z.describe("As it stands on the card; left out: the name stands there"))),
  wordless: z.optional(z.boolean().check(z.describe("The name stands beside it"))),
});
export type IssuerLogo = z.infer<typeof issuerLogo>;

/** How the issuer has the card made; what is left out is as the product has it. */
export const cardArt = z.object({
  ink: z.optional(
    z.string().check(z.regex(/^#[0-9a-f]{6}$/), z.describe("Of what is printed over the photo: mark, number and name")),
  ),
  chip: z.optional(z.enum(["gold", "silver"])),
  contacts: z.optional(z.literal([6, 8])),
  logo: z.optional(z.enum(["top-left", "top-right"])),
});
export type CardArt = z.infer<typeof cardArt>;

const filterId = z.string().check(z.regex(/^[a-z0-9-]{1,40}$/));

const templateId = z.string().check(z.regex(/^[a-z0-9-]{1,40}$/));

function offered(of: string) {
  return z.optional(z.boolean().check(z.describe(`Whether ${of}`)));
}

const textPolicy = z.object({
  scripts: z.optional(
    z
      .readonly(
        z.array(
          z.enum(["latin", "greek", "cyrillic", "hebrew", "arabic", "devanagari", "chinese", "japanese", "korean"]),
        ),
      )
      .check(z.describe("Whose letters are printed, beside digits, spaces and punctuation; left out: all")),
  ),
  lines: z.optional(z.int().check(z.gte(1), z.describe("Of one text, at most"))),
  letters: z.optional(z.int().check(z.gte(1), z.describe("In a line, at most"))),
  leastPoints: z.optional(z.int().check(z.gte(1), z.describe("How large letters are at least"))),
  colours: z.optional(
    z
      .readonly(z.array(z.string().check(z.regex(/^#[0-9a-f]{6}$/))).check(z.minLength(1), z.maxLength(12)))
      .check(z.describe("The only ones that letters may have; left out: any")),
  ),
});

const groundColour = z.string().check(z.regex(/^#[0-9a-f]{6}$/));

const groundPolicy = z.object({
  colours: z
    .readonly(z.array(groundColour).check(z.minLength(1), z.maxLength(12)))
    .check(z.describe("The only ones that there are")),
  gradients: z.optional(
    z
      .readonly(z.array(z.object({ from: groundColour, to: groundColour })).check(z.maxLength(12)))
      .check(z.describe("The only pairs of colours that run into each other, in any direction; left out: none")),
  ),
});

/** What a product offers its cardholders beyond laying a photo; what is left out is as the product has it. */
export const features = z.object({
  filters: z.optional(
    z
      .union([z.boolean(), z.readonly(z.array(filterId).check(z.maxLength(50)))])
      .check(z.describe("Over the photo: all, none, or those of these ids")),
  ),
  shapes: offered("shapes may lie on the photo"),
  stickers: offered("stickers may lie on the photo"),
  drawings: offered("the cardholder may draw on the photo"),
  texts: z.optional(
    z.union([z.boolean(), textPolicy]).check(z.describe("Whether texts may lie on the photo, or which may")),
  ),
  grounds: z.optional(
    z
      .union([z.boolean(), groundPolicy])
      .check(z.describe("Whether a card may be of a colour or a gradient, without a photo, or of which alone")),
  ),
  templates: z.optional(
    z
      .union([z.boolean(), z.readonly(z.array(templateId).check(z.maxLength(50)))])
      .check(z.describe("To design by: all, none, or those of these ids. Left out: the issuer's own")),
  ),
});

/** A filter that is the issuer's own, with its table on the server itself: 33 x 33 x 33 colours of three numbers of 16 bits. */
export const ownFilter = z.object({
  id: filterId.check(z.describe("Designs name it by this")),
  names: z.record(z.string(), z.string()).check(z.describe("By language, English among them")),
  address: z.string().check(z.regex(/^\/filters\/[0-9a-f]{64}\.bin$/)),
});

/** A sticker that is the issuer's own, with its outlines on the server itself: `{ width, height, ops }`, as in a drawing of a design. */
export const ownSticker = z.object({
  id: z
    .string()
    .check(
      z.regex(/^[a-z0-9-]{1,40}$/),
      z.describe("Designs name its picture by `own.`, this, `-` and the first 16 digits of the SHA-256 in its address"),
    ),
  names: z.record(z.string(), z.string()).check(z.describe("By language, English among them")),
  words: z.optional(
    z
      .record(z.string(), z.readonly(z.array(z.string())))
      .check(z.describe("By language: what it is looked for by, besides its name")),
  ),
  address: z.string().check(z.regex(/^\/stickers\/[0-9a-f]{64}\.json$/)),
});

/** One version of a template that is the issuer's own, with its content on the server itself: see `docs/schemas/template.json`. */
export const ownTemplate = z.object({
  id: templateId.check(z.describe("Designs name it by this and its version")),
  version: z.int().check(z.gte(1)),
  names: z.record(z.string(), z.string()).check(z.describe("By language, English among them")),
  address: z.string().check(z.regex(/^\/templates\/[0-9a-f]{64}\.json$/)),
});

/** What the frame learns about its session. */
export const sessionView = z.object({
  sessionId: z.string(),
  productId: z.string(),
  locale: z.string().check(z.describe("Empty when the issuer has named none: then it is the browser's")),
  issuerName: z.string(),
  issuerNames: z.optional(
    z.record(z.string(), z.string()).check(z.describe("By language; left out where `issuerName` is for all")),
  ),
  issuerLogo: z.optional(issuerLogo),
  /** Left out where the issuer has named none. */
  otherProductIds: z.optional(
    z
      .array(z.string())
      .check(
        z.describe("The products of which this cardholder may have a card instead: see the event `product-wanted`"),
      ),
  ),
  /** Left out where the issuer has none. */
  productTexts: z.optional(productTexts),
  cardArt: z.optional(cardArt),
  features: z.optional(features),
  ownFilters: z.optional(z.array(ownFilter).check(z.maxLength(12))),
  ownStickers: z.optional(z.array(ownSticker).check(z.maxLength(24))),
  ownStickerGroup: z.optional(
    z
      .record(z.string(), z.string())
      .check(z.describe("What the issuer calls its stickers together, by language, English among them")),
  ),
  ownTemplates: z.optional(z.array(ownTemplate).check(z.maxLength(24))),
  draftScope: z.optional(
    z
      .string()
      .check(
        z.describe(
          "Opaque, and the same for this cardholder in every session: what a browser keeps a design under, so that nobody else on the device finds it",
        ),
      ),
  ),
  hasDraft: z.optional(z.boolean().check(z.describe("There is a design to go on with: see `GET …/draft`"))),
  /** The one submission that is live, or the latest that ended; null before the first. */
  submission: z.nullable(submissionView),
});
export type SessionView = z.infer<typeof sessionView>;

export const tokenAnswer = z.object({
  token: z.string(),
  // A duration, so that a wrong clock in the browser does no harm.
  expiresInSeconds: z
    .int()
    .check(z.describe("Whole seconds from this answer until `token` stops working; the session may last longer")),
  session: sessionView,
});
export type TokenAnswer = z.infer<typeof tokenAnswer>;

import type { Features } from "#card/products.ts";
import type { CardArt } from "#contracts/session.ts";

export const languages = ["en", "de", "fr", "es", "ar"] as const;
export type Language = (typeof languages)[number];
export type ByLanguage<Value> = Readonly<Record<Language, Value>>;

/** What a bank says in its own words; everything else is the page's (page/texts.js). */
export interface BrandTexts {
  readonly pageTitle: string;
  readonly bank: string;
  readonly title: string;
  readonly lead: string;
  readonly which: string;
  readonly toldMore: string;
  readonly news: string;
  readonly newsMore: string;
  readonly footer: string;
  /** What the bank says of a state, where it says it otherwise than the page. */
  readonly states?: Readonly<Record<string, string>>;
}

export interface CardTexts {
  readonly name: string;
  readonly intro: string;
}

interface OwnSticker {
  readonly name: ByLanguage<string>;
  readonly words: ByLanguage<readonly string[]>;
}

/**
 * All that makes the one bank program this bank. Its page's colours and logo are `page/ID.css` and `page/ID.svg`, the designer's logo is
 * `page/logos/ID-*.svg`.
 */
export interface Brand {
  readonly id: string;
  readonly texts: ByLanguage<BrandTexts>;
  /** Its cards by product, with the names that the designer shows too; left out: every product, under plain names. */
  readonly cards?: Readonly<Record<string, ByLanguage<CardTexts>>>;
  /** The designer's `theme`. */
  readonly theme: Readonly<Record<string, string>>;
  /** How its cards look, where not as the product has it: as in the server's file of issuers. */
  readonly art?: CardArt;
  /** What cardholders may do with each card, where not as the product has it: as in the server's file of issuers. */
  readonly features?: Readonly<Record<string, Features>>;
  /** Stickers of its own by id, whose drawings are `stickers/ID.svg`: as in the server's file of issuers. */
  readonly stickers?: Readonly<Record<string, OwnSticker>>;
  readonly stickerGroup?: ByLanguage<string>;
  /** Its own templates, by their names in `templates/`. */
  readonly templates?: readonly string[];
  /** How it names a cardholder: Synctera's customers have UUIDs. */
  readonly cardholderIds: "opaque" | "uuid";
  /** Whether its own people decide about pictures, so that its page has a desk for them. */
  readonly decides: boolean;
}

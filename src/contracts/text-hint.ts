/** What a reviewer may refuse in a text that lies on a card. */
export const textHints = ["link", "card-number", "long-number", "currency", "trademark", "brand"] as const;
export type TextHint = (typeof textHints)[number];

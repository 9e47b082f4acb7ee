import type { Design } from "#design/design.ts";
import { readOtherDesign } from "./device-database.ts";
import { type DraftKey, hasOtherMark, markWanted, takeWanted } from "./draft-mark.ts";
import { readDesign } from "./read-design.ts";

/** The cardholder's card of another product, which is not finished either, as far as this device keeps one. */
export interface OtherCard {
  isThere(): boolean;
  /** Its photo's own file; null where it is there no more. Never rejects. */
  readPhoto(): Promise<Blob | null>;
  /** What is on it; null where that cannot be read, or is there no more. Never rejects. */
  readDesign(): Promise<Design | null>;
  /** Has a card of this product begin with this card's photo, and what lies on it, when it is opened next in this tab. */
  sendAlong(productId: string): void;
  /** Whether this card is to begin with the other's photo: once true, then no more. */
  takeAlong(): boolean;
}

export function createOtherCard(key: DraftKey): OtherCard {
  let isGone = false;
  const read = () => readOtherDesign([key.scope, key.productId]).catch(() => undefined);
  return {
    isThere: () => !isGone && hasOtherMark(key),
    readPhoto: async () => {
      const file = (await read())?.file;
      // Its mark stays; who has been told does not hear of it again.
      isGone = file === undefined && hasOtherMark(key);
      return file === undefined ? null : new Blob([file]);
    },
    readDesign: async () => {
      const found = await read();
      return found === undefined ? null : await readDesign(found.document).catch(() => null);
    },
    sendAlong: (productId) => markWanted({ ...key, productId }),
    takeAlong: () => takeWanted(key) && !isGone && hasOtherMark(key),
  };
}

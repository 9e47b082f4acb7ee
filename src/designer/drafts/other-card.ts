import { readOtherPhoto } from "./device-database.ts";
import { type DraftKey, hasOtherMark } from "./draft-mark.ts";

/** The cardholder's card of another product, which is not finished either, as far as this device keeps one. */
export interface OtherCard {
  isThere(): boolean;
  /** Its photo's own file; null where it is there no more. Never rejects. */
  readPhoto(): Promise<Blob | null>;
}

export function createOtherCard(key: DraftKey): OtherCard {
  let isGone = false;
  return {
    isThere: () => !isGone && hasOtherMark(key),
    readPhoto: async () => {
      const file = await readOtherPhoto([key.scope, key.productId]).catch(() => undefined);
      // Its mark stays; who has been told does not hear of it again.
      isGone = file === undefined && hasOtherMark(key);
      return file === undefined ? null : new Blob([file]);
    },
  };
}

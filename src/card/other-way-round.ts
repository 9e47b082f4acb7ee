import { bleedSizeMm, type Product } from "./products.ts";
import type { PhotoSize } from "./placement.ts";

/** Less than this much more of a photo is not worth another card. */
const clearlyMore = 1.3;

/** How much of the photo is on the card at most, of 1, when it lies as it was taken. */
function shareOnCard({ widthPx, heightPx }: PhotoSize, product: Product): number {
  const { widthMm, heightMm } = bleedSizeMm(product);
  const [photo, card] = [widthPx / heightPx, widthMm / heightMm];
  return Math.min(photo / card, card / photo);
}

/** Whether a card of the other product would show clearly more of the photo than one of this. */
export function fitsBetter(photo: PhotoSize, product: Product, other: Product): boolean {
  return shareOnCard(photo, other) > clearlyMore * shareOnCard(photo, product);
}

import { guid } from "./data-capture.ts";
import type { ImageRow } from "./rows.ts";
import type { Switches } from "./switches.ts";
import { nothingDone, type Platform, type Work } from "./work.ts";

interface PurgeOrder {
  readonly cardImageId: string | null;
  readonly imagePurgeKey: string | null;
}

/** An IPv4 address that came over IPv6 as itself. */
function toPlainAddress(address: string): string {
  return address
    .trim()
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, "");
}

/** "Product setting has the highest priority then the partner and then financial institute"; without any entry, all may call. */
function isAllowed(
  { product, partner, issuer }: Switches["purge"]["allowedAddresses"],
  image: ImageRow | undefined,
  address: string,
): boolean {
  const ofProduct = Object.hasOwn(product, image?.product_id ?? "") ? product[image?.product_id ?? ""] : undefined;
  const entry = ofProduct ?? partner ?? issuer;
  return entry === null || entry.split(";").map(toPlainAddress).includes(toPlainAddress(address));
}

/** SetImageToPurge: `commit` marks the picture, which is gone once the switch's delay has passed. */
export function prepareSetImageToPurge({ settings, store }: Platform, order: PurgeOrder, address: string): Work {
  const { allowedAddresses, delaySeconds } = store.readSwitches().purge;
  const id = order.cardImageId ?? "";
  const image = guid.test(id) ? store.findImage(id.toLowerCase()) : undefined;
  if (!isAllowed(allowedAddresses, image, address))
    return nothingDone(-2, `${address} may not call`, image?.product_id);
  if (image === undefined) return nothingDone(1, null);
  if (settings.imagePurgeKey === undefined || order.imagePurgeKey !== settings.imagePurgeKey)
    return nothingDone(2, null, image.product_id);
  const commit = () => {
    store.markForPurge(image.id, Date.now() + Math.round(delaySeconds * 1000));
    return null;
  };
  return { code: 0, cardImageId: image.id, productId: image.product_id, note: null, commit };
}

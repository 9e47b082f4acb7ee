import type { DesignDocument } from "#design/document.ts";
import type { DesignState } from "../store/design-store.ts";

/** The document that the server stores. Call it only while there is a photo. */
export function designDocumentOf(
  { product, photo, placement }: Pick<DesignState, "product" | "photo" | "placement">,
  agreement: DesignDocument["agreement"],
): DesignDocument {
  if (photo === null || placement === null) throw new Error("There is no design without a photo.");
  const { sha256, widthPx, heightPx } = photo;
  return { version: 1, productId: product.id, photo: { sha256, widthPx, heightPx }, placement, agreement };
}

import { photoId } from "#design/design.ts";
import { isLocked } from "#design/templates/template.ts";
import { type DesignState, templateOf } from "./design-store.ts";

type Card = Pick<DesignState, "design" | "product">;

/** Whether the photo on the card stays where it is. */
export function isPhotoPlaced(state: Card): boolean {
  return isLocked(templateOf(state), photoId, "move");
}

/** Whether the photo on the card looks as the template says. */
export function isPhotoStyled(state: Card): boolean {
  return isLocked(templateOf(state), photoId, "style");
}

import type { StoreApi } from "zustand/vanilla";
import { photoOf } from "#design/design.ts";
import { type Look, lookOf, sameLook } from "#design/look.ts";
import { type OpenPhoto, PhotoProblem } from "#image/client.ts";
import type { DesignState } from "./design-store.ts";

/** A photo's preview as it looks adjusted and filtered. */
export interface AdjustedPreview {
  readonly photo: OpenPhoto;
  readonly look: Look;
  /** Of half the size, to be there soon. */
  readonly soon: boolean;
  readonly bitmap: ImageBitmap;
}

type Wanted = Pick<AdjustedPreview, "photo" | "look" | "soon">;

function wantedOf({ design, assets, moving }: DesignState): Wanted | null {
  const photo = assets.get(photoOf(design)?.sha256 ?? "");
  const look = lookOf(design);
  return photo === undefined || look === undefined ? null : { photo, look, soon: moving };
}

/** Whether what has been made, or tried, is as good as what is wanted. */
function isEnough(tried: Wanted | null, { photo, look, soon }: Wanted): boolean {
  return tried?.photo === photo && sameLook(tried.look, look) && (soon || !tried.soon);
}

/**
 * Has the preview adjusted whenever the look of the design's photo changes, one at a time: what is wanted when one is there is what is made next,
 * and what was wanted meanwhile never is. Each is shown, so that a slider that does not stop is followed: in half the size until it rests.
 */
export function keepAdjusted(store: StoreApi<DesignState>): void {
  let isMaking = false;
  /** What could not be made is not tried again until something else is wanted. */
  let tried: Wanted | null = null;
  /** What could not be made for want of a filter is tried again when next something happens: it may be there by then. */
  let lacksFilter = false;
  const show = (adjusted: AdjustedPreview | null): void => {
    const before = store.getState().adjusted;
    if (before === adjusted) return;
    store.setState({ adjusted });
    // Only after subscribers have been told: until then one of them may still draw the old bitmap.
    before?.bitmap.close();
  };
  const tell = (lacks: boolean): void => {
    if (store.getState().lacksFilter !== lacks) store.setState({ lacksFilter: lacks });
  };
  const make = async ({ photo, look, soon }: Wanted): Promise<void> => {
    const bitmap = await photo.adjustPreview(look, soon).catch((error: unknown) => {
      lacksFilter = error instanceof PhotoProblem && error.code === "art-missing";
      return null;
    });
    if (wantedOf(store.getState())?.look.filter?.id === look.filter?.id) tell(lacksFilter);
    // What was seen until now may have another filter.
    if (lacksFilter) show(null);
    if (bitmap === null) return;
    if (wantedOf(store.getState())?.photo === photo) show({ photo, look, soon, bitmap });
    else bitmap.close();
  };
  const follow = async (): Promise<void> => {
    if (isMaking) return;
    isMaking = true;
    for (let wanted = wantedOf(store.getState()); wanted !== null; wanted = wantedOf(store.getState())) {
      if (isEnough(tried, wanted)) break;
      // What is there soon comes first in any case.
      tried = { ...wanted, soon: wanted.soon || !isEnough(tried, { ...wanted, soon: true }) };
      lacksFilter = false;
      await make(tried);
    }
    if (lacksFilter) tried = null;
    isMaking = false;
  };
  store.subscribe((now, before) => {
    // The photo as it was before would hide that it looks another way now.
    const isAnother = now.design.look !== before.design.look || now.design.veil !== before.design.veil;
    if (now.showsOriginal && isAnother) store.setState({ showsOriginal: false });
    const wanted = wantedOf(now);
    if (wanted === null) {
      tried = null;
      tell(false);
      show(null);
    } else if (!isEnough(tried, wanted)) void follow();
  });
}

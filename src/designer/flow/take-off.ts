import type { StoreApi } from "zustand/vanilla";
import { findProduct, offerProduct, type Product } from "#card/products.ts";
import { describeCause } from "#contracts/describe-cause.ts";
import type { SessionView } from "#contracts/session.ts";
import { photoOf } from "#design/design.ts";
import { offersGrounds } from "#design/offered.ts";
import { detachTemplate } from "#design/templates/template-edits.ts";
import type { DesignerApi } from "../api/client.ts";
import { endsSession } from "../api/request.ts";
import type { DesignStore } from "../store/design-store.ts";
import type { FlowState } from "./flow-state.ts";
import type { LatestTask } from "./latest-task.ts";
import { type Notice, noticeOf } from "./notice.ts";
import { type Dispatch, lossOf } from "./pictures.ts";

/** The product with what the issuer offers with it now. */
function offeredNow({ ownStickerGroup: _before, ...product }: Product, session: SessionView): Product {
  const { features, ownFilters = [], ownStickers = [], ownStickerGroup, ownTemplates = [] } = session;
  const plain = { ...product, features: findProduct(product.id)?.features ?? {} };
  const own = { ownFilters, ownStickers, ownTemplates, ...(ownStickerGroup && { ownStickerGroup }) };
  return offerProduct(plain, { ...(features && { features }), ...own });
}

/** Takes off what is not offered. Gives what is to be said of that. */
function takeOff(design: DesignStore, offered: Product): Notice {
  design.getState().settle();
  const { design: before } = design.getState();
  design.getState().changeProduct(offered);
  if (photoOf(before) === null && !offersGrounds(offered)) return noticeOf("no-photo-not-offered");
  const lost = lossOf(before, design.getState().design);
  if (lost !== null) return noticeOf(lost);
  if (before.template === undefined) return noticeOf("send-not-accepted");
  // Nothing that is known here is against the card: to the server the template is another. Undo brings it back.
  design.getState().edit(detachTemplate);
  return noticeOf("template-gone");
}

/**
 * Asks what the issuer offers by now and takes everything else off the card; the rest stays as it is. Gives what is to be said of that,
 * or why it could not be done; null where it is not wanted any more when the answer comes.
 */
export async function takeUnofferedOff(
  api: Pick<DesignerApi, "readSession">,
  design: DesignStore,
  isWanted: () => boolean = () => true,
): Promise<Notice | null> {
  let session: SessionView;
  try {
    session = await api.readSession();
  } catch (error) {
    const code = endsSession(error) ? "session-ended" : "send-no-connection";
    return isWanted() ? noticeOf(code, describeCause(error)) : null;
  }
  return isWanted() ? takeOff(design, offeredNow(design.getState().product, session)) : null;
}

export interface TakingOff {
  /** What the issuer does not offer any more is taken off the card. */
  takeUnofferedOff(): Promise<void>;
}

interface Deps {
  readonly api: Pick<DesignerApi, "readSession">;
  readonly design: DesignStore;
  readonly state: StoreApi<FlowState>;
}

interface Work {
  readonly opening: LatestTask;
  /** Ends all work on photo and picture. */
  readonly stopWork: () => void;
}

export function createTakingOff(
  { api, design, state }: Deps,
  dispatch: Dispatch,
  { opening, stopWork }: Work,
): TakingOff {
  return {
    takeUnofferedOff: async () => {
      dispatch({ type: "went-back" });
      stopWork();
      dispatch({ type: "noticed", notice: null });
      await opening.start(async (signal) => {
        const isWanted = (): boolean => !signal.aborted && state.getState().step === "design";
        const notice = await takeUnofferedOff(api, design, isWanted);
        if (notice === null) return;
        // To the choice of one; what lies on the card stays.
        if (notice.code === "no-photo-not-offered") dispatch({ type: "left-design" });
        dispatch({ type: "noticed", notice });
      });
    },
  };
}

import { findProduct, offerProduct, type Product } from "#card/products.ts";
import { describeCause } from "#contracts/describe-cause.ts";
import type { SessionView } from "#contracts/session.ts";
import type { DesignerApi } from "../api/client.ts";
import { endsSession } from "../api/request.ts";
import type { DesignStore } from "../store/design-store.ts";
import { type Notice, noticeOf } from "./notice.ts";
import { type Dispatch, lossOf } from "./pictures.ts";

/** The product with what the issuer offers with it now. */
function offeredNow(product: Product, { features, ownFilters = [] }: SessionView): Product {
  const plain = { ...product, features: findProduct(product.id)?.features ?? {} };
  return offerProduct(plain, { ...(features && { features }), ownFilters });
}

/**
 * Asks what the issuer offers by now and takes everything else off the card; the rest stays as it is. Gives what is to be said of that,
 * or why it could not be done.
 */
export async function takeUnofferedOff(api: Pick<DesignerApi, "readSession">, design: DesignStore): Promise<Notice> {
  let session: SessionView;
  try {
    session = await api.readSession();
  } catch (error) {
    return noticeOf(endsSession(error) ? "session-ended" : "send-no-connection", describeCause(error));
  }
  design.getState().settle();
  const { design: before, product } = design.getState();
  const offered = offeredNow(product, session);
  design.getState().changeProduct(offered);
  return noticeOf(lossOf(before, design.getState().design, offered) ?? "send-not-accepted");
}

export interface TakingOff {
  /** What the issuer does not offer any more is taken off the card. */
  takeUnofferedOff(): Promise<void>;
}

export function createTakingOff(
  { api, design }: { readonly api: Pick<DesignerApi, "readSession">; readonly design: DesignStore },
  dispatch: Dispatch,
  stopWork: () => void,
): TakingOff {
  return {
    takeUnofferedOff: async () => {
      dispatch({ type: "went-back" });
      stopWork();
      dispatch({ type: "noticed", notice: null });
      dispatch({ type: "noticed", notice: await takeUnofferedOff(api, design) });
    },
  };
}

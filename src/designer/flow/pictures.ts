import type { StoreApi } from "zustand/vanilla";
import { judgeSharpness } from "#card/sharpness.ts";
import type { DesignDocument } from "#design/document.ts";
import { type ImageClient, PhotoProblem } from "#image/client.ts";
import type { DesignState, DesignStore } from "../store/design-store.ts";
import { replaced } from "./latest-task.ts";
import type { FlowEvent, FlowState } from "./machine.ts";
import { type Notice, noticeOf, noticeOfOpened } from "./notice.ts";

export interface PictureDeps {
  readonly image: ImageClient;
  readonly design: DesignStore;
}

type Dispatch = (event: FlowEvent) => void;

/** Null when the cardholder stopped it; otherwise what to say. */
function noticeFor(error: unknown, signal: AbortSignal, unexpected: "open-failed" | "render-failed"): Notice | null {
  if (signal.aborted) return null;
  return noticeOf(error instanceof PhotoProblem ? error.code : unexpected);
}

/** Opens a file and puts it on the card. When that fails the photo before it stays where it is. */
export async function openPhoto(
  { image, design }: PictureDeps,
  dispatch: Dispatch,
  file: Blob,
  signal: AbortSignal,
): Promise<void> {
  try {
    const photo = await image.openPhoto(file, design.getState().product, signal);
    if (signal.aborted) photo.preview.close();
    signal.throwIfAborted();
    design.getState().setPhoto(photo);
    dispatch({ type: "photo-opened", notice: noticeOfOpened(photo, design.getState().placement) });
  } catch (error) {
    // A file that was picked meanwhile has taken over and reports its own end.
    if (signal.reason === replaced) return;
    dispatch({ type: "photo-failed", notice: noticeFor(error, signal, "open-failed") });
  }
}

/** Renders the bytes that will be sent and shows exactly those. */
export async function renderPreview(
  { image, design }: PictureDeps,
  state: StoreApi<FlowState>,
  dispatch: Dispatch,
  signal: AbortSignal,
): Promise<void> {
  const { photo, placement, product } = design.getState();
  const now = state.getState();
  // While another photo opens, the card does not yet show what would be printed.
  if (now.step !== "design" || now.opening || photo === null || placement === null) return;
  if (judgeSharpness(placement, product).kind === "too-soft") {
    return dispatch({ type: "noticed", notice: noticeOf("dpi-too-low") });
  }
  dispatch({ type: "render-started" });
  try {
    const onProgress = (fraction: number): void => dispatch({ type: "render-progressed", fraction });
    const picture = await image.renderPicture(photo, placement, product, { signal, onProgress });
    signal.throwIfAborted();
    // The photo was moved meanwhile, so this picture no longer shows the design.
    if (design.getState().placement !== placement)
      return await renderPreview({ image, design }, state, dispatch, signal);
    const url = URL.createObjectURL(new Blob([picture.png], { type: "image/png" }));
    dispatch({ type: "rendered", picture: { ...picture, url } });
    if (state.getState().step !== "preview") URL.revokeObjectURL(url);
  } catch (error) {
    if (signal.reason === replaced) return;
    dispatch({ type: "render-failed", notice: noticeFor(error, signal, "render-failed") });
  }
}

/** The document that the server stores. Call it only while there is a photo. */
export function designDocumentOf(
  { product, photo, placement }: Pick<DesignState, "product" | "photo" | "placement">,
  agreement: DesignDocument["agreement"],
): DesignDocument {
  if (photo === null || placement === null) throw new Error("There is no design without a photo.");
  const { sha256, widthPx, heightPx } = photo;
  return { version: 1, productId: product.id, photo: { sha256, widthPx, heightPx }, placement, agreement };
}

import { judgeSharpness } from "#card/sharpness.ts";
import { describeCause } from "#contracts/describe-cause.ts";
import type { DesignDocument } from "#design/document.ts";
import { type ImageClient, type OpenPhoto, PhotoProblem } from "#image/client.ts";
import type { DesignStore } from "../store/design-store.ts";
import type { FlowEvent, FrozenDesign } from "./machine.ts";
import { type Notice, noticeOf, noticeOfOpened } from "./notice.ts";

export interface PictureDeps {
  readonly image: ImageClient;
  readonly design: DesignStore;
}

type Dispatch = (event: FlowEvent) => void;

function noticeFor(error: unknown, file: Blob, unexpected: "open-failed" | "render-failed"): Notice {
  const names = file instanceof File ? [file.name] : [];
  if (!(error instanceof PhotoProblem)) return noticeOf(unexpected, describeCause(error, names));
  return noticeOf(error.code, describeCause(error.cause, names));
}

/** Opens a file and puts it on the card. When that fails the photo before it stays where it is. Once stopped it does nothing more. */
export async function openPhoto(
  { image, design }: PictureDeps,
  dispatch: Dispatch,
  file: Blob,
  signal: AbortSignal,
): Promise<void> {
  try {
    const photo = await image.openPhoto(file, design.getState().product, signal);
    if (signal.aborted) return photo.preview.close();
    design.getState().setPhoto(photo);
    dispatch({ type: "photo-opened", notice: noticeOfOpened(photo, design.getState().placement) });
  } catch (error) {
    if (!signal.aborted) dispatch({ type: "photo-failed", notice: noticeFor(error, file, "open-failed") });
  }
}

interface CardOnScreen {
  readonly photo: OpenPhoto;
  readonly design: FrozenDesign;
}

/** What the cardholder sees on the card, also when an input was still moving it; null without a photo. */
function freezeCard(store: DesignStore): CardOnScreen | null {
  store.getState().settle();
  const { product, photo, placement } = store.getState();
  if (photo === null || placement === null) return null;
  const { sha256, widthPx, heightPx, transparent } = photo;
  return { photo, design: { product, photo: { sha256, widthPx, heightPx, transparent }, placement } };
}

function isStillShown(store: DesignStore, { photo, design }: CardOnScreen): boolean {
  const now = freezeCard(store);
  return now?.photo === photo && now.design.placement === design.placement;
}

/**
 * Renders the bytes that will be sent, of what is on the card when they are ready: what was moved meanwhile is rendered
 * again. Needs a photo. Once stopped it does nothing more.
 */
export async function renderPreview(deps: PictureDeps, dispatch: Dispatch, signal: AbortSignal): Promise<void> {
  const card = freezeCard(deps.design);
  if (card === null) return dispatch({ type: "rendering-stopped" });
  const { placement, product } = card.design;
  if (judgeSharpness(placement, product).kind === "too-soft") {
    return dispatch({ type: "render-failed", notice: noticeOf("dpi-too-low") });
  }
  dispatch({ type: "render-started" });
  try {
    const onProgress = (fraction: number): void => dispatch({ type: "render-progressed", fraction });
    const rendered = await deps.image.renderPicture(card.photo, placement, product, { signal, onProgress });
    signal.throwIfAborted();
    if (!isStillShown(deps.design, card)) return await renderPreview(deps, dispatch, signal);
    const url = URL.createObjectURL(new Blob([rendered.png], { type: "image/png" }));
    dispatch({ type: "rendered", picture: { ...rendered, url, design: card.design } });
  } catch (error) {
    if (!signal.aborted)
      dispatch({ type: "render-failed", notice: noticeFor(error, card.photo.file, "render-failed") });
  }
}

/** The document that the server stores of a picture's design. */
export function designDocumentOf(design: FrozenDesign, agreement: DesignDocument["agreement"]): DesignDocument {
  const { product, photo, placement } = design;
  const { sha256, widthPx, heightPx } = photo;
  return { version: 1, productId: product.id, photo: { sha256, widthPx, heightPx }, placement, agreement };
}

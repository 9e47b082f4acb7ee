import { describeCause } from "#contracts/describe-cause.ts";
import type { PickRequest } from "#contracts/frame-messages.ts";

/** Asks the issuer's page for a photo by its own picker. Resolves with whatever it gives; rejects when it throws or takes too long. */
export type AskForImage = (request: PickRequest, signal: AbortSignal) => Promise<unknown>;

export type PickedImage =
  | { readonly kind: "photo"; readonly photo: Blob }
  | { readonly kind: "nothing" }
  /** With a sentence for the page's developer. */
  | { readonly kind: "failed"; readonly cause: string };

function readPicked(answer: unknown): PickedImage {
  if (answer === null) return { kind: "nothing" };
  if (answer instanceof Blob) return { kind: "photo", photo: answer };
  throw new TypeError("pickImage has to answer a Blob or null");
}

/** By its name, which begins the sentence: so pickers of browsers and apps end that are cancelled. */
const isCancelled = (error: unknown): boolean => error instanceof Error && /^AbortError\b/.test(error.message);

/** Never rejects. What is stopped meanwhile has brought nothing, whatever the page gives later. */
export async function pickImage(ask: AskForImage, request: PickRequest, signal: AbortSignal): Promise<PickedImage> {
  try {
    const picked = readPicked(await ask(request, signal));
    return signal.aborted ? { kind: "nothing" } : picked;
  } catch (error) {
    if (signal.aborted || isCancelled(error)) return { kind: "nothing" };
    return { kind: "failed", cause: describeCause(error instanceof Error ? error.message : error) ?? "" };
  }
}

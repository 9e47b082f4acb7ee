import { useEffect, useRef, useState } from "react";
import type { PickRequest } from "#contracts/frame-messages.ts";
import type { FirstFlow } from "../flow/first-flow.ts";
import { type AskForImage, pickImage } from "../flow/pick-image.ts";

export interface PagePicker {
  /** Opens the page's own picker, or the browser's. */
  readonly browse: () => void;
  /** Opens the page's own picker for a new photo; undefined where there is none, or not now. */
  readonly photograph: (() => void) | undefined;
}

/**
 * The page's own picker for photos, where it has one. Once it has failed the next press opens the browser's, by `openChooser`: apps
 * reject as well when the person cancels, so that it is asked again after that. Nothing that it brings is taken once `enabled` is
 * false, or something else is opened.
 */
export function usePagePicker(
  ask: AskForImage | undefined,
  flow: FirstFlow,
  about: Omit<PickRequest, "source">,
  enabled: boolean,
  openChooser: () => void,
): PagePicker {
  const [hasFailed, setHasFailed] = useState(false);
  const asking = useRef<AbortController>(undefined);
  useEffect(() => {
    if (!enabled) return undefined;
    const unsubscribe = flow.state.subscribe((now) => {
      if (!("opening" in now && now.opening)) return;
      asking.current?.abort();
      setHasFailed(false);
    });
    return () => {
      unsubscribe();
      asking.current?.abort();
    };
  }, [flow, enabled]);
  const browse = (): void => {
    setHasFailed(false);
    openChooser();
  };
  if (ask === undefined || hasFailed) return { browse, photograph: undefined };
  const pick = async (source: PickRequest["source"]): Promise<void> => {
    asking.current?.abort();
    const { signal } = (asking.current = new AbortController());
    const picked = await pickImage(ask, { source, ...about }, signal);
    if (picked.kind === "photo") void flow.openPhoto(picked.photo);
    if (picked.kind !== "failed") return;
    setHasFailed(true);
    flow.showNotice("picker-failed", picked.cause);
  };
  return { browse: () => void pick("library"), photograph: () => void pick("camera") };
}

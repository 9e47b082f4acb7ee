import { useEffect, useRef, useState } from "react";
import type { PickRequest } from "#contracts/frame-messages.ts";
import type { FirstFlow } from "../flow/first-flow.ts";
import { type AskForImage, pickImage } from "../flow/pick-image.ts";

/** Opens the page's own picker. */
export type PagePicker = (source: PickRequest["source"]) => void;

/**
 * The page's own picker for photos, where it has one; undefined from when that has failed on: then the browser's is offered. Nothing
 * that it brings is taken once `enabled` is false, or something else is opened.
 */
export function usePagePicker(
  ask: AskForImage | undefined,
  flow: FirstFlow,
  about: Omit<PickRequest, "source">,
  enabled: boolean,
): PagePicker | undefined {
  const [hasFailed, setHasFailed] = useState(false);
  const asking = useRef<AbortController>(undefined);
  useEffect(() => {
    if (!enabled) return undefined;
    const unsubscribe = flow.state.subscribe((now) => {
      if ("opening" in now && now.opening) asking.current?.abort();
    });
    return () => {
      unsubscribe();
      asking.current?.abort();
    };
  }, [flow, enabled]);
  if (ask === undefined || hasFailed) return undefined;
  const pick = async (source: PickRequest["source"]): Promise<void> => {
    asking.current?.abort();
    const { signal } = (asking.current = new AbortController());
    const picked = await pickImage(ask, { source, ...about }, signal);
    if (picked.kind === "photo") void flow.openPhoto(picked.photo);
    if (picked.kind !== "failed") return;
    setHasFailed(true);
    flow.showNotice("picker-failed", picked.cause);
  };
  return (source) => void pick(source);
}

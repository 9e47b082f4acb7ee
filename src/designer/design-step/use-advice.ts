import { useMemo } from "react";
import { useDesign } from "../store/use-design.ts";
import { type Advice, adviseOn } from "./findings.ts";

const none: readonly Advice[] = [];

/** What the checks say of the card as it is; empty without a photo. */
export function useAdvice(): readonly Advice[] {
  const photo = useDesign((state) => state.photo);
  const placement = useDesign((state) => state.placement);
  const product = useDesign((state) => state.product);
  return useMemo(
    () => (photo === null || placement === null ? none : adviseOn(placement, photo, product)),
    [photo, placement, product],
  );
}

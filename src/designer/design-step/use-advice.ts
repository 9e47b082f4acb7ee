import { useMemo } from "react";
import { useDesignStore } from "../store/use-design-store.tsx";
import { type Advice, adviseOn } from "./findings.ts";

const none: readonly Advice[] = [];

/** What the checks say of the card as it is; empty without a photo. */
export function useAdvice(): readonly Advice[] {
  const photo = useDesignStore((state) => state.photo);
  const placement = useDesignStore((state) => state.placement);
  const product = useDesignStore((state) => state.product);
  return useMemo(
    () => (photo === null || placement === null ? none : adviseOn(placement, photo, product)),
    [photo, placement, product],
  );
}

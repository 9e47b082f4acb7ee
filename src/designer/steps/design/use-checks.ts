import { useMemo, useState } from "react";
import { findFlaws } from "#card/flaws.ts";
import { type CardFacts, factsOf } from "../../store/photo-facts.ts";
import { useDesignStore } from "../../store/use-design-store.tsx";
import { type Fix, findFix } from "./check-fixes.ts";
import { type DesignCheck, listChecks } from "./design-checks.ts";

const none: readonly DesignCheck[] = [];

/** Of the photo where it lies, with the light that it had before what is under way: that takes longer to find than a frame. */
function useFacts(): CardFacts | null {
  const design = useDesignStore((state) => state.design);
  const assets = useDesignStore((state) => state.assets);
  const moving = useDesignStore((state) => state.moving);
  const [restedLook, setRestedLook] = useState(design.look);
  if (!moving && restedLook !== design.look) setRestedLook(design.look);
  const look = moving ? restedLook : design.look;
  return useMemo(() => factsOf({ ...design, look }, assets), [design, look, assets]);
}

/** The checks of the design as it is, the worst first; empty without a photo. */
export function useChecks(): readonly DesignCheck[] {
  const facts = useFacts();
  const product = useDesignStore((state) => state.product);
  return useMemo(
    () => (facts === null ? none : listChecks(findFlaws(facts.photo.placement, facts, product), product)),
    [facts, product],
  );
}

/** A check, and what puts it right. */
export interface MendableCheck {
  readonly check: DesignCheck;
  readonly fix: Fix | null;
}

/**
 * The checks with their fixes. What is found by a search is that of the photo as it lay before the gesture that is under way: it takes
 * longer than a frame.
 */
export function useMendableChecks(): readonly MendableCheck[] {
  const checks = useChecks();
  const facts = useFacts();
  const product = useDesignStore((state) => state.product);
  const moving = useDesignStore((state) => state.moving);
  const [rested, setRested] = useState(facts);
  if (!moving && rested !== facts) setRested(facts);
  const searched = moving ? rested : facts;
  const found = useMemo(() => {
    const fixes = new Map<DesignCheck["id"], Fix | null>();
    if (searched === null) return fixes;
    for (const check of listChecks(findFlaws(searched.photo.placement, searched, product), product)) {
      if (check.id !== "sharpness") fixes.set(check.id, findFix(check, searched, product));
    }
    return fixes;
  }, [searched, product]);
  return useMemo(
    () =>
      checks.map((check) => ({
        check,
        fix: check.id === "sharpness" ? facts && findFix(check, facts, product) : (found.get(check.id) ?? null),
      })),
    [checks, found, facts, product],
  );
}

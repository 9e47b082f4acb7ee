import { useEffect, useMemo, useState } from "react";
import { findFlaws } from "#card/flaws.ts";
import { type CardFacts, factsOf } from "../../store/photo-facts.ts";
import { useDesignStore } from "../../store/use-design-store.tsx";
import { type Fix, findFix } from "./check-fixes.ts";
import { type DesignCheck, listChecks } from "./design-checks.ts";

const none: readonly DesignCheck[] = [];

/**
 * Of the photo where it lies, with the light that it had before what is under way: that takes longer to find than a frame.
 */
function useFacts(): CardFacts | null {
  const design = useDesignStore((state) => state.design);
  const assets = useDesignStore((state) => state.assets);
  const moving = useDesignStore((state) => state.moving);
  const [rested, setRested] = useState(design);
  if (!moving && rested !== design) setRested(design);
  const { look, ground } = moving ? rested : design;
  return useMemo(() => factsOf({ ...design, look, ground }, assets), [design, look, ground, assets]);
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

/** A check, and what puts it right: null where nothing does, undefined while that is not known. */
export interface MendableCheck {
  readonly check: DesignCheck;
  readonly fix: Fix | null | undefined;
}

type Fixes = ReadonlyMap<DesignCheck["id"], Fix | null>;

/**
 * The checks with their fixes. But for that of the sharpness they are looked for one by one whenever the photo has come to rest, and
 * after the card has been drawn: each takes longer than a frame. Until then they are those of before.
 */
export function useMendableChecks(): readonly MendableCheck[] {
  const checks = useChecks();
  const facts = useFacts();
  const product = useDesignStore((state) => state.product);
  const moving = useDesignStore((state) => state.moving);
  const [fixes, setFixes] = useState<Fixes>(new Map());
  useEffect(() => {
    if (moving || facts === null) return;
    const waiting = listChecks(findFlaws(facts.photo.placement, facts, product), product).filter(
      ({ id }) => id !== "sharpness",
    );
    let timer: ReturnType<typeof setTimeout>;
    const findNext = (): void => {
      const check = waiting.shift();
      if (check === undefined) return;
      const fix = findFix(check, facts, product);
      setFixes((before) => new Map(before).set(check.id, fix));
      timer = setTimeout(findNext);
    };
    timer = setTimeout(findNext);
    return () => clearTimeout(timer);
  }, [facts, moving, product]);
  return useMemo(
    () =>
      checks.map((check) => ({
        check,
        fix: check.id === "sharpness" ? facts && findFix(check, facts, product) : fixes.get(check.id),
      })),
    [checks, facts, fixes, product],
  );
}

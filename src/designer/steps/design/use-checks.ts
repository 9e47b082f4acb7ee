import { useDeferredValue, useEffect, useMemo, useState } from "react";
import type { Product } from "#card/products.ts";
import { type CardFacts, factsOf } from "../../store/photo-facts.ts";
import { useDesignStore } from "../../store/use-design-store.tsx";
import { type Fix, findFix, searchFix } from "./check-fixes.ts";
import { checksOf, type DesignCheck } from "./design-checks.ts";

const none: readonly DesignCheck[] = [];

/**
 * Of the photo where it lies, with the light that it had before what is under way. They are found in a task of their own once the card has
 * been drawn: that may take as long as two frames.
 */
function useFacts(): CardFacts | null {
  const design = useDesignStore((state) => state.design);
  const assets = useDesignStore((state) => state.assets);
  const moving = useDesignStore((state) => state.moving);
  const [rested, setRested] = useState(design);
  if (!moving && rested !== design) setRested(design);
  const { look, ground } = moving ? rested : design;
  const now = useMemo(() => ({ design: { ...design, look, ground }, assets }), [design, look, ground, assets]);
  const card = useDeferredValue(now);
  return useMemo(() => factsOf(card.design, card.assets), [card]);
}

/** The checks of the design as it is, the worst first; empty without a photo. */
export function useChecks(): readonly DesignCheck[] {
  const facts = useFacts();
  const product = useDesignStore((state) => state.product);
  return facts === null ? none : checksOf(facts, product);
}

/** A check, and what puts it right: null where nothing does, undefined while that is not known. */
export interface MendableCheck {
  readonly check: DesignCheck;
  readonly fix: Fix | null | undefined;
}

type Fixes = ReadonlyMap<DesignCheck["id"], Fix | null>;

/** So long at a time is searched; what else there is to do then comes between. */
const sliceMs = 8;

/** The checks of the design as it is with their fixes, which stay those of before while the photo moves. */
export function useMendableChecks(): readonly MendableCheck[] {
  const facts = useFacts();
  const product = useDesignStore((state) => state.product);
  const moving = useDesignStore((state) => state.moving);
  return useMendable(facts, product, moving);
}

/**
 * The checks of a card with their fixes, the worst first. But for that of the sharpness the fixes are looked for at rest, and after what
 * asks for them has been drawn: that takes longer than a frame. Until then they are those of before.
 */
export function useMendable(facts: CardFacts | null, product: Product, moving = false): readonly MendableCheck[] {
  const [fixes, setFixes] = useState<Fixes>(new Map());
  useEffect(() => {
    if (moving || facts === null) return;
    const searches = checksOf(facts, product)
      .filter(({ id }) => id !== "sharpness")
      .map((check) => ({ id: check.id, search: searchFix(check, facts, product) }));
    let timer: ReturnType<typeof setTimeout>;
    const goOn = (): void => {
      const until = performance.now() + sliceMs;
      for (let [now] = searches; now !== undefined && performance.now() < until; [now] = searches) {
        const { id, search } = now;
        const { done, value } = search.next();
        if (done !== true) continue;
        setFixes((before) => new Map(before).set(id, value));
        searches.shift();
      }
      if (searches.length > 0) timer = setTimeout(goOn);
    };
    timer = setTimeout(goOn);
    return () => clearTimeout(timer);
  }, [facts, moving, product]);
  return useMemo(
    () =>
      facts === null
        ? []
        : checksOf(facts, product).map((check) => ({
            check,
            fix: check.id === "sharpness" ? findFix(check, facts, product) : fixes.get(check.id),
          })),
    [facts, fixes, product],
  );
}

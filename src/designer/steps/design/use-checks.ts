import { useDeferredValue, useEffect, useMemo, useState } from "react";
import type { Product } from "#card/products.ts";
import type { InSteps } from "#card/in-steps.ts";
import { photoOf } from "#design/design.ts";
import { type CardFacts, factsOf, isPrepared, prepareFacts } from "../../store/photo-facts.ts";
import type { DesignState, DesignStore } from "../../store/design-store.ts";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { type Fix, findFix, searchFix } from "./check-fixes.ts";
import { checksOf, type DesignCheck } from "./design-checks.ts";

const none: readonly DesignCheck[] = [];

/** So long at a time is worked; what else there is to do then comes between. */
const sliceMs = 8;

/** With a pen on the card it is looked so often whether that has been lifted. */
const lookMs = 200;

/**
 * Does the work in tasks of its own while nothing is drawn, and then calls `onDone`; not any more once the function that is returned has
 * been called.
 */
function workInSlices(store: DesignStore, work: InSteps<void>, onDone: () => void = () => {}): () => void {
  const goOn = (): void => {
    if (store.getState().isPenDown) return void (timer = setTimeout(goOn, lookMs));
    const until = performance.now() + sliceMs;
    let step = work.next();
    while (step.done !== true && performance.now() < until) step = work.next();
    if (step.done === true) onDone();
    else timer = setTimeout(goOn);
  };
  let timer = setTimeout(goOn);
  return () => clearTimeout(timer);
}

type Card = Pick<DesignState, "design" | "assets" | "arts">;

/** The card, or the one before it until what is seen of it is known; null where that had no photo and this has: it tells nothing of it. */
function usePrepared(now: Card): Card | null {
  const [prepared, setPrepared] = useState(now);
  const store = useDesignStoreApi();
  const isKnown = isPrepared(now.design, now.assets);
  if (isKnown && prepared !== now) setPrepared(now);
  useEffect(() => {
    if (!isKnown) return workInSlices(store, prepareFacts(now.design, now.assets), () => setPrepared(now));
  }, [now, isKnown, store]);
  if (isKnown) return now;
  return photoOf(prepared.design) === null && photoOf(now.design) !== null ? null : prepared;
}

/**
 * Of the photo where it lies, with the light that it had before what is under way. They are found in tasks of their own once the card has
 * been drawn: that may take as long as some frames.
 */
function useFacts(): CardFacts | null {
  const design = useDesignStore((state) => state.design);
  const assets = useDesignStore((state) => state.assets);
  const arts = useDesignStore((state) => state.arts);
  const moving = useDesignStore((state) => state.moving);
  const [rested, setRested] = useState(design);
  if (!moving && rested !== design) setRested(design);
  const { look, ground } = moving ? rested : design;
  const now = useMemo(
    () => ({ design: { ...design, look, ground }, assets, arts }),
    [design, look, ground, assets, arts],
  );
  const card = useDeferredValue(usePrepared(now));
  return useMemo(() => card && factsOf(card.design, card), [card]);
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

/** The checks of the design as it is with their fixes, which stay those of before while the photo moves. */
export function useMendableChecks(): readonly MendableCheck[] {
  const facts = useFacts();
  const product = useDesignStore((state) => state.product);
  const moving = useDesignStore((state) => state.moving);
  return useMendable(facts, product, moving);
}

/** But for that of the sharpness, which is there at once. */
function* searchFixes(
  facts: CardFacts,
  product: Product,
  onFound: (id: DesignCheck["id"], fix: Fix | null) => void,
): InSteps<void> {
  for (const check of checksOf(facts, product)) {
    if (check.id !== "sharpness") onFound(check.id, yield* searchFix(check, facts, product));
  }
}

/**
 * The checks of a card with their fixes, the worst first. But for that of the sharpness the fixes are looked for at rest, and after what
 * asks for them has been drawn: that takes longer than a frame. Until then they are those of before.
 */
export function useMendable(facts: CardFacts | null, product: Product, moving = false): readonly MendableCheck[] {
  const store = useDesignStoreApi();
  const [fixes, setFixes] = useState<Fixes>(new Map());
  useEffect(() => {
    if (moving || facts === null) return;
    const onFound = (id: DesignCheck["id"], fix: Fix | null): void =>
      setFixes((before) => new Map(before).set(id, fix));
    return workInSlices(store, searchFixes(facts, product, onFound));
  }, [facts, moving, product, store]);
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

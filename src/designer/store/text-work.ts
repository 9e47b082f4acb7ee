import type { ImageClient } from "#image/client.ts";
import type { DesignState } from "./design-store.ts";

export type Writer = Pick<ImageClient, "writeText">;

/** What is under way until what was typed, drawn or rubbed out lies on the card. `afterSteps` is for undo and redo. */
export function createTextWork(
  image: Writer | undefined,
): Pick<DesignState, "writeText" | "awaitText" | "untilTextsLie"> & { afterSteps(move: () => void): void } {
  const works = new Set<Promise<unknown>>();
  const steps = new Set<Promise<unknown>>();
  return {
    writeText: image?.writeText ?? refuseText,
    awaitText: (work, isStep = false) => {
      works.add(work);
      if (isStep) steps.add(work);
      const forget = (): void => {
        works.delete(work);
        steps.delete(work);
      };
      work.then(forget, forget);
    },
    untilTextsLie: () => (works.size === 0 ? null : Promise.allSettled(works).then(() => {})),
    afterSteps: (move) => (steps.size === 0 ? move() : void Promise.allSettled(steps).then(move)),
  };
}

function refuseText(): Promise<never> {
  return Promise.reject(new Error("nothing can be written here"));
}

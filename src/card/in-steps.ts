/** Work that may be laid down wherever it yields, and gone on with later: each step takes a few milliseconds at most. */
export type InSteps<Found> = Generator<undefined, Found>;

/** Does all of it at once. */
export function finish<Found>(work: InSteps<Found>): Found {
  let step = work.next();
  while (step.done !== true) step = work.next();
  return step.value;
}

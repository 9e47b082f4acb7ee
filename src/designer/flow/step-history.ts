import type { Flow } from "./flow.ts";
import { type FlowState, isResumed, isReturning } from "./flow-state.ts";

/** How far a step is from the choice of a photo. What was sent has none: nothing lies behind it. */
const depths = { pick: 0, design: 1, preview: 2, sending: 3 } as const;

/** A step as an entry of the browser's history: how far it is, and how far the first one of this visit was. */
interface Entry {
  readonly depth: number;
  readonly first: number;
}

/** The page's history, as far as it is needed. In a frame its entries are the issuer's page's as well. */
export interface PageHistory {
  readonly length: number;
  readonly state: unknown;
  pushState(state: unknown, unused: string): void;
  replaceState(state: unknown, unused: string): void;
  go(delta: number): void;
  /** Calls `onPop` when another entry has become the present one, until the returned function is called. */
  onPop(onPop: () => void): () => void;
}

const pageHistory: PageHistory = {
  get length() {
    return history.length;
  },
  get state() {
    return history.state as unknown;
  },
  pushState: (state, unused) => history.pushState(state, unused),
  replaceState: (state, unused) => history.replaceState(state, unused),
  go: (delta) => history.go(delta),
  onPop: (onPop) => {
    addEventListener("popstate", onPop);
    return () => removeEventListener("popstate", onPop);
  },
};

/** The page around, as far as the designer lies over it: Back gives it back before it leads away from it. */
export interface CoveredPage {
  isTaken(): boolean;
  giveBack(): void;
  readonly state: { subscribe(listener: () => void): () => void };
}

/** A browser that has not gone to an entry by then does not go. */
const goTimeoutMs = 3000;

const isDepth = (value: unknown): value is number => typeof value === "number" && value >= 0 && value <= depths.sending;

function readEntry(state: unknown): Entry | null {
  const { depth, first } = (state as { fullbleed?: Partial<Entry> } | null)?.fullbleed ?? {};
  return isDepth(depth) && isDepth(first) && first <= depth ? { depth, first } : null;
}

/** Where the cardholder is, and null while that is about to change by itself. */
function stepAtRest(state: FlowState): FlowState["step"] | null {
  const isBusy =
    isReturning(state) ||
    (state.step === "pick" && state.opening) ||
    (state.step === "design" && (state.opening || state.renderedFraction !== null));
  return isBusy ? null : state.step;
}

type StepFlow = Pick<
  Flow,
  "state" | "leaveDesign" | "returnToDesign" | "showPreview" | "goBack" | "cancelSending" | "stopOpening"
>;

/** Goes to the step of an entry, as far as there is a way. Nothing is sent by it. */
function goToStep(flow: StepFlow, depth: number): void {
  const readStep = (): FlowState["step"] => flow.state.getState().step;
  if (readStep() === "sending" && depth < depths.sending) return flow.cancelSending();
  if (readStep() === "preview" && depth < depths.preview) flow.goBack();
  if (readStep() === "design" && depth < depths.design) flow.leaveDesign();
  if (readStep() === "pick" && depth > depths.pick) flow.returnToDesign();
  if (readStep() === "design" && depth > depths.design) void flow.showPreview();
}

/** Keeps the entries and the step alike: whichever changes, the other follows. */
class StepHistory {
  readonly #flow: StepFlow;
  readonly #history: PageHistory;
  readonly #covered: CoveredPage | undefined;
  #at: Entry;
  /** The entry that was made here last, and how long the history was then: while that is so, the page around has made none since. */
  #top: { readonly depth: number; readonly length: number };
  /** From here to there no other entry lies between those made here: behind it, to go back would take the page around or another frame along. */
  #lowest: number;
  readonly #waiting: (() => void)[] = [];
  /** While the browser is on its way to an entry. */
  #going: ReturnType<typeof setTimeout> | undefined;

  constructor(flow: StepFlow, pages: PageHistory, covered: CoveredPage | undefined) {
    this.#flow = flow;
    this.#covered = covered;
    this.#history = pages;
    // After a reload it may be there still.
    this.#at = readEntry(pages.state) ?? this.#replace({ depth: 0, first: 0 });
    this.#top = { depth: this.#at.depth, length: pages.length };
    this.#lowest = this.#at.first;
    // What this visit begins with is about to be opened.
    queueMicrotask(() => this.sync());
  }

  /** The step has changed: the entry follows. */
  sync(isResumedNow = false): void {
    const step = stepAtRest(this.#flow.state.getState());
    if (this.#going !== undefined || step === null) return;
    const isTaken = this.#covered?.isTaken() === true;
    // What was gone on with by itself has nothing behind it but the page before.
    if (isTaken && step !== "follow" && this.#at.first > 0) this.#putFirstBehind();
    const { depth, first } = this.#at;
    const wanted = step === "follow" ? first + (isTaken ? 1 : 0) : depths[step];
    if (wanted > depth && isResumedNow && depth === first) this.#replace({ depth: wanted, first: wanted });
    else if (wanted > depth) this.#push(wanted);
    else if (wanted < depth) this.#goBack(wanted);
  }

  /** The entry has changed: the step follows. What cannot be followed is taken back. */
  pop(): void {
    const entry = readEntry(this.#history.state);
    if (entry === null) return;
    this.#at = entry;
    const isOwn = this.#going !== undefined;
    this.#arrive();
    if (!isOwn && this.#isTakenAfterSending()) this.#covered?.giveBack();
    else if (!isOwn) goToStep(this.#flow, entry.depth);
    const state = this.#flow.state.getState();
    // To stop takes its time, in which no other press leads away; where nothing can be found out any more, it may.
    if (state.step !== "sending" || state.unconfirmed !== "unresolved") this.sync();
  }

  stop(): void {
    this.#arrive();
  }

  /** Calls at once, or when the browser has arrived at the entry that it is on its way to. */
  whenArrived(call: () => void): void {
    if (this.#going === undefined) call();
    else this.#waiting.push(call);
  }

  #arrive(): void {
    clearTimeout(this.#going);
    this.#going = undefined;
    for (const call of this.#waiting.splice(0)) call();
  }

  /** Beside what lies there: the frame's nonce, without which it could not be loaded again. */
  #stateOf(fullbleed: Entry): object {
    return { ...(this.#history.state as object | null), fullbleed };
  }

  #isTakenAfterSending(): boolean {
    return this.#flow.state.getState().step === "follow" && this.#covered?.isTaken() === true;
  }

  #putFirstBehind(): void {
    const { depth } = this.#at;
    this.#replace({ depth: 0, first: 0 });
    this.#push(depth);
  }

  #replace(entry: Entry): Entry {
    this.#history.replaceState(this.#stateOf(entry), "");
    return (this.#at = entry);
  }

  #push(depth: number): void {
    const { first, depth: before } = this.#at;
    if (before < this.#lowest || this.#history.length !== this.#top.length) this.#lowest = before;
    for (let next = before + 1; next <= depth; next++) {
      this.#at = { depth: next, first };
      this.#history.pushState(this.#stateOf(this.#at), "");
    }
    this.#top = { depth, length: this.#history.length };
  }

  #goBack(wanted: number): void {
    const { depth, first } = this.#at;
    const replace = (): void => void this.#replace({ depth: wanted, first: Math.min(first, wanted) });
    // Behind an entry of the page around, that would be what is gone back from.
    const isLast = depth === this.#top.depth && this.#history.length === this.#top.length;
    const target = Math.max(wanted, first);
    if (depth === first || !isLast || target < this.#lowest) return replace();
    this.#going = setTimeout(() => {
      this.#arrive();
      replace();
      this.sync();
    }, goTimeoutMs);
    this.#history.go(target - depth);
  }
}

export interface Steps {
  /**
   * Calls at once, or within three seconds, when no way back through the history is under way: if the page around then makes an entry of its
   * own, that is not gone back from.
   */
  whenArrived(call: () => void): void;
  stop(): void;
}

/**
 * Makes each step an entry of the browser's history, so that Back goes one step back and Forward returns, with the design as it is. A
 * step that is left otherwise takes its entry along; from what was sent Back leads to no design. Where the designer lies over the page
 * around, Back gives that back first. Until it is stopped.
 */
export function keepSteps(flow: StepFlow, covered?: CoveredPage, pages: PageHistory = pageHistory): Steps {
  const steps = new StepHistory(flow, pages, covered);
  const stops = [
    flow.state.subscribe((now, before) => {
      const isOther = stepAtRest(now) !== stepAtRest(before);
      // What was gone on with by itself has nothing to go back to.
      if (isOther) steps.sync(isResumed(now, before));
    }),
    pages.onPop(() => steps.pop()),
    ...(covered === undefined ? [] : [covered.state.subscribe(() => steps.sync())]),
  ];
  return {
    whenArrived: (call) => steps.whenArrived(call),
    stop() {
      for (const stop of stops) stop();
      steps.stop();
    },
  };
}

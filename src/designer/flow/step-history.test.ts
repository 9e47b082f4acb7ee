import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { photoOf } from "#design/design.ts";
import { type CoveredPage, keepSteps, type PageHistory, type Steps } from "./step-history.ts";
import { actions, file, rested, submissionOf, Visit, ways } from "./testing/visit.ts";

/** A tab's history, of the page around and of its frame: the entries of both are in one line, and to go is not done at once. */
class Tab implements PageHistory {
  /** The first is that of the page before. */
  readonly entries: { frame: unknown; readonly page: number }[] = [
    { frame: "left", page: 0 },
    { frame: { nonce: "n" }, page: 1 },
  ];
  index = 1;
  onLeft: () => void = () => {};
  readonly #listeners = new Set<() => void>();
  get length(): number {
    return this.entries.length;
  }
  get state(): unknown {
    return this.entries[this.index]?.frame;
  }
  pushState(frame: unknown, _unused = "", page = this.entries[this.index]?.page ?? 0): void {
    this.entries.splice(this.index + 1, Infinity, { frame, page });
    this.index += 1;
  }
  replaceState(frame: unknown): void {
    this.entries[this.index] = { frame, page: this.entries[this.index]?.page ?? 0 };
  }
  /** As the page around makes an entry of its own. */
  pushAround(): void {
    this.pushState(this.state, "", this.entries.length + 1);
  }
  go(delta: number): void {
    queueMicrotask(() => {
      const before = this.state;
      const target = this.index + delta;
      if (target < 0 || target >= this.entries.length) return;
      this.index = target;
      if (this.state !== before) for (const listener of this.#listeners) listener();
    });
  }
  onPop(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  get page(): number {
    return this.entries[this.index]?.page ?? 0;
  }
  get hasLeft(): boolean {
    return this.index === 0;
  }
}

let tab: Tab;
let visit: Visit;
let steps: Steps;
const stop = () => steps.stop();
const step = () => visit.flow.state.getState().step;
/** How many times Back stays in the designer. */
const behind = () => tab.index - 1;
const press = async (delta: number): Promise<void> => {
  tab.go(delta);
  await rested();
};
const run = async (...names: string[]): Promise<void> => {
  for (const name of names) {
    void actions[name]?.(visit);
    await rested();
  }
};
function begin(history = new Tab(), begun = new Visit()): void {
  [tab, visit] = [history, begun];
  steps = keepSteps(visit.flow, undefined, tab);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  begin();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

it("Back goes one step back and Forward returns, and the design is as it was", async () => {
  await run(...ways["to the preview"]);
  expect([step(), behind()]).toEqual(["preview", 2]);
  const { design } = visit.design.getState();
  await press(-1);
  expect(step()).toBe("design");
  await press(-1);
  expect(visit.flow.state.getState()).toEqual({ step: "pick", opening: false, notice: null, hasDesign: true });
  await press(1);
  expect(step()).toBe("design");
  expect(visit.design.getState().design).toBe(design);
  await press(1);
  await run("a picture is made");
  expect([step(), behind(), tab.length]).toEqual(["preview", 2, 4]);
  await press(-3);
  expect(tab.hasLeft).toBe(true);
});

it("a step that is left by a button takes its entry along, and the way on makes no other one", async () => {
  await run(...ways["to the preview"], "go back");
  expect([step(), behind(), tab.length]).toEqual(["design", 1, 4]);
  await run("preview", "a picture is made", "go back", "preview", "a picture is made");
  expect([step(), behind(), tab.length]).toEqual(["preview", 2, 4]);
  await press(-2);
  visit.flow.returnToDesign();
  await rested();
  expect([step(), behind(), tab.length]).toEqual(["design", 1, 3]);
  visit.flow.startOver();
  await rested();
  expect([step(), behind()]).toEqual(["pick", 0]);
  await press(1);
  expect([step(), behind()]).toEqual(["pick", 0]);
});

it("Back stops what is being sent; of what was sent no entry is left, and nothing is sent twice", async () => {
  await run(...ways["to the preview"], "agree", "send");
  await press(-1);
  expect(visit.flow.state.getState()).toMatchObject({ step: "preview", notice: { code: "send-cancelled" } });
  expect(behind()).toBe(2);
  await run("send");
  await run("it arrives");
  expect([step(), behind(), visit.sent.length]).toEqual(["follow", 0, 2]);
  await press(2);
  expect([step(), visit.sent.length]).toEqual(["follow", 2]);
  await press(-2);
  await run("change the design");
  expect([step(), behind()]).toEqual(["design", 1]);
});

it("a preview that Forward cannot show again is taken back to the design", async () => {
  await run(...ways["to the preview"]);
  await press(-1);
  await run("zoom in too far");
  await press(1);
  expect(visit.flow.state.getState()).toMatchObject({ step: "design", notice: { code: "dpi-too-low" } });
  expect(behind()).toBe(1);
});

describe("what the visit begins with", () => {
  const resume = async (): Promise<void> => {
    void visit.flow.resumeDraft();
    await rested();
    visit.endOpening("good");
    await rested();
  };
  const withDraft = async (): Promise<Visit> => {
    const begun = new Visit();
    const { design } = visit.design.getState();
    await begun.drafts.write({ design, photo: { sha256: photoOf(design)?.sha256 ?? "", bytes: file } });
    return begun;
  };

  it("a design that is open again after a rejection has nothing behind it but the page before", async () => {
    stop();
    const { design } = visit.design.getState();
    begin(new Tab(), new Visit(submissionOf("rejected")));
    await visit.drafts.write({ design, photo: { sha256: photoOf(design)?.sha256 ?? "", bytes: file } });
    await resume();
    expect(step()).toBe("design");
    expect(behind()).toBe(0);
    await press(-1);
    expect(tab.hasLeft).toBe(true);
  });

  it("a draft that is gone on with, and a card sent before, have nothing behind them", async () => {
    await run(...ways["to a photo"]);
    begin(new Tab(), await withDraft());
    await resume();
    expect([step(), behind(), tab.length]).toEqual(["design", 0, 2]);
    await run("preview", "a picture is made");
    expect([step(), behind()]).toEqual(["preview", 1]);
    begin(new Tab(), new Visit(submissionOf("approved")));
    await rested();
    expect([step(), behind(), tab.length]).toEqual(["follow", 0, 2]);
  });

  it("after a reload in the preview, Back leads from the design to the choice of a photo", async () => {
    await run(...ways["to the preview"]);
    stop();
    begin(tab, await withDraft());
    await resume();
    expect([step(), behind(), tab.length]).toEqual(["design", 1, 4]);
    await press(-1);
    expect(visit.flow.state.getState()).toMatchObject({ step: "pick", hasDesign: true });
  });
});

it("entries of the page around are never gone back from", async () => {
  await run(...ways["to the preview"]);
  tab.pushAround();
  await run("go back");
  expect([step(), tab.index]).toEqual(["design", 4]);
  await press(-1);
  expect(tab.index).toBe(3);
});

it("nor are those that it, or another designer on it, has made between entries of this one", async () => {
  await run(...ways["to the preview"]);
  tab.pushAround();
  const ofThePage = tab.page;
  await run("go back", "preview", "a picture is made", "agree", "send");
  expect([step(), tab.index]).toEqual(["sending", 6]);
  await run("it arrives");
  expect([step(), tab.page]).toEqual(["follow", ofThePage]);
});

it("nor are those that it makes after Back, or once it has been told of what was sent", async () => {
  await run(...ways["to the preview"]);
  await press(-1);
  tab.pushAround();
  const ofThePage = tab.page;
  visit.flow.startOver();
  await rested();
  expect([step(), tab.page]).toEqual(["pick", ofThePage]);

  begin();
  await run(...ways["to the preview"], "agree", "send");
  visit.flow.state.subscribe(({ step: now }) => {
    if (now === "follow") steps.whenArrived(() => tab.pushAround());
  });
  await run("it arrives");
  // Its own entry lies on the one that the visit began with.
  expect([step(), tab.index, tab.page]).toEqual(["follow", 2, 6]);
});

it("however often Back is pressed until it is known whether a design has arrived, the page is not left", async () => {
  visit.cancelsLate = true;
  await run(...ways["to the preview"], "agree", "send");
  for (let count = 0; count < 5; count++) await press(-1);
  expect([step(), tab.hasLeft]).toEqual(["sending", false]);
  await run("it arrives");
  expect([step(), behind(), visit.sent.length]).toEqual(["follow", 0, 1]);
});

describe("where the designer lies over the page around", () => {
  let isTaken: boolean;
  let tell = (): void => {};
  const state = { subscribe: (listener: () => void) => ((tell = listener), () => {}) };
  const covered: CoveredPage = { isTaken: () => isTaken, giveBack: () => void (isTaken = false), state };
  const turn = async (now: boolean): Promise<void> => {
    isTaken = now;
    tell();
    await rested();
  };
  beforeEach(() => {
    isTaken = true;
    stop();
    [tab, visit] = [new Tab(), new Visit()];
    steps = keepSteps(visit.flow, covered, tab);
  });

  it("Back after a card was sent gives the page back, and only then leads away from it", async () => {
    await run(...ways["to the preview"], "agree", "send");
    await run("it arrives");
    expect([step(), behind()]).toEqual(["follow", 1]);
    await press(-1);
    expect([step(), behind(), isTaken]).toEqual(["follow", 0, false]);
    // As on a phone that is turned: in the page, nothing lies behind it.
    await turn(true);
    expect(behind()).toBe(1);
    await turn(false);
    expect(behind()).toBe(0);
  });

  it("Back from a design that was gone on with by itself leads to the choice of a photo", async () => {
    isTaken = false;
    await run(...ways["to a photo"]);
    tab = new Tab();
    tab.replaceState({ nonce: "n", fullbleed: { depth: 1, first: 1 } });
    steps.stop();
    steps = keepSteps(visit.flow, covered, tab);
    await rested();
    expect([step(), behind()]).toEqual(["design", 0]);
    await turn(true);
    expect([step(), behind()]).toEqual(["design", 1]);
    await press(-1);
    expect(visit.flow.state.getState()).toMatchObject({ step: "pick", hasDesign: true });
    expect(tab.hasLeft).toBe(false);
  });
});

const presses = { back: -1, forward: 1 } as const;
const isPress = (name: string): name is keyof typeof presses => Object.hasOwn(presses, name);

it("whatever is done, entry and step are alike, and no key of the browser changes or sends a design", async () => {
  const depth = { pick: 0, design: 1, preview: 2, sending: 3, follow: 0 } as const;
  const anyName = fc.constantFrom(...Object.keys(actions).filter((name) => !name.includes("hand rests")));
  const anyPart = fc.oneof(
    { weight: 3, arbitrary: anyName.map((name) => [name]) },
    { weight: 3, arbitrary: fc.constantFrom(...Object.keys(presses)).map((name) => [name]) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.values(ways)) },
  );
  const check = async (names: readonly string[]): Promise<void> => {
    begin();
    for (const name of [...ways["to a photo"], ...names]) {
      const [design, sent] = [visit.design.getState().design, visit.sent.length];
      const isMoving = visit.design.getState().moving;
      if (isPress(name)) await press(presses[name]);
      else await run(name);
      if (tab.hasLeft) break;
      expect(tab.state, "the frame can be loaded again").toMatchObject({ nonce: "n" });
      if (isPress(name)) expect(visit.sent.length).toBe(sent);
      if (isPress(name) && !isMoving) expect(visit.design.getState().design).toBe(design);
      const now = visit.flow.state.getState();
      const isBusy = ("opening" in now && now.opening) || ("renderedFraction" in now && now.renderedFraction !== null);
      if (isBusy || now.step === "sending") continue;
      expect(tab.state).toMatchObject({ fullbleed: { depth: depth[now.step] } });
      // Some lie behind that lead nowhere, where it was not sure whose the last one is.
      expect(behind()).toBeGreaterThanOrEqual(depth[now.step]);
    }
    stop();
  };
  await fc.assert(fc.asyncProperty(fc.array(anyPart, { maxLength: 16, size: "max" }), (parts) => check(parts.flat())));
});

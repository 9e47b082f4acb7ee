import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { products } from "#card/products.ts";
import { photoOf, plainGround, samePlacement } from "#design/design.ts";
import { moveBy } from "#design/edits.ts";
import { changePhoto } from "../store/design-store.ts";
import type { PreviewPicture } from "./flow-state.ts";
import type { Notice } from "./notice.ts";
import { actions, file, rested, Visit, ways } from "./testing/visit.ts";

const anyAction = fc.constantFrom(...Object.keys(actions)).map((name) => [name]);
/** What matters most is what happens around a render, so it comes far more often than chance would have it. */
const anyRender = fc
  .tuple(
    fc.subarray(["fit", "turn", "turn the wheel", "the hand rests"]),
    fc.array(anyAction, { maxLength: 3 }),
    fc.constantFrom("a picture is made", "a picture is not made", "stop rendering"),
    fc.constantFrom("a picture is made", "go back"),
  )
  .map(([before, during, end, after]) => [...before, "preview", ...during.flat(), end, after]);
const anyPart = fc.oneof(
  { weight: 6, arbitrary: anyAction },
  { weight: 2, arbitrary: anyRender },
  { weight: 1, arbitrary: fc.constantFrom(...Object.values(ways)) },
);
const anyVisit = fc
  .array(anyPart, { maxLength: 30, size: "max" })
  .map((parts) => [...ways["to a photo"], ...parts.flat()]);

/** The picture on screen belongs to what it was made of, and to what the cardholder saw when it appeared. */
function expectTrue(visit: Visit, before: PreviewPicture | null): PreviewPicture | null {
  const state = visit.flow.state.getState();
  const picture = "picture" in state ? state.picture : null;
  if (picture === null) return null;
  const made = visit.made.get(picture.sha256);
  expect(photoOf(picture.design)?.placement).toBe(made?.placement);
  expect(photoOf(picture.design)?.sha256).toBe(made?.photo.sha256);
  expect(picture.design.ground).toBe(made?.ground);
  if (!picture.transparent) expect(picture.design.ground).toBe(plainGround);
  if (picture !== before && before === null) expect(photoOf(picture.design)?.placement).toBe(visit.shown);
  return picture;
}

function expectNothingUnderWay(visit: Visit): void {
  const state = visit.flow.state.getState();
  if (state.step === "pick" || state.step === "design") expect(state.opening).toBe(false);
  if (state.step === "design") expect(state.renderedFraction).toBeNull();
  expect(state.step).not.toBe("sending");
}

/** Addresses of pictures that were made and not revoked. */
const urls = new Set<string>();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const make = URL.createObjectURL.bind(URL);
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    const url = make(blob);
    urls.add(url);
    return url;
  });
  vi.spyOn(URL, "revokeObjectURL").mockImplementation((url) => void urls.delete(url));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("whatever happens in whatever order", () => {
  it("what is shown, stored and sent is one, all work ends in a state that says so, and each failure is told once", async () => {
    await fc.assert(
      fc.asyncProperty(anyVisit, async (names) => {
        const visit = new Visit();
        const problems = new Set<Notice>();
        visit.flow.state.subscribe((state) => {
          if ("notice" in state && state.notice?.tone === "problem") problems.add(state.notice);
        });
        let picture: PreviewPicture | null = null;
        for (const name of names) {
          void actions[name]?.(visit);
          await rested();
          picture = expectTrue(visit, picture);
        }
        for (const { design, pictureSha256 } of visit.sent) {
          const made = visit.made.get(pictureSha256);
          expect(photoOf(design)?.placement).toEqual(made?.placement);
          expect(photoOf(design)?.sha256).toBe(made?.photo.sha256);
          expect(design.ground).toBe(made?.ground);
        }
        while (visit.working) {
          for (const name of ["a photo opens", "a picture is made", "it is refused"]) actions[name]?.(visit);
          await rested();
        }
        expectNothingUnderWay(visit);
        const told = visit.events.flatMap((event) => (event.type === "problem" ? [event.code] : []));
        expect(told).toEqual([...problems].map(({ code }) => code));
        expect(told, "a render that is ended is no failure").not.toContain("render-failed");
        visit.flow.close();
        await rested();
        const state = visit.flow.state.getState();
        const shown = "picture" in state ? state.picture : null;
        expect([...urls], "pictures that can be shown are that on the screen").toEqual(
          shown === null ? [] : [shown.url],
        );
        expect([...visit.photosOpen], "photos that are open are that on the card").toEqual([
          ...visit.design.getState().assets.keys(),
        ]);
        urls.clear();
      }),
      { numRuns: 300 },
    );
  });
});

async function walk(visit: Visit, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    void actions[name]?.(visit);
    await rested();
  }
}
const now = (visit: Visit) => visit.flow.state.getState();

it("renders what the wheel has on the screen, although it is still turning", async () => {
  const visit = new Visit();
  await walk(visit, ...ways["to a photo"], "turn the wheel");
  const { shown } = visit;
  await walk(visit, "preview", "a picture is made");
  const [made] = visit.made.values();
  expect(samePlacement(made!.placement, shown!)).toBe(true);
  expect(visit.design.getState()).toMatchObject({ moving: false, canUndo: true });
  expect(now(visit).step).toBe("preview");
});

it("makes another picture of another ground, and none of the same; another photo lies on white", async () => {
  const visit = new Visit();
  const grounds = () => [...visit.made.values()].map(({ ground }) => ground);
  await walk(visit, ...ways["to a transparent photo"], "the hand rests", "another ground", "the hand rests");
  await walk(visit, "another ground", "the hand rests", "preview", "a picture is made");
  expect(grounds()).toEqual([plainGround, "#14274e"]);
  expect(now(visit)).toMatchObject({ step: "preview", picture: { transparent: true, design: { ground: "#14274e" } } });
  await walk(visit, "go back", "try a ground", "keep the ground", "undo", "preview", "a picture is made");
  expect(now(visit)).toMatchObject({ picture: { design: { ground: "#14274e" } } });
  await walk(visit, "go back", ...ways["to a photo"], "another ground", "the hand rests");
  expect(grounds().at(-1)).toBe(plainGround);
  expect(visit.design.getState()).toMatchObject({ design: { ground: plainGround } });
  await walk(visit, "undo");
  expect(visit.design.getState()).toMatchObject({ design: { ground: "#14274e" } });
});

it("renders again what is moved while the picture is being made, and stores the placement of the picture sent", async () => {
  const visit = new Visit();
  await walk(visit, ...ways["to a photo"], "preview", "turn the wheel", "a picture is made");
  expect(now(visit)).toMatchObject({ step: "design", renderedFraction: 0 });
  await walk(visit, "a picture is made", "agree");
  // What nobody can see any more, on the way to the server.
  changePhoto(visit.design.getState(), moveBy(9, 9));
  await walk(visit, "send", "it arrives");
  expect(visit.made.size).toBe(2);
  expect(photoOf(visit.sent[0]!.design)?.placement).toEqual([...visit.made.values()][1]?.placement);
});

it("ends and says why when the photo is zoomed in too far while the picture is being made", async () => {
  const visit = new Visit();
  await walk(visit, ...ways["to a photo"], "preview", "turn the wheel too far", "a picture is made");
  const ended = { step: "design", opening: false, renderedFraction: null, notice: { code: "dpi-too-low" } };
  expect(now(visit)).toMatchObject(ended);
  await walk(visit, "fit", "preview", "zoom in too far", "preview");
  expect(now(visit), "asked for once more").toMatchObject(ended);
  expect(visit.renders).toBe(0);
});

it("has the picture ready once the hand has rested, and shows it without making it again, also the second time", async () => {
  const visit = new Visit();
  await walk(visit, ...ways["to a photo"], "zoom in", "the hand rests", "a picture is made");
  expect(now(visit)).toMatchObject({ step: "design", renderedFraction: null });
  await walk(visit, "preview");
  expect(now(visit).step).toBe("preview");
  await walk(visit, "go back", "the hand rests", "preview");
  expect(now(visit).step).toBe("preview");
  expect(visit.made.size).toBe(1);
});

it("takes over the picture that is being made ahead, with how far it is", async () => {
  const visit = new Visit();
  await walk(visit, ...ways["to a photo"], "the hand rests");
  visit.progress(0.5);
  await walk(visit, "preview");
  expect(now(visit)).toMatchObject({ step: "design", renderedFraction: 0.5 });
  await walk(visit, "a picture is made");
  expect([now(visit).step, visit.made.size]).toEqual(["preview", 1]);
});

it("makes nothing ahead while the hand moves, nor of a photo that is too coarse, and ends what is outdated", async () => {
  const visit = new Visit();
  await walk(visit, ...ways["to a photo"], "turn the wheel", "the hand rests");
  expect(visit.renders).toBe(0);
  await walk(visit, "the wheel rests", "the hand rests");
  expect(visit.renders).toBe(1);
  await walk(visit, "zoom in too far", "the hand rests");
  expect(visit.renders).toBe(0);
  await walk(visit, "fit", "the hand rests", "pick a photo");
  expect(visit.renders).toBe(0);
});

it("leaves a gesture one step that goes on while the picture is being made, and renders once what it comes to", async () => {
  const visit = new Visit();
  await walk(visit, ...ways["to a photo"], "zoom in", "preview");
  visit.design.getState().beginGesture();
  for (let tick = 1; tick <= 5; tick += 1) {
    changePhoto(visit.design.getState(), moveBy(tick, 0));
    await rested();
  }
  visit.design.getState().endGesture();
  await walk(visit, "a picture is made", "a picture is made");
  expect([now(visit).step, visit.made.size]).toEqual(["preview", 2]);
  visit.design.getState().undo();
  visit.design.getState().undo();
  expect(visit.design.getState().canUndo).toBe(false);
});

it("tries again what could not be made ahead, and says so only if that fails too", async () => {
  const visit = new Visit();
  await walk(visit, ...ways["to a photo"], "the hand rests", "a picture is not made");
  expect(now(visit)).toMatchObject({ step: "design", notice: null });
  await walk(visit, "preview", "a picture is not made");
  expect(now(visit)).toMatchObject({ step: "design", notice: { code: "out-of-memory" } });
});

it("stops the render when another photo is picked, and its end does not touch that photo", async () => {
  const visit = new Visit();
  await walk(visit, ...ways["to a photo"], "preview");
  expect(visit.renders).toBe(1);
  await walk(visit, "pick a photo");
  expect(visit.renders).toBe(0);
  await walk(visit, "a picture is not made", "a photo opens");
  expect(now(visit)).toEqual({ step: "design", opening: false, renderedFraction: null, notice: null });
});

it("a render that was stopped does not end the one that was asked for right after it", async () => {
  const visit = new Visit();
  await walk(visit, ...ways["to a photo"], "preview");
  visit.flow.stopRendering();
  void visit.flow.showPreview();
  await walk(visit, "a picture is made");
  expect(now(visit).step).toBe("preview");
});

it("an opening that was stopped does not end the one that was begun right after it, and closes its bitmap", async () => {
  const visit = new Visit();
  await walk(visit, "pick a photo");
  visit.flow.stopOpening();
  void visit.flow.openPhoto(file);
  await walk(visit, "a photo opens");
  expect(now(visit)).toMatchObject({ step: "design", opening: false });
});

it("several files at once stop the render as well, and the page keeps saying so until it is dismissed", async () => {
  const visit = new Visit();
  await walk(visit, ...ways["to a photo"], "preview", "drop two files", "a picture is made");
  expect(now(visit)).toMatchObject({ step: "design", renderedFraction: null, notice: { code: "two-files" } });
  await walk(visit, "pick a photo", "drop two files", "a photo opens");
  expect(now(visit)).toMatchObject({ step: "design", opening: false, notice: { code: "two-files" } });
});

it("takes no photo where none is asked for", async () => {
  const visit = new Visit();
  await walk(visit, ...ways["to the preview"], "pick a photo", "a photo opens");
  const { design } = visit.design.getState();
  expect(photoOf(design)).not.toBeNull();
  expect(now(visit)).toMatchObject({ step: "preview", picture: { design } });
});

it("stores the rules that were on screen when they were agreed to, and asks again when the issuer has changed them", async () => {
  const visit = new Visit();
  await walk(visit, ...ways["to the preview"], "agree", "the issuer changes its rules", "send");
  expect(now(visit)).toMatchObject({ step: "preview", agreement: null, remindedTimes: 1 });
  await walk(visit, "agree", "send", "it arrives");
  expect(visit.sent[0]).toMatchObject({ design: { productId: products[0].id }, agreement: { rulesVersion: "11" } });
});

it("sends a rejected design again, unchanged, as another submission and not as a repetition of the first", async () => {
  const visit = new Visit();
  await walk(visit, ...ways["to the preview"], "agree", "send", "it is refused", "send", "it arrives");
  await walk(visit, "change the design", "preview", "a picture is made", "agree", "send");
  await walk(visit, "send all the same", "it arrives");
  const [refused, first, second] = visit.sent;
  expect(visit.sent).toHaveLength(3);
  expect(second?.design).toEqual(first?.design);
  expect(second?.pictureSha256).toBe(first?.pictureSha256);
  expect(first?.key).toBe(refused?.key);
  expect(second?.key).not.toBe(first?.key);
});

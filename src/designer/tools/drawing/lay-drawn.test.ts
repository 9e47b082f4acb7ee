import { expect, it, vi } from "vitest";
import { findElement } from "#design/element-edits.ts";
import type { Drawing } from "#design/elements.ts";
import type { Locks } from "#design/templates/template.ts";
import { layTemplate } from "#design/templates/template-edits.ts";
import { addTemplate } from "#design/templates/templates.ts";
import { landscape } from "#design/testing/arbitrary.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { createDesignStore } from "../../store/design-store.ts";
import { Drawn, listErasable } from "./lay-drawn.ts";
import { draw, drawingsOf, penWith } from "./testing/strokes.ts";

const logo: Drawing = {
  kind: "drawing",
  id: "logo",
  box: { xMm: 0, yMm: 0, widthMm: 20, heightMm: 10, rotationDeg: 0, mirrored: false },
  art: {
    width: 2000,
    height: 1000,
    ops: [{ path: "M0 0L2000 0L2000 1000L0 1000Z", fill: "#123456", rule: "nonzero" }],
  },
};
const across = [
  [{ xMm: -15, yMm: 0 }, null],
  [{ xMm: 15, yMm: 0 }, null],
] as const;

function storeWith(locks: Locks) {
  const ref = { id: "drawn", version: 1, names: { en: "Drawn" } };
  addTemplate({ ...ref, products: [landscape.id], elements: [{ element: logo, locks, prints: true }] });
  const features = { ...landscape.features, drawings: true };
  const ownTemplates = [{ ...ref, address: "/templates/drawn.json" }];
  const store = createDesignStore({ ...landscape, features, ownTemplates });
  store.getState().setPhoto(makeOpenPhoto());
  const template = { ...ref, products: [landscape.id], elements: [{ element: logo, locks, prints: true }] };
  store.getState().edit(layTemplate(template, undefined, () => undefined));
  return store;
}

/** Answers with whether it could be laid. */
function lay(drawn: Drawn, tip: "marker" | "fine"): Promise<boolean> {
  return new Promise((resolve) => drawn.lay(draw(across, penWith(tip)), "#c0272d", resolve));
}

it("a stroke is a drawing of its own where one of the template is selected", async () => {
  const store = storeWith({ move: true, style: true, content: true, remove: true });
  store.getState().select("logo");
  expect(await lay(new Drawn(store), "marker")).toBe(true);
  expect(drawingsOf(store.getState().design).map(({ id }) => id)).toEqual(["logo", "e1"]);
  expect(findElement(store.getState().design, "logo")).toEqual(logo);
});

it("an eraser goes over what the template locks, and takes off what it leaves free and what is the cardholder's", async () => {
  for (const [locks, left] of [
    [{ content: true }, ["e1"]],
    [{ move: true }, ["e1"]],
    [{ style: true }, ["e1"]],
    [{ remove: true }, ["logo", "e1"]],
  ] as const) {
    const store = storeWith(locks);
    const drawn = new Drawn(store);
    await lay(drawn, "fine");
    const erasable = listErasable(store.getState(), { left: -9, top: -1, right: 9, bottom: 1 });
    expect(erasable.map(({ id }) => id)).toEqual(left);
    const [before] = drawingsOf(store.getState().design);
    const isDone = await new Promise((resolve) => drawn.rub(draw(across, penWith("eraser")), resolve));
    expect(isDone).toBe(true);
    const after = drawingsOf(store.getState().design);
    expect(after.map(({ id }) => id)).toEqual(["logo"]);
    expect(after[0] === before).toBe(!(left as readonly string[]).includes("logo"));
  }
});

it("until a stroke lies nothing is sent, and an eraser goes over it as well", async () => {
  const store = createDesignStore({ ...landscape, features: { ...landscape.features, drawings: true } });
  store.getState().setPhoto(makeOpenPhoto());
  const drawn = new Drawn(store);
  const laid = lay(drawn, "fine");
  const rubbed = new Promise((resolve) => drawn.rub(draw(across, penWith("eraser")), resolve));
  const lying = store.getState().untilTextsLie();
  expect(lying).not.toBeNull();
  await lying;
  expect(store.getState().canUndo).toBe(true);
  expect(drawingsOf(store.getState().design)).toEqual([]);
  expect(await Promise.all([laid, rubbed])).toEqual([true, true]);
});

it("undo right after a stroke takes that one back, although it does not lie yet", async () => {
  const store = createDesignStore({ ...landscape, features: { ...landscape.features, drawings: true } });
  store.getState().setPhoto(makeOpenPhoto());
  const drawn = new Drawn(store);
  await lay(drawn, "fine");
  const before = store.getState().design;
  const laid = lay(drawn, "marker");
  store.getState().undo();
  expect(await laid).toBe(true);
  await expect.poll(() => store.getState().design).toBe(before);
  store.getState().redo();
  expect(drawingsOf(store.getState().design)[0]?.art.ops).toHaveLength(2);
});

it("a stroke that cannot be laid is told, and takes none of the next with it", async () => {
  const reported = vi.fn();
  vi.stubGlobal("reportError", reported);
  const store = createDesignStore({ ...landscape, features: { ...landscape.features, drawings: true } });
  store.getState().setPhoto(makeOpenPhoto());
  const drawn = new Drawn(store);
  const stop = store.subscribe(() => {
    stop();
    throw new Error("a listener's own");
  });
  const told = Promise.all([lay(drawn, "fine"), lay(drawn, "marker")]);
  expect(await told).toEqual([false, true]);
  expect(reported).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});

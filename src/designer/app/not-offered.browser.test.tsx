import { flushSync } from "react-dom";
import { expect, it, vi } from "vitest";
import { Problem } from "#contracts/problem.ts";
import type { SessionView } from "#contracts/session.ts";
import { addElement, newShape } from "#design/element-edits.ts";
import type { DesignerApi } from "../api/client.ts";
import { en } from "../locales/en.ts";
import { makePhoto, mountDesigner, product } from "./testing/mount-designer.tsx";

const session: SessionView = {
  sessionId: "s1",
  productId: product.id,
  locale: "en",
  issuerName: "Harbour Bank",
  submission: null,
  features: { shapes: false },
};

const press = async (name: string): Promise<void> => {
  const find = (): HTMLElement | undefined =>
    [...document.querySelectorAll<HTMLElement>("button, label")].find(
      (each) => each.textContent === name && each.closest("[inert]") === null,
    );
  await expect.poll(find, { message: name }).toBeDefined();
  flushSync(() => find()?.click());
};

it("what is not offered any more when the design is sent is taken off with one press, and the rest is sent", async () => {
  const storeDesign = vi.fn<DesignerApi["storeDesign"]>();
  storeDesign.mockRejectedValueOnce(new Problem("not-offered")).mockResolvedValue({ designSha256: "d".repeat(64) });
  const designer = mountDesigner({ api: { storeDesign, readSession: () => Promise.resolve(session) } });
  try {
    await designer.flow.openPhoto(await makePhoto(1400, 900));
    const { design, edit } = designer.design.getState();
    edit(addElement(newShape("heart", "#ff0000", design, product)));
    await press(en["design.next"]);
    await press(en["preview.agree"]);
    await press(en["preview.send"]);
    await press(en["notice.not-offered.take-off"]);
    const { elements } = storeDesign.mock.calls[0]![0];
    expect(elements).toHaveLength(2);
    await expect
      .poll(() => document.querySelector("main")?.textContent)
      .toContain(en["notice.elements-left-out.title"]);
    expect(designer.events).toContainEqual(expect.objectContaining({ type: "problem", code: "not-offered" }));
    const tabs = [...document.querySelectorAll("fieldset label")].map(({ textContent }) => textContent);
    expect(tabs).toContain(en["design.tab.stickers"]);
    expect(tabs, "nothing more of it can be added").not.toContain(en["design.tab.shapes"]);
    await press(en["design.next"]);
    await press(en["preview.agree"]);
    await press(en["preview.send"]);
    await expect.poll(() => storeDesign.mock.calls.length).toBe(2);
    expect(storeDesign.mock.calls[1]![0].elements).toEqual(elements.filter(({ kind }) => kind === "photo"));
  } finally {
    designer.unmount();
  }
});

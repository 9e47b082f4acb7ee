import type { Locator, Page } from "@playwright/test";
import { cutOutPhoto, photographPath } from "./support/photos.ts";
import { judgeNewestPicture, setSwitches } from "./support/platform.ts";
import { expect, test } from "./support/test.ts";

declare global {
  interface Window {
    /** What had the focus before the last Tab. */
    tabbedFrom?: Element | null;
  }
}

/** Presses Tab and waits until the focus has moved: into another frame, which is another process, it does so later. */
async function pressTab(page: Page, key: string): Promise<void> {
  const remember = () => {
    const focused = document.hasFocus() ? document.activeElement : null;
    window.tabbedFrom = focused?.localName === "iframe" ? null : focused;
  };
  await Promise.all(page.frames().map((frame) => frame.evaluate(remember)));
  await page.keyboard.press(key);
  const isLeft = () =>
    window.tabbedFrom === null || !document.hasFocus() || document.activeElement !== window.tabbedFrom;
  const areLeft = () => Promise.all(page.frames().map((frame) => frame.evaluate(isLeft)));
  await expect.poll(areLeft).not.toContain(false);
}

/** The ring that shows where the focus is, on the element itself or on the label around it, and that nothing docked lies over it. */
async function expectFocusSeen(page: Page): Promise<void> {
  const isSeen = async () => {
    const seen = await Promise.all(
      page.frames().map((frame) =>
        frame.evaluate(() => {
          const focused = document.activeElement;
          if (!document.hasFocus() || focused === null || focused.localName === "iframe") return null;
          const ringed = [focused, focused.closest("label")].some((element) => {
            if (element === null) return false;
            const { outlineStyle, outlineWidth, opacity } = getComputedStyle(element);
            return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2 && Number(opacity) > 0;
          });
          if (!ringed) return `no ring: ${focused.outerHTML.slice(0, 200)}`;
          const whole = focused.closest("label") ?? focused;
          const { left, top, width, height } = whole.getBoundingClientRect();
          const seen = document.elementFromPoint(left + width / 2, top + height / 2);
          return whole.contains(seen) ? "ring" : `under ${seen?.outerHTML.slice(0, 200)}`;
        }),
      ),
    );
    return seen.find((each) => each !== null);
  };
  await expect.poll(isSeen).toBe("ring");
}

/** Presses Tab until `target` has the focus; every stop on the way shows its focus. */
async function tabTo(page: Page, target: Locator, { most = 25, key = "Tab" } = {}): Promise<void> {
  for (let press = 0; press < most; press++) {
    await pressTab(page, key);
    await expectFocusSeen(page);
    if (await hasFocus(target)) return;
  }
  throw new Error(`${most} times ${key} did not reach ${target.toString()}`);
}

async function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === document.activeElement && document.hasFocus());
}

async function press(page: Page, key: string, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await page.keyboard.press(key);
}

test("Tab goes through the frame and out again, both ways, and is nowhere caught", async ({ bank, page }) => {
  await bank.open();
  const first = bank.designer.getByRole("button", { name: "Drop your photo here" });
  const choose = bank.designer.getByRole("button", { name: "Choose a photo", exact: true });
  const bare = bank.designer.getByRole("button", { name: "Start without a photo" });
  const last = bank.designer.getByRole("button", { name: "Open a saved design" });
  const before = page.getByRole("radio", { name: "Landscape" });
  const behind = page.locator("summary");

  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Go to the card designer" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(first).toBeFocused();
  for (const [key, stops] of [
    ["Tab", [choose, bare, last, behind]],
    ["Shift+Tab", [last, bare, choose, first, before]],
    ["Tab", [first]],
  ] as const) {
    for (const stop of stops) {
      await page.keyboard.press(key);
      await expect(stop).toBeFocused();
      await expectFocusSeen(page);
    }
  }

  await bank.pick(photographPath("march-pastoral"));
  await expect(bank.designer.getByRole("heading", { name: "Make it yours" })).toBeFocused();
  await expect(bank.card).toBeVisible();
  await tabTo(page, behind);
  await tabTo(page, before, { key: "Shift+Tab" });
});

test("the whole way without a pointer, and what a screen reader hears on it", async ({ bank, demo, page }) => {
  const { designer, card } = bank;
  const said = designer.getByRole("status").locator("p").last();
  const button = (name: string) => designer.getByRole("button", { name, exact: true });
  const heading = (name: string) => designer.getByRole("heading", { name, level: 1 });
  const field = (name: string) => designer.getByRole("spinbutton", { name });

  await test.step("a photo through the file dialog", async () => {
    await bank.open();
    // Asked for early: the frame's process has to hear that a dialog is caught before it opens one.
    const dialog = page.waitForEvent("filechooser");
    await tabTo(page, button("Choose a photo"));
    await page.keyboard.press("Enter");
    await (await dialog).setFiles(await cutOutPhoto("png"));
    await expect(heading("Make it yours")).toBeFocused();
  });

  await test.step("zoom, move and turn on the card", async () => {
    await expect(card).toBeVisible();
    await tabTo(page, card);
    await expect(card).toHaveAccessibleDescription(/Arrow keys move the photo by 1 millimetre, with Shift by 5/);
    await press(page, "+", 8);
    await expect(said).toHaveText(/^Zoom 148%\. Covers the card\. \d+ dpi\. Will print slightly soft\./);
    // One press: how many are said together depends on how fast they come.
    await press(page, "ArrowRight", 1);
    await expect(said).toHaveText(/^Photo 1 mm right\. Covers the card\. \d+ dpi\. Will print slightly soft\./);
    await press(page, "Shift+ArrowUp", 1);
    await expect(said).toHaveText(/^Photo 5 mm up\. /);
    await press(page, "]", 4);
    await expect(said).toHaveText(/^Turned to 4 degrees\. /);
    await press(page, "Shift+ArrowLeft", 12);
    await expect(said).toHaveText(/ left\. |cannot go further/);
  });

  await test.step("undo and redo", async () => {
    await press(page, "0", 1);
    await expect(said).toHaveText(/^Turned to 0 degrees\. Zoom 100%\. /);
    await press(page, "Control+z", 1);
    await expect(said).toHaveText(/^Turned to 4 degrees\. Zoom 148%\. /);
    await press(page, "Control+Shift+z", 1);
    await expect(said).toHaveText(/^Turned to 0 degrees\. Zoom 100%\. /);
    await tabTo(page, button("Undo"));
    await press(page, "Space", 1);
    await expect(said).toHaveText(/^Turned to 4 degrees\. Zoom 148%\. /);
  });

  await test.step("another background, since the photo lets it through", async () => {
    await tabTo(page, designer.getByRole("radio", { name: "White" }));
    await press(page, "ArrowRight", 3);
    await expect(designer.getByRole("radio", { name: "Black" })).toBeFocused();
    await expect(said).toHaveText(/^Background: Black\./);
    await tabTo(page, designer.getByLabel("Other colour"));
  });

  await test.step("numbers", async () => {
    await tabTo(page, designer.getByRole("radio", { name: "Photo" }), { key: "Shift+Tab" });
    await press(page, "ArrowRight", 1);
    await expect(designer.getByRole("radio", { name: "Adjust" })).toBeFocused();
    await tabTo(page, designer.getByRole("slider", { name: "Turn" }));
    await press(page, "ArrowLeft", 8);
    await expect(field("Turn")).toHaveValue("0.0");
    await press(page, "ArrowRight", 2);
    await expect(field("Turn")).toHaveValue("1.0");
    for (const [name, typed] of [
      ["Turn", "-3.5"],
      ["Across", "1.5"],
      ["Down", "-2.0"],
    ] as const) {
      await tabTo(page, field(name));
      await page.keyboard.type(typed);
      await page.keyboard.press("Enter");
      await expect(field(name)).toHaveValue(typed);
    }
    await expect(said).toHaveText(/ mm up\. Covers/);
    await press(page, "ArrowUp", 1);
    await expect(field("Down")).toHaveValue("-1.9");
    await expect(said).toHaveText(/^Photo 0\.1 mm down\. /);
    await tabTo(page, designer.getByRole("checkbox", { name: "Show cutting edge and safe area" }));
    await page.keyboard.press("Space");
    await expect(designer.getByRole("checkbox")).toBeChecked();
  });

  await test.step("too far: the way on says why", async () => {
    await tabTo(page, field("Zoom"), { key: "Shift+Tab" });
    await page.keyboard.type("400");
    await page.keyboard.press("Enter");
    await tabTo(page, button("See the print preview"));
    await expect(button("See the print preview")).toHaveAccessibleDescription(/Too blurry to print.*at least 150/s);
    await page.keyboard.press("Enter");
    await expect(said).toHaveText(/Too blurry to print/);
    // Its words, and then its button.
    await expect(designer.locator("[data-tone=problem] button").first()).toBeFocused();
    await tabTo(page, button("Fix: zoom out until it prints well"), { most: 1 });
    await page.keyboard.press("Enter");
    await expect(said).toHaveText(/^Zoom \d+%\. Covers the card\. 150 dpi\. Will print slightly soft\./);
  });

  await test.step("preview, and no sending without agreement", async () => {
    await tabTo(page, button("See the print preview"));
    await page.keyboard.press("Enter");
    await expect(heading("Check your card")).toBeFocused();
    await tabTo(page, button("Send my design"));
    await page.keyboard.press("Enter");
    const box = designer.getByRole("checkbox", { name: /My picture follows these rules/ });
    await expect(box).toBeFocused();
    await expect(box).toHaveAccessibleDescription(/Please tick the box first/);
    await expect(designer.getByRole("alert")).toHaveText(/Please tick the box first/);
    await page.keyboard.press("Space");
    await expect(box).toBeChecked();
  });

  await test.step("send and follow", async () => {
    await setSwitches(demo, { review: { mode: "manual" } });
    await tabTo(page, button("Send my design"));
    await page.keyboard.press("Enter");
    await expect(heading("Your picture is being checked")).toBeFocused();
    await judgeNewestPicture(demo, { decision: "accept" });
    await setSwitches(demo, { review: { mode: "accept" } });
    await expect(said).toHaveText(/^Approved\. It’s yours\. /);
    await expect(heading("Approved. It’s yours")).toBeFocused();
  });
});

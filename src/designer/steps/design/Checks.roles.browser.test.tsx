import { createRoot } from "react-dom/client";
import { expect, it, onTestFinished } from "vitest";
import { page } from "vitest/browser";
import { findProduct } from "#card/products.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { TextProvider } from "../../locales/text.tsx";
import { createDesignStore } from "../../store/design-store.ts";
import { DesignStoreProvider } from "../../store/use-design-store.tsx";
import { Checks } from "./Checks.tsx";
import { makePhoto } from "./canvas/testing/photo.ts";

it("the checks are a list with as many items as there are, each with its words and what mends it", async () => {
  await page.viewport(1280, 800);
  const store = createDesignStore(findProduct("photo-fine")!);
  const colours = { columns: 1, rows: 1, rgba: Uint8ClampedArray.of(255, 255, 255, 255) };
  store.getState().setPhoto({ ...(await makePhoto()), widthPx: 4000, heightPx: 3000, colours });
  const host = document.body.appendChild(document.createElement("div"));
  const root = createRoot(host);
  onTestFinished(() => {
    root.unmount();
    host.remove();
  });
  root.render(
    <TextProvider locale={chooseLocale("en")}>
      <DesignStoreProvider store={store}>
        <Checks onMark={() => {}} />
      </DesignStoreProvider>
    </TextProvider>,
  );
  const checks = page.getByRole("group", { name: "How your card will print" });
  const items = checks.getByRole("list").getByRole("listitem");
  await expect
    .poll(() => items.elements().map((item) => item.querySelector("strong")?.textContent))
    .toEqual(["The lettering is hard to read", "Large parts are plain white", "Prints sharp"]);
  const [first] = items.all();
  await expect.element(first!.getByRole("button", { name: /^The lettering is hard to read/ })).toBeVisible();
  await expect.element(first!.getByRole("button", { name: /^Fix: lay a veil behind/ })).toBeVisible();
  expect(checks.getByRole("group").elements(), "groups without a name").toEqual([]);
});

import { createRoot } from "react-dom/client";
import { afterEach, expect, it, vi } from "vitest";
import { page } from "vitest/browser";
import { findProduct } from "#card/products.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { TextProvider } from "../../locales/text.tsx";
import { createDesignStore } from "../../store/design-store.ts";
import { DesignStoreProvider } from "../../store/use-design-store.tsx";
import { Checks } from "./Checks.tsx";
import { makePhoto } from "./canvas/testing/photo.ts";

const host = document.body.appendChild(document.createElement("div"));
const root = createRoot(host);
afterEach(() => {
  vi.useRealTimers();
  root.unmount();
});

it("says nothing of a photo until it has been looked at, least of all what was true of the card without it", async () => {
  const store = createDesignStore(findProduct("photo-landscape")!);
  root.render(
    <TextProvider locale={chooseLocale("en")}>
      <DesignStoreProvider store={store}>
        <Checks onMark={() => {}} />
      </DesignStoreProvider>
    </TextProvider>,
  );
  const countRows = (): number => host.querySelectorAll("#design-checks > li").length;
  await expect.poll(countRows).toBeGreaterThan(0);
  const colours = { columns: 2, rows: 1, rgba: Uint8ClampedArray.of(20, 60, 20, 255, 90, 20, 20, 255) };
  const photo = { ...(await makePhoto()), widthPx: 3000, heightPx: 2250, colours };
  // It is looked at in tasks of their own.
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  store.getState().setPhoto(photo);
  store.getState().putPen(true);
  await expect.poll(countRows).toBe(0);
  vi.advanceTimersByTime(2000);
  // Nor while somebody draws: the card is another one afterwards. What had been found would be shown by now.
  for (let frame = 0; frame < 10; frame += 1) await new Promise(requestAnimationFrame);
  expect(countRows()).toBe(0);
  store.getState().putPen(false);
  vi.runAllTimers();
  await expect.element(page.getByText("Prints sharp")).toBeInTheDocument();
});

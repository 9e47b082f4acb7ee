import { createRoot, type Root } from "react-dom/client";
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import { page } from "vitest/browser";
import { findProduct, type Product } from "#card/products.ts";
import { addTemplate } from "#design/templates/templates.ts";
import { club } from "#design/templates/testing/club.ts";
import { createImageClient } from "#image/client.ts";
import { chooseLocale } from "../../../locales/locale.ts";
import { TextProvider } from "../../../locales/text.tsx";
import { DesignStep } from "../../../steps/design/DesignStep.tsx";
import { makePhoto } from "../../../steps/design/canvas/testing/photo.ts";
import { createDesignStore, type DesignState, type DesignStore } from "../../../store/design-store.ts";
import { DesignStoreProvider } from "../../../store/use-design-store.tsx";
import { LiveRegion } from "../../../ui/LiveRegion.tsx";
import { keepArts } from "../../load-arts.ts";
import "../../../styles/tokens.css";
import "../../../styles/base.css";

export const plain = findProduct("photo-landscape")!;
const { id, version, names } = club;
export const product: Product = {
  ...plain,
  features: { ...plain.features, templates: true },
  ownTemplates: [{ id, version, names, address: "/templates/club.json" }],
};
export const client = createImageClient();
afterAll(() => client.close());

let root: Root;
/** Those of the test that runs. */
export let store: DesignStore;
export let host: HTMLElement;

export async function show(loadTemplate: DesignState["loadTemplate"], language = "en", shown = product): Promise<void> {
  store = createDesignStore(shown, client, loadTemplate);
  keepArts(store);
  store.getState().setPhoto(await makePhoto());
  root.render(
    <TextProvider locale={chooseLocale(language)}>
      <LiveRegion />
      <DesignStoreProvider store={store}>
        <DesignStep isShown onPreview={() => {}} onPickAnother={() => {}} />
      </DesignStoreProvider>
    </TextProvider>,
  );
}

export async function open(loadTemplate: DesignState["loadTemplate"] = async () => addTemplate(club)): Promise<void> {
  await show(loadTemplate);
  const tab = radio("Templates");
  await expect.element(tab).toBeInTheDocument();
  press(tab.element());
  await expect.element(radio("None")).toBeVisible();
}

export const press = (element: Element): void => (element as HTMLElement).click();
export const radio = (name: string) => page.getByRole("radio", { name, exact: true });
export const announced = (): string => host.querySelector("[role=status] > p:last-child")?.textContent ?? "";

export async function choose(name: string, template: string): Promise<void> {
  press(radio(name).element());
  await expect.poll(() => store.getState().design.template?.id).toBe(template);
}

/** What the stage shows at a point, in mm from the card's centre: of photo and ground, or of what lies on them. */
export function pixelAt(of: "photo" | "elements", xMm: number, yMm: number): number[] {
  const canvases = host.querySelectorAll<HTMLCanvasElement>("[role=application] canvas");
  const canvas = canvases[of === "photo" ? 0 : 1]!;
  const pxPerMm = canvas.width / ((plain.widthPx / plain.dpi) * 25.4);
  const [x, y] = [canvas.width / 2 + xMm * pxPerMm, canvas.height / 2 + yMm * pxPerMm];
  return [...canvas.getContext("2d")!.getImageData(Math.round(x), Math.round(y), 1, 1).data];
}

beforeEach(async () => {
  await page.viewport(1280, 900);
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
});
/** The page is loaded again. */
export function remount(): void {
  root.unmount();
  root = createRoot(host);
}

afterEach(() => {
  root.unmount();
  host.remove();
});

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { expect } from "vitest";
import type { Placement } from "#card/placement.ts";
import { bleedSizeMm, type Product } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import { chooseLocale } from "../../../../locales/locale.ts";
import { TextProvider } from "../../../../locales/text.tsx";
import "../../../../styles/tokens.css";
import "../../../../styles/base.css";
import { type PointMm, zoomTo } from "#design/edits.ts";
import type { OpenPhoto } from "#image/client.ts";
import { changePhoto, createDesignStore, type DesignStore } from "../../../../store/design-store.ts";
import { DesignStoreProvider } from "../../../../store/use-design-store.tsx";
import { EditableCard } from "../EditableCard.tsx";
import { drawn, sendMouse, sendPen, sendTouch, sendWheel } from "./input.ts";
import { makePhoto } from "./photo.ts";

/** A card on the page and real input on it, in millimetres from its centre. */
export interface MountedCard {
  readonly store: DesignStore;
  readonly host: HTMLElement;
  show(language: string): void;
  surface(): HTMLElement;
  placement(): Placement;
  mouse(type: Parameters<typeof sendMouse>[0], at: PointMm, modifiers?: number): Promise<void>;
  pen(type: Parameters<typeof sendPen>[0], at: PointMm, pressure: number): Promise<void>;
  wheel(at: PointMm, deltaY: number): Promise<void>;
  touch(type: Parameters<typeof sendTouch>[0], fingers: readonly PointMm[], atMs?: number): Promise<void>;
  unmount(): void;
}

/** Mounts the card with a photo at zoom 2 and waits until it is drawn. */
export async function mountCard(product: Product, photo?: OpenPhoto): Promise<MountedCard> {
  const { widthMm, heightMm } = bleedSizeMm(product);
  const host = document.createElement("div");
  host.style.width = "360px";
  document.body.append(host);
  const store = createDesignStore(product);
  store.getState().setPhoto(photo ?? (await makePhoto()));
  changePhoto(store.getState(), zoomTo(2));
  const root = createRoot(host);
  const show = (language: string): void =>
    root.render(
      <StrictMode>
        <TextProvider locale={chooseLocale(language)}>
          <DesignStoreProvider store={store}>
            <EditableCard guidesAlways={false} issuerName="Harbour Bank" />
            <div style={{ blockSize: 2000 }} />
          </DesignStoreProvider>
        </TextProvider>
      </StrictMode>,
    );
  const surface = (): HTMLElement => host.querySelector<HTMLElement>("[role=application]")!;
  /** In the coordinates of real input events: of the page around the test's frame. */
  const onScreen = ({ xMm, yMm }: PointMm): { x: number; y: number } => {
    const box = surface().getBoundingClientRect();
    const frame = window.frameElement?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth, innerHeight);
    const scale = frame.width / innerWidth;
    return {
      x: frame.x + (box.x + (xMm / widthMm + 0.5) * box.width) * scale,
      y: frame.y + (box.y + (yMm / heightMm + 0.5) * box.height) * scale,
    };
  };
  show("en");
  await expect.poll(() => host.querySelector("canvas")).not.toBeNull();
  await drawn();
  return {
    store,
    host,
    show,
    surface,
    placement: () => photoOf(store.getState().design)!.placement,
    mouse: (type, at, modifiers) => sendMouse(type, onScreen(at), modifiers),
    pen: (type, at, pressure) => sendPen(type, onScreen(at), pressure),
    wheel: (at, deltaY) => sendWheel(onScreen(at), deltaY),
    touch: (type, fingers, atMs) => sendTouch(type, fingers.map(onScreen), atMs),
    unmount: () => {
      root.unmount();
      host.remove();
    },
  };
}

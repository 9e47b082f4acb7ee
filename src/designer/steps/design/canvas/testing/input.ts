import { cdp } from "vitest/browser";

/** In pixels of the page around the test's frame. */
interface PointPx {
  readonly x: number;
  readonly y: number;
}

/** Two frames: the change is drawn in the first. */
export async function drawn(): Promise<void> {
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
}

export async function sendMouse(
  type: "mousePressed" | "mouseMoved" | "mouseReleased",
  at: PointPx,
  modifiers = 0,
): Promise<void> {
  const button = { button: "left", buttons: 1, clickCount: 1 } as const;
  await cdp().send("Input.dispatchMouseEvent", { type, ...at, ...button, modifiers });
}

/** `pressure` from 0 to 1. */
export async function sendPen(
  type: "mousePressed" | "mouseMoved" | "mouseReleased",
  at: PointPx,
  pressure: number,
): Promise<void> {
  const pen = { button: "left", buttons: 1, clickCount: 1, pointerType: "pen", force: pressure } as const;
  await cdp().send("Input.dispatchMouseEvent", { type, ...at, ...pen });
}

/** `atMs`: when it happened, on the clock of `performance.now()`, however long the machine takes to send it. */
export async function sendTouch(
  type: "touchStart" | "touchMove" | "touchEnd" | "touchCancel",
  fingers: readonly PointPx[],
  atMs = performance.now(),
): Promise<void> {
  const timestamp = (performance.timeOrigin + atMs) / 1000;
  const touchPoints = fingers.map((at, id) => ({ ...at, id }));
  await cdp().send("Input.dispatchTouchEvent", { type, touchPoints, timestamp });
  await drawn();
}

export async function sendWheel(at: PointPx, deltaY: number): Promise<void> {
  await cdp().send("Input.dispatchMouseEvent", { type: "mouseWheel", ...at, deltaX: 0, deltaY });
}

export async function key(name: string, code: string, modifiers = 0): Promise<void> {
  const common = { key: name, code, modifiers };
  await cdp().send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...common });
  await cdp().send("Input.dispatchKeyEvent", { type: "keyUp", ...common });
}

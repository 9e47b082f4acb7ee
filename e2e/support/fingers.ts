import type { CDPSession, Page } from "@playwright/test";

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Real touch points, as the browser gets them from a screen. Page coordinates in CSS pixels. */
export class Fingers {
  readonly #session: CDPSession;
  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async on(page: Page): Promise<Fingers> {
    return new Fingers(await page.context().newCDPSession(page));
  }

  /** Puts the fingers down at the first points of their paths, moves all along them together, and lifts them. */
  async move(...paths: readonly (readonly [from: Point, to: Point])[]): Promise<void> {
    const steps = 12;
    const at = (fraction: number) =>
      paths.map(([from, to], id) => ({
        id,
        x: from.x + (to.x - from.x) * fraction,
        y: from.y + (to.y - from.y) * fraction,
      }));
    await this.#touch("touchStart", at(0));
    for (let step = 1; step <= steps; step++) await this.#touch("touchMove", at(step / steps));
    await this.#touch("touchEnd", []);
  }

  /** Two quick taps at the same place. All at once: on a busy machine one after the other may not be quick. */
  async doubleTap(point: Point): Promise<void> {
    const tap = () => [this.#touch("touchStart", [{ id: 0, ...point }]), this.#touch("touchEnd", [])];
    await Promise.all([...tap(), ...tap()]);
  }

  async #touch(type: "touchStart" | "touchMove" | "touchEnd", touchPoints: (Point & { id: number })[]): Promise<void> {
    await this.#session.send("Input.dispatchTouchEvent", { type, touchPoints });
  }
}

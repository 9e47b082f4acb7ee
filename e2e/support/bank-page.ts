import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { expect, type FrameLocator, type Locator, type Page, type Request } from "@playwright/test";
import { bleedSizeMm, findProduct, type Product } from "#card/products.ts";
import { languageOf } from "#contracts/locale.ts";
import { type Photo, photoOf } from "#design/design.ts";
import { ar } from "#designer/locales/ar.ts";
import { de } from "#designer/locales/de.ts";
import { en } from "#designer/locales/en.ts";
import { es } from "#designer/locales/es.ts";
import { fr } from "#designer/locales/fr.ts";
import { createFileReader } from "#server/upload/form-file.ts";
import { type StoredDesign, storedDesign, type TestDemo } from "./stored-design.ts";

const texts = { en, de, fr, es, ar };

/** What left the browser and is kept by the server. */
export interface SentCard extends StoredDesign {
  /** SHA-256 of the picture in hexadecimal, as the worker made it. */
  readonly sha256: string;
}

/** The same of a card with a photo. */
export interface Sent extends SentCard {
  readonly photo: Photo;
}

/** A number field of the Adjust panel. */
export type NumberFieldName = "Zoom" | "Turn" | "Across" | "Down";

/** The demo bank's page and the designer inside it, driven as a cardholder would. Texts are the English ones. */
export class BankPage {
  readonly page: Page;
  readonly demo: TestDemo;
  readonly designer: FrameLocator;
  /** The card on which the photo is moved. */
  readonly card: Locator;
  readonly #root: Locator;
  product: Product = requireProduct("photo-landscape");
  /** The bank's address. */
  readonly #url: string;
  readonly #frame: Locator;

  /** `place` is what the designer's frame lies in, where the page has more than one. */
  constructor(page: Page, demo: TestDemo, url = demo.bankUrl, place = "body") {
    this.page = page;
    this.demo = demo;
    this.#url = url;
    this.#frame = page.locator(`${place} iframe`);
    this.designer = this.#frame.contentFrame();
    this.#root = this.designer.locator("html");
    this.card = this.designer.getByRole("application");
  }

  /** Opens the bank's page and waits until the designer asks for a photo. */
  async open({ productId = "photo-landscape", locale = "en" } = {}): Promise<void> {
    this.product = requireProduct(productId);
    const query = new URLSearchParams({ product: this.product.id, locale });
    await this.page.goto(`${this.#url}/?${query}`);
    const name = texts[languageOf(locale) as keyof typeof texts]["pick.title"];
    await expect(this.designer.getByRole("heading", { name, level: 1 })).toBeVisible();
    await expect(this.designer.locator("input[type=file]").first()).toBeAttached();
    // An emulated scale stays outside a frame that is another process; the browser's own (playwright.config.ts) does not.
    const scaleOf = (place: Locator) => place.evaluate(() => devicePixelRatio);
    const pageScale = await scaleOf(this.page.locator("html"));
    expect(await scaleOf(this.designer.locator("html")), "the scale of the screen in the frame").toBe(pageScale);
  }

  /** Picks files as the browse dialog would. */
  async pick(...files: (string | { name: string; mimeType: string; buffer: Buffer })[]): Promise<void> {
    const input = this.designer.locator("input[type=file]:not([capture])").first();
    await input.setInputFiles(files as never);
  }

  /** Picks the first photo and waits until it lies on the card. */
  async place(photo: Parameters<BankPage["pick"]>[0]): Promise<void> {
    await expect(this.card, "there is no photo on the card yet").toHaveCount(0);
    await this.pick(photo);
    await expect(this.card).toBeVisible();
    const { width, height } = this.page.viewportSize() ?? { width: Infinity, height: Infinity };
    // On a phone it comes to lie over the page.
    if (width < 600 || height < 480) await expect(this.#root).toHaveAttribute("data-layout", "full");
  }

  /** Drops files on the designer as from a file manager. */
  async drop(...paths: string[]): Promise<void> {
    const files = await Promise.all(
      paths.map(async (path) => ({ name: basename(path), base64: (await readFile(path)).toString("base64") })),
    );
    const target = this.designer.getByRole("main");
    const transfer = await target.evaluateHandle(async (_element, list) => {
      const data = new DataTransfer();
      for (const { name, base64 } of list) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], name, { type: "image/jpeg" }));
      }
      return data;
    }, files);
    for (const type of ["dragenter", "dragover", "drop"]) await target.dispatchEvent(type, { dataTransfer: transfer });
  }

  /** Pastes a text, or a picture that was copied. */
  async paste(copied: string | { name: string; buffer: Buffer }): Promise<void> {
    const file = typeof copied === "string" ? null : { name: copied.name, base64: copied.buffer.toString("base64") };
    const text = typeof copied === "string" ? copied : null;
    await this.designer.getByRole("main").evaluate(
      (main, { text, file }) => {
        const clipboardData = new DataTransfer();
        if (text !== null) clipboardData.setData("text/plain", text);
        if (file !== null) {
          const bytes = Uint8Array.from(atob(file.base64), (letter) => letter.charCodeAt(0));
          clipboardData.items.add(new File([bytes], file.name, { type: "image/png" }));
        }
        main.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
      },
      { text, file },
    );
  }

  /** CSS pixels of the page per millimetre of the card, and where the card's centre is. */
  async cardOnScreen(): Promise<{ x: number; y: number; pxPerMm: number }> {
    await this.atRest();
    await this.card.scrollIntoViewIfNeeded();
    const box = await this.card.boundingBox();
    if (box === null) throw new Error("the card is not on the screen");
    return {
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
      pxPerMm: box.width / bleedSizeMm(this.product).widthMm,
    };
  }

  /** Drags the photo with the mouse. */
  async dragMm(xMm: number, yMm: number): Promise<void> {
    const { x, y, pxPerMm } = await this.cardOnScreen();
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + xMm * pxPerMm, y + yMm * pxPerMm, { steps: 8 });
    await expect(this.card, "the photo is held").toHaveAttribute("data-moving", "true");
    await this.page.mouse.up();
    await expect(this.card, "the photo is let go").toHaveAttribute("data-moving", "false");
  }

  numberField(name: NumberFieldName): Locator {
    return this.designer.getByRole("spinbutton", { name });
  }

  /**
   * Selects what is in a number field, types over it and presses Enter. With keys, as a person does: what Firefox's protocol
   * fills in by itself is set by script, which React does not hear of.
   */
  async typeNumber(name: NumberFieldName, text: string): Promise<void> {
    const field = this.numberField(name);
    await field.press("ControlOrMeta+a");
    await this.page.keyboard.type(text);
    await expect(field).toHaveValue(text);
    await field.press("Enter");
  }

  /** Turns, zooms and moves by the numbers in the Adjust panel, which stand there afterwards. */
  async adjust(values: Partial<Record<NumberFieldName, number>>): Promise<void> {
    await this.check(this.designer.getByRole("radio", { name: "Adjust" }));
    const entries = Object.entries(values) as [NumberFieldName, number][];
    for (const [name, value] of entries) await this.typeNumber(name, String(value));
    for (const [name, value] of entries) {
      await expect(this.numberField(name)).toHaveValue(value.toFixed(name === "Zoom" ? 0 : 1));
    }
  }

  /** Presses a button of the designer. */
  async press(name: string): Promise<void> {
    await this.pressButton(this.designer.getByRole("button", { name }));
  }

  /** Again if it was not hit: for a moment the browser itself looks for a frame that has moved where it was. */
  async pressButton(button: Locator): Promise<void> {
    await expect(button).toBeVisible();
    let heard = async (): Promise<boolean> => false;
    await expect(async () => {
      // A busy page may tell of it later.
      if (await heard()) return;
      await this.atRest();
      heard = await listenForClick(button);
      await button.click();
      await expect.poll(heard, { message: "the button was hit", timeout: 20_000 }).toBe(true);
    }).toPass({ timeout: 180_000 });
  }

  /** Ticks a box or chooses one of several. */
  async check(box: Locator): Promise<void> {
    await expect(box).toBeVisible();
    await this.atRest();
    await box.check();
  }

  /**
   * Waits until the frame stands still. In the page it grows and shrinks with its content, and what is pressed on the page goes
   * where the frame was a moment ago.
   */
  async atRest(): Promise<void> {
    const isWhole = (html: HTMLElement): boolean =>
      html.dataset["layout"] === "full" || html.scrollHeight <= innerHeight;
    await expect.poll(() => this.#root.evaluate(isWhole)).toBe(true);
    const frame = await this.#frame.elementHandle();
    if (frame === null) throw new Error("the designer is not on the page");
    await frame.waitForElementState("stable");
  }

  /** As the browser's own button does; Playwright's would wait for a page to be loaded. */
  async goBack(): Promise<void> {
    await this.page.evaluate(() => void setTimeout(() => history.back()));
  }

  async goForward(): Promise<void> {
    await this.page.evaluate(() => void setTimeout(() => history.forward()));
  }

  async preview(): Promise<void> {
    await this.press("See the print preview");
    await expect(this.designer.getByRole("heading", { name: "Check your card" })).toBeVisible();
  }

  async agree(): Promise<void> {
    await this.check(this.designer.getByRole("checkbox", { name: /My picture follows these rules/ }));
  }

  /**
   * Agrees and sends, and says so once more where it is `same`: the picture that was rejected. Answers with what left the browser once
   * the server has acknowledged it.
   */
  async send(options: { readonly same?: boolean } = {}): Promise<Sent> {
    const sent = await this.sendCard(options);
    const photo = photoOf(sent.design);
    if (photo === null) throw new Error(`no photo lies on the card of the picture ${sent.sha256}`);
    return { ...sent, photo };
  }

  /** The same of any card. */
  async sendCard({ same = false } = {}): Promise<SentCard> {
    await this.agree();
    const post = this.page.waitForRequest((request) => isSubmission(request));
    await this.press("Send my design");
    if (same) await this.press("Send it all the same");
    const sha256 = readPictureDigest(await post);
    const answer = await (await post).response();
    expect(answer?.status()).toBe(202);
    return { ...storedDesign(this.demo, sha256), sha256 };
  }

  async expectHeading(name: string | RegExp): Promise<void> {
    await expect(this.designer.getByRole("heading", { name })).toBeVisible();
  }

  /** On the screen; the live region may say the same. */
  async expectSentence(text: string | RegExp): Promise<void> {
    await expect(this.designer.getByRole("main").getByText(text)).toBeVisible();
  }

  /** Nothing in the designer can be pressed but what copies the reference: the cardholder has nothing to do. */
  async expectNothingToDo(): Promise<void> {
    await expect(this.designer.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
    await expect(this.designer.getByRole("main").locator("button:not(code + button)")).toHaveCount(0);
  }
}

function isSubmission(request: Request): boolean {
  return request.method() === "POST" && request.url().endsWith("/submissions");
}

/** The picture that leaves with this request, taken out of its form; null where it is no submission. */
export function readPicture(request: Request): Buffer | null {
  const body = isSubmission(request) ? request.postDataBuffer() : null;
  if (body === null) return null;
  const reader = createFileReader(request.headers()["content-type"]);
  const picture = Buffer.concat(reader.push(body));
  reader.end();
  return picture;
}

/** SHA-256 of the picture that a submission carries, in hexadecimal. */
export function readPictureDigest(submission: Request): string {
  const digest = submission.headers()["picture-digest"];
  const [, base64] = /^sha-256=:([^:]+):$/.exec(digest ?? "") ?? [];
  if (base64 === undefined) throw new Error(`the picture left with the digest ${digest}`);
  return Buffer.from(base64, "base64").toString("hex");
}

/**
 * Answers whether the button has been clicked since, or the one that has taken its place, as when a skeleton goes. A page that
 * the click has loaded anew has heard it.
 */
async function listenForClick(button: Locator): Promise<() => Promise<boolean>> {
  const heard = await button.evaluateHandle((element) => {
    const now = { clicked: false };
    const nameOf = (one: Element): string => one.getAttribute("aria-label") ?? one.textContent;
    const name = nameOf(element);
    const onClick = ({ target }: Event): void => {
      const clicked = target instanceof Element ? target.closest("button, a, [role]") : null;
      if (clicked === element || (clicked !== null && nameOf(clicked) === name)) now.clicked = true;
    };
    element.ownerDocument.addEventListener("click", onClick, { capture: true });
    return now;
  });
  return () =>
    heard
      .evaluate(({ clicked }) => clicked)
      .catch((error: unknown) => {
        if (/context was destroyed|was detached/i.test(String(error))) return true;
        throw error;
      });
}

function requireProduct(productId: string): Product {
  const product = findProduct(productId);
  if (product === undefined) throw new Error(`there is no product ${productId}`);
  return product;
}

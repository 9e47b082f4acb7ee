import type { Page, Route } from "@playwright/test";
import { ar } from "#designer/locales/ar.ts";
import { en } from "#designer/locales/en.ts";
import type { BankPage } from "./bank-page.ts";
import { photographPath } from "./photos.ts";
import { judgeNewestPicture, setSwitches } from "./platform.ts";
import { expect } from "./test.ts";

export type Locale = "en" | "ar";

/** Looks at the screen that is there now. */
export type Visit = (screen: string) => Promise<void>;

const texts = { en, ar } as const;

/**
 * Goes through every screen that a cardholder can meet, from the bank's page, and calls `visit` on each once it stands still.
 * It clicks and waits by the texts of `locale`.
 */
export async function walkScreens(bank: BankPage, locale: Locale, visit: Visit): Promise<void> {
  const walk = new Walk(bank, locale, visit);
  await walk.beforeThePhoto();
  await walk.design();
  await walk.lost();
  await walk.sendAndFollow();
  await walk.rejection();
  await walk.platformsPage();
}

class Walk {
  readonly #bank: BankPage;
  readonly #page: Page;
  readonly #locale: Locale;
  readonly #visit: Visit;
  readonly #texts: Readonly<Record<keyof typeof en, string>>;

  constructor(bank: BankPage, locale: Locale, visit: Visit) {
    this.#bank = bank;
    this.#page = bank.page;
    this.#locale = locale;
    this.#visit = visit;
    this.#texts = texts[locale];
  }

  async beforeThePhoto(): Promise<void> {
    const address = `${this.#bank.demo.bankUrl}/?locale=${this.#locale}`;
    const refuse = (route: Route) =>
      route.fulfill({ status: 403, contentType: "application/problem+json", json: { code: "session-expired" } });
    await this.#held("**/v1/sessions/*/tokens", refuse, async () => {
      await this.#page.goto(address);
      await this.#heading("loading.title");
      await this.#visit("loading");
    });
    await this.#heading("closed.session-ended.title");
    await this.#page.unroute("**/v1/sessions/*/tokens");
    await this.#visit("closed");
    await this.#withoutTheLineTo("**/v1/sessions/*/tokens", address, () => this.#heading("closed.no-connection.title"));
    await this.#visit("closed, no connection");
    await this.#withoutTheLineTo("**/embed/*.js", address, () => this.#page.getByRole("alert").locator("h2").waitFor());
    await this.#visit("the bank's page without the designer");
    await this.#page.goto(`${this.#bank.demo.designerUrl}/frame/nobody?locale=${this.#locale}`);
    await this.#visit("a frame that is not there");

    await this.#bank.open({ locale: this.#locale });
    await this.#heading("pick.title");
    await this.#visit("pick");
    await this.#pickNoPhoto();
    await this.#visit("pick, with a notice");
  }

  async design(): Promise<void> {
    await this.#openPhoto();
    await this.#visit("design, photo");
    await this.#pickNoPhoto();
    await this.#visit("design, with a notice");
    await this.#press("notice.dismiss");
    await this.#check("radio", "design.tab.adjust");
    await this.#check("checkbox", "design.guides");
    await this.#visit("design, adjust, with guides");
    await this.#zoom(140);
    await this.#says("design.check.soft");
    await this.#visit("design, with a warning");
    await this.#preview();
    await this.#says("preview.soft");
    await this.#visit("preview, a little soft");
    await this.#press("preview.back");
    await this.#check("radio", "design.tab.adjust");
    await this.#zoom(300);
    await this.#says("design.check.tooSoft");
    await this.#visit("design, too blurry to print");
    await this.#zoom(100);
  }

  /** The answer gets lost, and so does the session: what has arrived can no longer be asked for. */
  async lost(): Promise<void> {
    const session = /\/v1\/sessions\/[^/]+$/;
    await this.#preview();
    await this.#page.route("**/submissions", (route) => route.fulfill({ status: 409, json: {} }));
    await this.#page.route(session, (route) =>
      route.fulfill({ status: 403, contentType: "application/problem+json", json: { code: "session-expired" } }),
    );
    await this.#send();
    await this.#heading("sending.lost-title");
    await this.#visit("sending, and nobody knows whether it has arrived");
    await this.#page.unroute("**/submissions");
    await this.#page.unroute(session);
  }

  async sendAndFollow(): Promise<void> {
    await this.#bank.open({ locale: this.#locale });
    await this.#bank.place(photographPath("march-pastoral"));
    await setSwitches(this.#bank.demo, { review: { mode: "manual" } });
    await this.#preview();
    await this.#visit("preview");
    await this.#press("preview.send");
    await this.#says("preview.agree-missing");
    await this.#visit("preview, agreement missing");
    await this.#page.route("**/submissions", (route) => route.abort());
    await this.#send();
    // It tries four times, with up to seven seconds between.
    await this.#says("notice.send-no-connection.title", 30_000);
    await this.#visit("preview, the connection broke");
    await this.#page.unroute("**/submissions");
    // Something of this session is being received already, the server says: what has arrived is asked for.
    const inFlight = (route: Route) => route.fulfill({ status: 409, json: {} });
    await this.#held("**/submissions", inFlight, async () => {
      await this.#send();
      await this.#heading("sending.title");
      await this.#visit("sending");
    });
    await this.#heading("sending.checking-title");
    await this.#visit("sending, checking whether it has arrived");
    await this.#page.unroute("**/submissions");
    await this.#heading("follow.title.checking");
    await this.#visit("follow, being checked");
    await judgeNewestPicture(this.#bank.demo, { decision: "accept" });
    await this.#heading("follow.title.approved");
    await expect(this.#bank.designer.getByRole("img", { name: this.#texts["follow.platform-label"] })).toBeVisible();
    await this.#visit("follow, approved");
  }

  /** On the upright card: rejected, then the same design again, whose answer gets lost. */
  async rejection(): Promise<void> {
    await this.#bank.open({ locale: this.#locale, productId: "photo-portrait" });
    await this.#bank.place(photographPath("allium-oreophilum"));
    await this.#visit("design, upright");
    await this.#page.locator("summary").click();
    await this.#page.locator("input[name=product]").first().click();
    await expect(this.#page.getByRole("dialog")).toBeVisible();
    await this.#visit("the bank asks whether to leave");
    await this.#page.getByRole("dialog").getByRole("button").first().click();
    await this.#preview();
    await this.#send();
    await this.#heading("follow.title.checking");
    await judgeNewestPicture(this.#bank.demo, { decision: "reject", code: "SOMETHINGNEW" });
    await this.#heading("follow.title.rejected");
    await this.#says("rejection.other");
    await this.#visit("follow, rejected by the rules");

    await setSwitches(this.#bank.demo, { sendImage: { mode: "code", code: 1, times: 1 } });
    await this.#sendAgain();
    await this.#says("rejection.image");
    await this.#visit("follow, rejected for a reason");

    // The platform keeps its switches: set only when it is back, the server might have been quicker.
    await setSwitches(this.#bank.demo, { sendImage: { mode: "drop" } });
    await this.#bank.demo.processes.platform.kill();
    await this.#sendAgain();
    await this.#heading("follow.title.waiting");
    await this.#visit("follow, waiting");
    await this.#bank.demo.processes.platform.restart();
    // The server's pauses have doubled while the screen was looked at: the next is as long as that took, or twice.
    await this.#heading("follow.title.unknown", 90_000);
    await this.#visit("follow, unknown");
    await setSwitches(this.#bank.demo, { sendImage: { mode: "normal" }, review: { mode: "accept" } });
  }

  async platformsPage(): Promise<void> {
    await this.#page.goto(this.#bank.demo.platformUrl);
    await this.#visit("the platform's page");
  }

  /** The photo waits for a worker that does not come yet. */
  async #openPhoto(): Promise<void> {
    await this.#held(
      "**/assets/worker-*.js",
      (route) => route.continue(),
      async () => {
        await this.#bank.open({ locale: this.#locale });
        await this.#bank.pick(photographPath("march-pastoral"));
        await this.#says("pick.opening");
        await this.#visit("pick, a photo is being opened");
      },
    );
    await expect(this.#bank.card).toBeVisible();
  }

  async #sendAgain(): Promise<void> {
    await this.#press("follow.change");
    await this.#preview();
    await this.#send();
  }

  async #withoutTheLineTo(url: string, address: string, until: () => Promise<void>): Promise<void> {
    await this.#page.route(url, (route) => route.abort());
    await this.#page.goto(address);
    await until();
    await this.#page.unroute(url);
  }

  async #heading(id: keyof typeof en, timeout = 30_000): Promise<void> {
    const heading = this.#bank.designer.getByRole("heading", { level: 1, name: this.#texts[id] });
    await expect(heading).toBeVisible({ timeout });
  }

  async #says(id: keyof typeof en, timeout = 10_000): Promise<void> {
    await expect(this.#bank.designer.getByText(this.#texts[id]).first()).toBeVisible({ timeout });
  }

  async #press(id: keyof typeof en): Promise<void> {
    await this.#bank.pressButton(this.#bank.designer.getByRole("button", { name: this.#texts[id] }).first());
  }

  async #check(role: "radio" | "checkbox", id: keyof typeof en): Promise<void> {
    await this.#bank.check(this.#bank.designer.getByRole(role, { name: this.#texts[id] }));
  }

  async #pickNoPhoto(): Promise<void> {
    await this.#bank.pick({ name: "notes.jpg", mimeType: "image/jpeg", buffer: Buffer.from("Dear diary") });
    await this.#says("notice.not-an-image.title");
  }

  async #zoom(percent: number): Promise<void> {
    const field = this.#bank.designer.getByRole("spinbutton", { name: this.#texts["design.zoom"] });
    await field.fill(String(percent));
    await field.press("Enter");
  }

  async #preview(): Promise<void> {
    await this.#press("design.next");
    await this.#heading("preview.title");
  }

  async #send(): Promise<void> {
    await this.#bank.check(this.#bank.designer.getByRole("checkbox"));
    await this.#press("preview.send");
  }

  /** Keeps the requests to `url` waiting while `look` runs, and does `then` with them afterwards. */
  async #held(url: string, then: (route: Route) => Promise<void>, look: () => Promise<void>): Promise<void> {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await this.#page.route(url, async (route) => {
      await released;
      await then(route);
    });
    await look();
    release();
  }
}

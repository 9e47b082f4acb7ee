import { afterEach, beforeEach, expect, it } from "vitest";
import { products } from "#card/products.ts";
import type { ImageClient } from "#image/client.ts";
import { pageTransport } from "../api/request.ts";
import { createFlowState } from "../flow/flow-state.ts";
import { submissionOf } from "../flow/testing/visit.ts";
import { chooseLocale } from "../locales/locale.ts";
import { createTranslate } from "../locales/text.tsx";
import { studio, type Studio } from "./studio.ts";

const never = new Promise<never>(() => {});
const locale = chooseLocale("en");

let state: ReturnType<typeof createFlowState>;
let image: ImageClient;
let opened: Studio;
let happened: string[];
const onPop = (): void => void happened.push("back");

beforeEach(() => {
  happened = [];
  // Before the designer's own, at which the page is told what waits.
  addEventListener("popstate", onPop);
  state = createFlowState(null);
  image = studio.createImageClient();
  opened = studio.open(
    { product: products[0], issuerName: "Harbour Bank" },
    {
      host: { send: () => {}, onOver: () => {} },
      access: { open: () => never, withToken: () => never },
      transport: pageTransport,
      image,
      emit: () => {},
      state,
      wording: () => ({ t: createTranslate(locale), language: locale.language }),
    },
  );
});
afterEach(() => {
  removeEventListener("popstate", onPop);
  opened.flow.close();
  image.close();
});

const close = async (): Promise<void> => {
  await opened.close(false);
  happened.push("closed");
};
const design = (): void =>
  state.setState({ step: "design", opening: false, renderedFraction: null, notice: null }, true);
/** What was designed is sent: the browser goes back to where the visit began, and the page is told after that. */
const follow = (): void =>
  state.setState(
    { step: "follow", submission: submissionOf("stored"), opening: false, picture: null, notice: null },
    true,
  );

it("a page that closes the designer while the history goes back after sending is answered after what it is told then", async () => {
  design();
  follow();
  await close();
  expect(happened).toEqual(["back", "closed"]);
});

it("so is one that has closed it before", async () => {
  design();
  const closed = close();
  follow();
  await closed;
  expect(happened).toEqual(["back", "closed"]);
});

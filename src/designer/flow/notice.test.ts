import { describe, expect, it } from "vitest";
import { type Product, products } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import type { OpenPhoto } from "#image/client.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { chooseLocale } from "../locales/locale.ts";
import { createTranslate } from "../locales/text.tsx";
import { createDesignStore } from "../store/design-store.ts";
import { noticeOfOpened, noticeValues } from "./notice.ts";

const everyProduct = products.map((product): [string, Product] => [product.id, product]);
const t = createTranslate(chooseLocale("en"));

describe.each(everyProduct)("the sizes that are said for %s", (_, product) => {
  const { width, height, leastWidth, leastHeight } = noticeValues(product);
  const least = `${leastWidth} × ${leastHeight}`;
  const sharp = `${width} × ${height}`;

  it("are the same before a photo is chosen and when one is refused", () => {
    expect(t("notice.photo-too-small.help", noticeValues(product))).toContain(`at least ${least} pixels, either way`);
    expect(t("pick.formats", noticeValues(product))).toContain(`at least ${least} pixels, either way`);
  });

  it("are those that print sharp where a drawing is to be exported", () => {
    expect(t("notice.svg-image.help", noticeValues(product))).toContain(`${sharp} pixels or more prints sharp`);
  });

  it("are said in Arabic too", () => {
    const arabic = createTranslate(chooseLocale("ar-EG-u-nu-latn"));
    const say = (id: "pick.formats" | "notice.photo-too-small.help" | "notice.svg-image.help") =>
      arabic(id, noticeValues(product));
    expect(say("pick.formats")).toContain(least);
    expect(say("notice.photo-too-small.help")).toContain(least);
    expect(say("notice.svg-image.help")).toContain(sharp);
  });

  it("name the resolution that a design is refused below", () => {
    const { refuseBelowDpi } = product;
    expect(t("notice.dpi-too-low.help", noticeValues(product))).toContain(`At least ${refuseBelowDpi} dpi`);
  });
});

describe("what is said of a photo that was opened", () => {
  const open = (change: Partial<OpenPhoto>, turned?: Product) => {
    const photo = makeOpenPhoto(change);
    const store = createDesignStore(products[0]);
    store.getState().setPhoto(photo);
    return noticeOfOpened(photo, photoOf(store.getState().design), products[0], turned);
  };

  it("is that it was turned, whatever else there is to say", () => {
    const note = { code: "photo-turned", tone: "note" };
    expect(open({ widthPx: 500, heightPx: 900 }, products[1])).toEqual(note);
    expect(open({ widthPx: 500, heightPx: 900, firstFrameOnly: true, transparent: true })).toEqual(note);
  });

  it("is that another card fits better, where there is one to have, and the photo is worth it", () => {
    const upright = { widthPx: 3000, heightPx: 4000 };
    expect(open({ ...upright, transparent: true }, products[1])).toEqual({ code: "upright-card-fits", tone: "note" });
    expect(open(upright)).toBeNull();
    expect(open({ widthPx: 4000, heightPx: 3000 }, products[1])).toBeNull();
  });

  it("is nothing when there is nothing", () => {
    expect(open({})).toBeNull();
    expect(open({ firstFrameOnly: true, transparent: true })?.code).toBe("first-frame-only");
    expect(open({ coloursMayDiffer: true, transparent: true })?.code).toBe("colours-may-differ");
    expect(open({ transparent: true })?.code).toBe("transparent-parts");
  });
});

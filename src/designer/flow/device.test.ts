import { expect, test } from "vitest";
import { chooseLocale, loadLocale } from "../locales/locale.ts";
import { createTranslate } from "../locales/text.tsx";
import { products } from "#card/products.ts";
import { readDevice } from "./device.ts";
import { describeNotice, noticeOf } from "./notice.ts";

const safari = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15";
const devices = [
  ["iphone", "an iPhone", `Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) ${safari}`, 5],
  ["iphone", "an iPad", `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${safari}`, 5],
  ["mac", "a Mac", `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${safari}`, 0],
  ["android", "an Android phone", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/124.0.0.0 Mobile", 5],
  ["windows", "Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0", 10],
  ["other", "Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", 0],
] as const;

test.each(devices)("the device is %s on %s", (device, _, userAgent, maxTouchPoints) => {
  expect(readDevice({ userAgent, maxTouchPoints })).toBe(device);
});

test.each(["en", "ar"])(
  "what to do with a format that is not opened is said for the device at hand, in %s",
  async (tag) => {
    const t = createTranslate(await loadLocale(chooseLocale(tag)));
    const { title, help } = describeNotice(noticeOf("jpeg-xl-image"), products[0], t);
    expect(title).toContain("JPEG XL");
    expect(help).toContain(t("advice.other"));
    expect(help).not.toMatch(/[{}]/);
  },
);

import { isRightToLeft, locale } from "./words.js";

/** Has the ways to the designer lead on in the language and with the card that are on, and marks the one that this page is. */
export function leadOn(productId) {
  const here = document.body.dataset.way;
  const current = here === "plain" && isRightToLeft() ? "rtl" : here;
  for (const link of document.querySelectorAll(".ways a")) {
    const { way } = link.dataset;
    const url = new URL(link.href);
    url.searchParams.set("product", productId);
    url.searchParams.set("locale", way === "rtl" ? "ar" : locale());
    link.href = url;
    if (way === current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

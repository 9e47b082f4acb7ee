import { expect, test } from "vitest";
import { frameTitle } from "./frame.ts";

test.each([
  [{}, "Card designer"],
  [{ locale: "en-GB" }, "Card designer"],
  [{ locale: "de-AT" }, "Kartendesigner"],
  [{ locale: "fr" }, "Création de carte"],
  [{ locale: "es-MX" }, "Diseñador de tarjetas"],
  [{ locale: "ar" }, "مصمم البطاقة"],
  [{ locale: "ar-EG" }, "مصمم البطاقة"],
  [{ locale: "AR-eg" }, "مصمم البطاقة"],
  [{ locale: "ar_EG" }, "مصمم البطاقة"],
  [{ locale: "ar-EG-u-nu-latn" }, "مصمم البطاقة"],
  [{ locale: "he" }, "Card designer"],
  [{ locale: "constructor" }, "Card designer"],
  [{ locale: "" }, "Card designer"],
  [{ locale: "ar", title: "Design" }, "Design"],
])("the frame of %j is called %s", (options, title) => {
  expect(frameTitle(options)).toBe(title);
});

import { expect, test } from "vitest";
import { listTextHints } from "./text-hints.ts";

test.each([
  ["a greeting", "Für Zoë, 2026", []],
  ["a date", "24.12.2026", []],
  ["an address", "www.example.com", ["link"]],
  ["a name with an ending", "see example.de", ["link"]],
  ["a short form", "St. Anna", []],
  ["a mail address", "me@example.com", ["link"]],
  ["a telephone number", "0171 234-5678", ["long-number"]],
  ["a card number", "4111 1111 1111 1111", ["card-number"]],
  ["a card number on two lines", "4111 1111\n1111 1111", ["card-number"]],
  ["a card number in other digits", "٤١١١١١١١١١١١١١١١", ["card-number"]],
  ["a price", "5 €", ["currency"]],
  ["a protected name", "Fizz®", ["trademark"]],
  ["a network's name", "My VÍSA", ["brand"]],
  ["a word that holds one", "advisable", []],
])("of %s a reviewer may say: %s", (_, text, hints) => {
  expect(listTextHints(text)).toEqual(hints);
});

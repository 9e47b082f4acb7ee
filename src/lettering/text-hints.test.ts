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
  ["a card number with a space before its second line", "4111 1111 \n1111 1111", ["card-number"]],
  ["a card number with strokes", "4111 / 1111 / 1111 / 1111", ["card-number"]],
  ["a card number with dots in the middle", "4111·1111·1111·1111", ["card-number"]],
  ["a card number with thin spaces", "4111\u20091111\u20091111\u20091111", ["card-number"]],
  ["a card number that begins like a date", "22.23.0000 4841 0010", ["card-number"]],
  ["a card number in pieces like dates", "41.11.1111 11.11.1111", ["card-number"]],
  ["a card number with all that stands beside it", "4111 1111 1111 1111 12/28 123", ["card-number"]],
  ["a card number among more digits", "004111111111111111990", ["card-number"]],
  ["a number like one, but for its check digit", "4111 / 1111 / 1111 / 1112", []],
  ["a number of as many digits that no network begins so", "0000 / 0000 / 0000 / 0000", []],
  ["two dates", "23.11.2026 – 08.12.2026", []],
  ["a telephone number with its country", "+49 (0) 171 / 2345678", ["long-number"]],
  ["a telephone number whose last digit is right for a card", "0171 234-56786", ["long-number"]],
  ["an IBAN of which a piece is right for a card", "DE50 5555 3411 2444 1115 36", ["long-number"]],
  ["a price", "5 €", ["currency"]],
  ["a protected name", "Fizz®", ["trademark"]],
  ["a network's name", "My VÍSA", ["brand"]],
  ["a word that holds one", "advisable", []],
])("of %s a reviewer may say: %s", (_, text, hints) => {
  expect(listTextHints(text)).toEqual(hints);
});

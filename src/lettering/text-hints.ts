import { LinkifyIt } from "linkify-it";
import type { TextHint } from "#contracts/text-hint.ts";
import { holdsCardNumber, holdsLongNumber } from "./card-numbers.ts";

/** Endings beside those of two letters and the oldest: what is often seen, and countries in their own letters. */
const endings = (
  "app blog cloud club dev digital email games info life link live me mobi news online page shop site social space store studio tech today top " +
  "website wiki world xyz bank berlin london paris " +
  "рф рус москва онлайн сайт орг ком дети укр бел срб бг мкд қаз мон ею ελ ευ ישראל קום " +
  "السعودية مصر امارات الاردن المغرب عمان قطر تونس سورية سوريا فلسطين ایران ايران الجزائر العراق عراق بھارت پاکستان پاكستان السودان سودان اليمن " +
  "موريتانيا البحرين مليسيا شبكة موقع بازار كوم همراه भारत नेट संगठन कॉम भारतम् " +
  "中国 中國 公司 网络 網絡 网址 网站 中文网 香港 台灣 台湾 澳門 澳门 新加坡 コム 한국 닷컴 닷넷"
).split(" ");

const links = new LinkifyIt({ fuzzyLink: true }).tlds(endings, true);

const points = /[\u2024\u2e33\u3002\uff0e\uff61]/g;
const unseen = /\p{Default_Ignorable_Code_Point}/gu;

/** As a browser's address line takes it: wide, round and bold letters are plain ones there, and so are the points of other scripts. */
function asAddress(text: string): string {
  return text.replace(unseen, "").normalize("NFKC").replace(points, ".");
}

/** Greek and Cyrillic letters that look like Latin ones, by these. */
const lookalikes = new Map(
  Object.entries({
    a: "АаΑα",
    b: "ВΒ",
    c: "СсϹϲ",
    d: "ԁ",
    e: "ЕеΕ",
    h: "НΗ",
    i: "ІіΙι",
    j: "Јј",
    k: "КкΚκ",
    m: "МΜ",
    n: "Ν",
    o: "ОоΟο",
    p: "РрΡρ",
    s: "Ѕѕ",
    t: "ТтΤτ",
    u: "υ",
    v: "Ѵѵν",
    x: "ХхΧχ",
    y: "УуΥ",
  }).flatMap(([latin, others]) => Array.from(others, (other) => [other, latin] as const)),
);

const brands = [
  String.raw`visa|v([\s.-])i\1s\1a`,
  String.raw`master[\s-]?card`,
  "maestro",
  String.raw`american[\s-]?express`,
  "amex",
  "discover",
  String.raw`union[\s-]?pay`,
  String.raw`diners(?:[\s-]?club)?`,
  "jcb",
  "rupay",
  "paypal",
  String.raw`(?:apple|google)[\s-]?pay`,
].join("|");
// Digits and strokes beside a name do not hide it, and neither do letters that have no Latin ones for neighbours.
const latinBrand = new RegExp(String.raw`(?<!\p{Script=Latin})(?:${brands})(?!\p{Script=Latin})`, "iu");
/** In their own letters, where the word means nothing else. */
const otherBrand =
  /мастеркард|маэстро|ماستر ?كارد|מאסטרקארד|मास्टरकार्ड|银联|銀聯|万事达|萬事達|マスターカード|마스터카드|비자카드|유니온페이/iu;

/** Marks, and letters that look like others, do not hide a name. */
function bareLetters(text: string): string {
  const latin = text.normalize("NFKD").replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, "");
  return latin.replace(/[\p{Script=Greek}\p{Script=Cyrillic}]/gu, (letter) => lookalikes.get(letter) ?? letter);
}

function holdsBrand(text: string): boolean {
  return latinBrand.test(bareLetters(text)) || otherBrand.test(text.replace(unseen, "").normalize("NFKC"));
}

// The signs themselves, and those letters in a circle, raised or in a square.
const trademark =
  /[\u00a9\u00ae\u2117\u2120\u2122\u24b8\u24c7\u24d2\u24e1\u{1f12b}-\u{1f12d}\u{1f16a}-\u{1f16c}]|ᵀᴹ|ˢᴹ/u;

/** What a reviewer may refuse in a text, each once. */
export function listTextHints(text: string): readonly TextHint[] {
  const hasCard = holdsCardNumber(text);
  const found: readonly (readonly [TextHint, boolean])[] = [
    ["link", links.test(asAddress(text))],
    ["card-number", hasCard],
    ["long-number", !hasCard && holdsLongNumber(text)],
    ["currency", /\p{Sc}/u.test(text)],
    ["trademark", trademark.test(text)],
    ["brand", holdsBrand(text)],
  ];
  return found.flatMap(([hint, isFound]) => (isFound ? [hint] : []));
}

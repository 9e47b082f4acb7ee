import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createScrub } from "./scrub.ts";

const scrub = createScrub([]);

describe("of an address no query, fragment or credential stays", () => {
  test.each([
    ["GET /v1/x?a=canary failed", "GET /v1/x?[query] failed"],
    ["https://p.example/GetImage?canary", "https://p.example/GetImage?[query]"],
    ["(see https://p.example/a?k=canary).", "(see https://p.example/a?[query])."],
    ["[/v1/x?k=canary] and '/y?k=canary', then", "[/v1/x?[query]] and '/y?[query]', then"],
    ['{"url":"/x?k=canary","detail":"readable"}', '{"url":"/x?[query]","detail":"readable"}'],
    [
      '{\\"url\\":\\"/x?k=canary\\",\\"detail\\":\\"readable\\"}',
      '{\\"url\\":\\"/x?[query]\\",\\"detail\\":\\"readable\\"}',
    ],
    ["/x?a=1\\u0026k=canary failed", "/x?[query] failed"],
    ["https:\\/\\/p.example\\/x?k=canary", "https:\\/\\/p.example\\/x?[query]"],
    ["<a href=&quot;/x?a=1&amp;k=canary&quot;>more</a>", "<a href=&quot;/x?[query]&quot;>more</a>"],
    ["&lt;url&gt;https://p/x?canary&lt;/url&gt;&lt;b&gt;", "&lt;url&gt;https://p/x?[query]&lt;/url&gt;&lt;b&gt;"],
    ["/login?next=%2Fx%3Fk%3Dcanary", "/login?[query]"],
    ["at /login/%2Fx%3Fk%3Dcanary now", "at /login/%2Fx%3F[query] now"],
    ["https%3A%2F%2Fp.example%2Fx%3Fcanary now", "https%3A%2F%2Fp.example%2Fx%3F[query] now"],
    ["https%253A%252F%252Fp%252Fx%253Fk%253Dcanary", "https%253A%252F%252Fp%252Fx%253F[query]"],
    ["/frame/ses_1#token=canary", "/frame/ses_1#[fragment]"],
    ["/frame/ses_1#Canary-0123456789", "/frame/ses_1#[fragment]"],
    ["/frame/ses_1?Canary-0123456789", "/frame/ses_1?[query]"],
    ["https://p.example/#canary", "https://p.example/#[fragment]"],
    ["postgres://me:canary@db.example:5432/x", "postgres://[secret]@db.example:5432/x"],
    ["?k=canary", "?[query]"],
    ["x?filter[name]=canary", "x?[query]"],
    ["/x?k=isn'tcanary and", "/x?[query] and"],
    ["/x?debug&k=canary", "/x?[query]"],
  ])("%s", (text, expected) => {
    expect(scrub(text)).toBe(expected);
    expect(expected).not.toMatch(/canary/i);
  });
});

/** What errors say, and what looks a little like an address. */
const harmless = [
  String.raw`must match pattern /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/`,
  String.raw`/^http:\/\/localhost(:\d+)?\/(?<path>.*)$/i does not match`,
  String.raw`pattern ^https?://[^/?#]+$ expected`,
  String.raw`/[?&]key=([^&#]*)/.exec(url)`,
  String.raw`/\?token=(.+)/`,
  "/colou?r/ and /a?b/gi",
  "/(?:x|y)?(?=z)(?!w)/",
  "ENOENT: no such file or directory, open '/tmp/is it here?.txt'",
  "at Object.<anonymous> (/app/src/server.ts:10:5)",
  "file:///app/src/server.ts:10:5",
  "see https://www.example.com/docs/a.html, or https://[::1]:8080/x.",
  "Have you looked at https://example.com/docs?",
  "submission sub_1 is unknown; are you sure? yes/no",
  "and/or? either/or!",
  "C# and F#; issue #12; &#39;quoted&#39; &amp; &lt;escaped&gt;",
  "a ? b : c, a ?? b, a?.b, foo?: string",
  "x == y; SELECT * FROM t WHERE a = ? AND b = ?",
  "50% of 3/4 = 37.5%",
  "C:\\data\\fullbleed.sqlite and \\\\server\\share",
  "Bearer token missing; send Authorization: Bearer, followed by the key",
  "cs_1 tok_2 [query] {a: 1}",
];

test("our own tokens and the secrets of webhooks go, wherever they stand", () => {
  expect(
    scrub("a tok_0123456789abcdef, (cs_0123456789abcdef) and secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw+/A=."),
  ).toBe("a [secret], ([secret]) and secret=[secret].");
});

describe("what is no address stays as it is", () => {
  test.each(harmless)("%s", (text) => expect(scrub(text)).toBe(text));

  test("in whatever order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...harmless), { maxLength: 5 }),
        fc.constantFrom(" ", "\n", " | "),
        (texts, gap) => {
          expect(scrub(texts.join(gap))).toBe(texts.join(gap));
        },
      ),
    );
  });

  test("nor does a secret that is not in it change it", () => {
    const other = createScrub(["another-secret-0123456789", 'handover "key" & <more>', "ÄÖÜ-\\\\-secret"]);
    for (const text of harmless) expect(other(text)).toBe(text);
  });
});

describe("a secret survives in no form", () => {
  const value = fc.stringMatching(/^[A-Za-z0-9_.~-]{8,24}$/).filter((text) => !/^\.|\.$/.test(text));
  const word = fc.stringMatching(/^[a-z]{1,6}$/);
  const path = fc.array(word, { maxLength: 4 }).map((parts) => `/${parts.join("/")}`);
  const place = fc.oneof(
    path,
    path.map((one) => `https://p.example:8443${one}`),
    path.map((one) => `HTTP://[::1]${one}`),
    word,
  );
  const written: readonly ((address: string) => string)[] = [
    (address) => address,
    (address) => encodeURIComponent(address),
    (address) => encodeURIComponent(encodeURIComponent(address)),
    (address) => address.replaceAll("/", "\\/"),
    (address) => address.replaceAll("&", "\\u0026").replaceAll("=", "\\u003d"),
    (address) => address.replaceAll("&", "&amp;"),
    (address) => address.replaceAll("=", "&#x3D;").replaceAll("/", "&#x2F;"),
  ];
  const around = fc.constantFrom(
    ["", ""],
    ["(", ")"],
    ["[", "]"],
    ["{url: ", "}"],
    ["'", "'"],
    ['"', '"'],
    ["`", "`"],
    ["<", ">"],
    ['\\"', '\\"'],
    ["&quot;", "&quot;"],
    ["url=", ","],
    ["url:", "."],
  );

  test("in an address, however it is written and whatever stands around it; the words beside it stay", () => {
    fc.assert(
      fc.property(
        place,
        value,
        word,
        word,
        fc.constantFrom("?", "#"),
        fc.constantFrom(...written),
        around,
        fc.boolean(),
        (...given) => {
          const [where, secret, first, second, mark, write, [open, close], isFirst] = given;
          const pairs = isFirst ? `${first}=${secret}&${second}=1` : `${second}=1&${first}=${secret}`;
          const text = scrub(`before ${open}${write(`${where}${mark}${pairs}`)}${close} after`);
          expect(text).not.toContain(secret);
          expect(text).toMatch(/^before .* after$/);
          expect(text).toContain(mark === "?" ? "[query]" : "[fragment]");
        },
      ),
      { numRuns: 1_000 },
    );
  });

  const numeric = (text: string, write: (code: number) => string): string =>
    Array.from(text, (one) => (/[A-Za-z0-9]/.test(one) ? one : write(one.codePointAt(0) ?? 0))).join("");
  const json = (text: string): string => JSON.stringify(text).slice(1, -1);
  const units = (text: string): string =>
    text.replace(/[^A-Za-z0-9]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const xml = (text: string): string =>
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&apos;");
  const forms: Readonly<Record<string, (secret: string) => string>> = {
    plain: (secret) => secret,
    json,
    "json in json": (secret) => json(json(secret)),
    "json of letters only": units,
    percent: encodeURIComponent,
    "percent, lower case": (secret) => encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
    "percent twice": (secret) => encodeURIComponent(encodeURIComponent(secret)),
    form: (secret) => new URLSearchParams({ key: secret }).toString().slice(4),
    "xml element": (secret) => secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    "xml attribute": xml,
    "xml in xml": (secret) => xml(xml(secret)),
    "xml numbers": (secret) => numeric(secret, (code) => `&#${code};`),
    "xml hexadecimal numbers": (secret) => numeric(secret, (code) => `&#x${code.toString(16).toUpperCase()};`),
    "json of xml": (secret) => json(xml(secret)),
    base64: (secret) => Buffer.from(secret).toString("base64"),
    base64url: (secret) => Buffer.from(secret).toString("base64url"),
    "basic credentials": (secret) => Buffer.from(`user:${secret}`).toString("base64"),
    "basic credentials with more": (secret) => Buffer.from(`me:${secret}\n`).toString("base64"),
  };

  const configured = fc.oneof(
    fc.string({ minLength: 8, maxLength: 40 }),
    fc.string({ unit: "grapheme", minLength: 8, maxLength: 40 }),
    fc.constantFrom('handover "canary" & <one> isn\'t', "a\\\\b\\c/d+e=f ?g", "tab\there\nthere"),
  );

  /** Of many issuers. */
  const crowd = Array.from({ length: 600 }, (_, n) => createHash("sha256").update(`${n}`).digest("base64url"));
  const beside = Object.entries({ another: [], "those of many issuers": crowd });
  test.each(
    beside.flatMap(([name, more]) => Object.entries(forms).map(([form, write]) => [form, name, more, write] as const)),
  )("that is configured: %s, beside %s", (_name, _beside, more, write) => {
    fc.assert(
      fc.property(configured, word, (secret, other) => {
        const form = write(secret);
        const text = createScrub([other.repeat(9), secret, ...more])(`before:${form}:after`);
        const core = form.slice(4, -6);
        // A secret such as "        " is in every text.
        fc.pre(new Set(secret).size > 3 && core.length > 3 && !"before::after[secret]".includes(core));
        expect(text).not.toContain(core);
        expect(text).toMatch(/^before:.*:after$/s);
      }),
      { numRuns: 100 },
    );
  });
});

test("the secrets of a thousand issuers cost a text in which there is none next to nothing", () => {
  const secrets = Array.from({ length: 5_000 }, (_, n) => createHash("sha256").update(`${n}`).digest("base64url"));
  const scrubAll = createScrub(secrets);
  expect(scrubAll(`with ${secrets[0] ?? ""} and ${encodeURIComponent(secrets[4_999] ?? "")}`)).toBe(
    "with [secret] and [secret]",
  );
  const line =
    "at async deliver (file:///srv/fullbleed/src/server/delivery/courier.ts:171:5) 42% \\u00e9 &amp; ".repeat(10);
  // A second or so; with one pattern for all, minutes, if it can be made at all.
  for (let n = 0; n < 1_000; n += 1) expect(scrubAll(line)).toBe(line);
});

test("a long text is read in a moment", () => {
  const pieces = [
    "/",
    "?",
    "#",
    "a",
    "a-",
    "%3F",
    "%3A%2F%2F",
    "a://",
    "\\",
    "&amp;",
    "?a=",
    ",",
    "[",
    "'",
    "Bearer ",
    "/a?",
  ];
  const scrubAll = createScrub(["\\\\\\\\secret\\\\\\\\", "aaaaaaaaaaaaaaaab", "////////////////"]);
  // A few hundred milliseconds; what grows with the square takes minutes, and the test ends it.
  for (const piece of pieces) expect(scrubAll(piece.repeat(20_000))).toBeTypeOf("string");
});

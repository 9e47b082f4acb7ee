// What the oldest browsers have, by MDN's browser-compat-data.
import { createRequire } from "node:module";
import { oldestBrowsers } from "./oldest-browsers.mjs";

/** @typedef {import("@mdn/browser-compat-data").CompatData} CompatData */
/** @typedef {import("@mdn/browser-compat-data").CompatStatement} CompatStatement */
/** @typedef {import("@mdn/browser-compat-data").Identifier} Identifier */
/** @typedef {import("@mdn/browser-compat-data").BrowserName} BrowserName */
/** @typedef {import("@mdn/browser-compat-data").SimpleSupportStatement} Support */

/** @type {CompatData} */
export const { api, css, javascript } = createRequire(import.meta.url)("@mdn/browser-compat-data");

/** @type {Readonly<Record<keyof typeof oldestBrowsers, readonly BrowserName[]>>} */
const variants = {
  chrome: ["chrome", "chrome_android"],
  firefox: ["firefox", "firefox_android"],
  safari: ["safari", "safari_ios"],
};

/** @param {string | false} version as in "16.4", "≤37", "preview" @param {string} other */
function isUpTo(version, other) {
  const [major = 0, minor = 0] = String(version).replace("≤", "").split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return major < otherMajor || (major === otherMajor && minor <= otherMinor);
}

/** @param {CompatStatement} compat @param {BrowserName} name @returns {Support[]} without flags and prefixes */
function plainSupport(compat, name) {
  const support = [compat.support[name] ?? []].flat();
  return support.filter((each) => !each.flags && !each.prefix && !each.alternative_name && each.version_added);
}

/**
 * The browsers in whose oldest version this is missing.
 * @param {CompatStatement} compat
 * @param {{ countsPartial?: boolean }} [options] whether what is there in part counts as there
 * @returns {BrowserName[]}
 */
export function listLacking(compat, { countsPartial = true } = {}) {
  return Object.entries(oldestBrowsers).flatMap(([name, version]) =>
    variants[/** @type {keyof typeof oldestBrowsers} */ (name)].filter(
      (variant) =>
        !plainSupport(compat, variant).some(
          ({ version_added: added, version_removed: removed, partial_implementation: isPartial }) =>
            isUpTo(added, version) && !(removed && isUpTo(removed, version)) && (countsPartial || !isPartial),
        ),
    ),
  );
}

/**
 * `there`: in all oldest browsers. `newer`: in one of them not, and by now in two engines or more, so that people use it.
 * `odd`: neither, as what one vendor has alone.
 * @param {CompatStatement | undefined} compat
 * @returns {"there" | "newer" | "odd"}
 */
export function standing(compat) {
  if (compat === undefined) return "odd";
  if (listLacking(compat).length === 0) return "there";
  const engines = /** @type {const} */ (["chrome", "firefox", "safari"]).filter((name) =>
    plainSupport(compat, name).some(({ version_removed: removed }) => !removed),
  );
  return engines.length > 1 && !compat.status?.deprecated ? "newer" : "odd";
}

/** The named parts of an entry. @param {Identifier} entry @returns {[string, Identifier][]} */
export function partsOf(entry) {
  return /** @type {[string, Identifier][]} */ (Object.entries(entry).filter(([name]) => name !== "__compat"));
}

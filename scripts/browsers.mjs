// Where each browser of the tests is, the forward proxy, and what tries the rules for alerts. Read by vitest.config.ts, playwright.config.ts, tests and test.mjs.
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

const require = createRequire(import.meta.url);

/** Debian's own set, the names other systems use after it. */
const systemNames = {
  // The same without windows and menus of its own, which nobody sees here: it takes two thirds of the processor's time.
  chromium: ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
  firefox: ["firefox-esr"],
};

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The first of these programs on PATH, or undefined.
 * @param {readonly string[]} names
 */
function findProgram(names) {
  const folders = (process.env["PATH"] ?? "").split(delimiter).concat("/usr/bin", "/usr/sbin");
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable);
}

/** @param {"chromium" | "firefox" | "webkit"} name */
function findPlaywrightsOwn(name) {
  try {
    const path = require("playwright")[name].executablePath();
    return isExecutable(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Chromium: Playwright's own if it is there, else the system's.
 * @returns {{ executablePath: string } | undefined}
 */
export function findChromium() {
  const path = findPlaywrightsOwn("chromium") ?? findProgram(systemNames.chromium);
  return path === undefined ? undefined : { executablePath: path };
}

/**
 * Chromium without what nobody sees in tests: Playwright's own, which runs so by itself, or the system's.
 * @returns {string | undefined}
 */
export function findChromiumWithoutWindows() {
  return findPlaywrightsOwn("chromium") ?? findProgram(systemNames.chromium.slice(0, 1));
}

/**
 * Firefox: Playwright's own needs no channel; a system's Firefox ESR is driven through `moz-firefox`.
 * @returns {{ executablePath: string, channel?: "moz-firefox" } | undefined}
 */
export function findFirefox() {
  const own = findPlaywrightsOwn("firefox");
  if (own !== undefined) return { executablePath: own };
  const path = findProgram(systemNames.firefox);
  return path === undefined ? undefined : { executablePath: path, channel: "moz-firefox" };
}

/**
 * WebKit: Playwright's own if it is there, else WebKitGTK's MiniBrowser driven by WebKitWebDriver, on a screen of Xvfb's.
 * @returns {{ executablePath: string } | { driver: string, miniBrowser: string, xvfb: string } | undefined}
 */
export function findWebKit() {
  const own = findPlaywrightsOwn("webkit");
  return own === undefined ? findWebKitGtk() : { executablePath: own };
}

function findWebKitGtk() {
  const driver = findProgram(["WebKitWebDriver"]);
  const xvfb = findProgram(["Xvfb"]);
  const miniBrowser = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
    .map((triplet) => `/usr/lib/${triplet}/webkit2gtk-4.1/MiniBrowser`)
    .find(isExecutable);
  if (driver === undefined || xvfb === undefined || miniBrowser === undefined) return undefined;
  return { driver, miniBrowser, xvfb };
}

/**
 * Squid, a forward proxy.
 * @returns {string | undefined}
 */
export function findSquid() {
  return findProgram(["squid"]);
}

/**
 * promtool, Prometheus's own reader of its rules.
 * @returns {string | undefined}
 */
export function findPromtool() {
  return findProgram(["promtool"]);
}

/** Chromium's command line in tests: no traffic of its own; root cannot have a sandbox. */
export function chromiumArguments() {
  const quiet = ["--disable-background-networking", "--disable-component-update", "--no-first-run"];
  return process.getuid?.() === 0 ? ["--no-sandbox", ...quiet] : quiet;
}

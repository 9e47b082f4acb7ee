// Makes the browsers, the proxy and promtool available to the tests: what is missing comes from Debian's packages when this is root's machine.
import { execFileSync } from "node:child_process";
import {
  findChromium,
  findChromiumWithoutWindows,
  findFirefox,
  findPromtool,
  findSquid,
  findWebKit,
} from "./browsers.mjs";
import { Refusal, run, say, step } from "./steps.mjs";

const programs = [
  { name: "Chromium", find: findChromium, packages: [], without: "" },
  { name: "Firefox", find: findFirefox, packages: ["firefox-esr"], without: "its journeys are skipped" },
  { name: "WebKit", find: findWebKit, packages: ["webkit2gtk-driver", "xvfb"], without: "its journeys are skipped" },
  { name: "Squid", find: findSquid, packages: ["squid"], without: "the tests with a forward proxy are skipped" },
  { name: "promtool", find: findPromtool, packages: ["prometheus"], without: "the rules for alerts are not tried" },
];

/** Whether text in Arabic has letters to be drawn with. */
function hasArabicFont() {
  try {
    return execFileSync("fc-list", [":lang=ar", "family"], { encoding: "utf8", timeout: 30_000 }).trim() !== "";
  } catch {
    return false;
  }
}

function canInstallPackages() {
  try {
    execFileSync("apt-get", ["--version"], { stdio: "ignore", timeout: 10_000 });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

/** @param {readonly string[]} packages */
async function installPackages(packages) {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await step(`Installing Debian's packages: ${packages.join(", ")}`, async () => {
    const update = await run("apt-get", ["update"], { env });
    if (update.code !== 0) return update;
    return run("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env });
  });
}

/**
 * Installs what it can and answers the names of what is still missing.
 * Throws a Refusal when there is no Chromium, which most tests need.
 * @returns {Promise<string[]>}
 */
export async function makeBrowsersAvailable() {
  const packages = programs.filter(({ find }) => find() === undefined).flatMap((program) => program.packages);
  // With another Chromium the tests run as well, only longer.
  if (findChromiumWithoutWindows() === undefined) packages.push("chromium-headless-shell");
  if (!hasArabicFont()) packages.push("fonts-noto-core");
  if (packages.length > 0 && canInstallPackages()) await installPackages(packages);
  const missing = programs.filter(({ find }) => find() === undefined);
  const names = missing.map(({ name }) => name);
  if (names.includes("Chromium")) {
    throw new Refusal(
      `The tests need Chromium and found none. On Debian: sudo apt-get install ${packages.join(" ")}. ` +
        "Elsewhere: npx playwright install --with-deps chromium. Then again.",
    );
  }
  for (const { name, without } of missing) say(`! ${name} is not on this machine: ${without}`);
  return names;
}

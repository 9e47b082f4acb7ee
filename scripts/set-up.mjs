// What must be there before anything else runs: the dependencies, and a Node that runs TypeScript and has node:sqlite.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal, root, run, step } from "./steps.mjs";

const neededNode = [22, 18];
/** Enough for the scripts here and for npm, which then bring the other one. */
const neededForSetUp = 20;

/** @typedef {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }>} LockedPackages */

/** @param {string} path @returns {LockedPackages | undefined} */
function readLockedPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules is what package-lock.json says, by npm's own record of what it installed. npm writes that
 * record last, so an installation that was broken off counts as missing.
 * @param {string} folder
 */
export function areDependenciesInstalled(folder) {
  const wanted = readLockedPackages(join(folder, "package-lock.json")) ?? {};
  const installed = readLockedPackages(join(folder, "node_modules", ".package-lock.json"));
  if (installed === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === "" || installed[path]?.version === version) return true;
    // Optional packages are mostly for other systems; npm leaves those out.
    return optional === true && installed[path] === undefined;
  });
}

async function installDependencies() {
  const npm = process.env["npm_execpath"];
  const args = ["ci", "--no-audit", "--no-fund"];
  const install = () => (npm?.endsWith("js") ? run(process.execPath, [npm, ...args]) : run("npm", args));
  const { passed } = await step("Installing the dependencies (npm ci)", install);
  if (!passed) throw new Refusal("The dependencies could not be installed; npm's own words are above.");
}

/** Whether this Node runs everything of ours. @param {string} version as in "v24.21.0" */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace("v", "").split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = neededNode;
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

/** The Node that the lockfile brings on Linux, if it runs on this system. */
function findLockedNode() {
  const path = join(root, "node_modules", ".bin", "node");
  if (process.platform !== "linux" || !existsSync(path)) return undefined;
  try {
    const version = execFileSync(path, ["--version"], { encoding: "utf8", timeout: 10_000 });
    return isNewEnough(version.trim()) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** @returns {string} */
function pickNode() {
  const locked = findLockedNode();
  if (locked !== undefined) return locked;
  if (isNewEnough(process.version)) return process.execPath;
  throw new Refusal(
    `Fullbleed needs Node ${neededNode.join(".")} or newer and this is ${process.version}. ` +
      "On Linux (x64 and arm64, glibc) the dependencies bring one; here, please install Node 24 from https://nodejs.org.",
  );
}

/** @param {string} version as in "v20.0.0" */
export function refuseOldNode(version) {
  if (Number.parseInt(version.replace("v", ""), 10) >= neededForSetUp) return;
  throw new Refusal(
    `Fullbleed's set-up needs Node ${neededForSetUp} or newer and this is ${version}. ` +
      "Please install Node 24 from https://nodejs.org.",
  );
}

/**
 * Does what is missing and says what it does.
 * @returns {Promise<{ node: string }>} the Node to run everything else with
 */
export async function setUp() {
  refuseOldNode(process.version);
  if (process.platform !== "linux") pickNode();
  if (!areDependenciesInstalled(root)) await installDependencies();
  const node = pickNode();
  if (node !== process.execPath && !process.execPath.includes("node_modules")) {
    // A command's own answer, such as JSON, has the standard output for itself.
    console.error(`✓ Using the Node that the lockfile brings, since this one is ${process.version}`);
  }
  return { node };
}

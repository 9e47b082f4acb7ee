// Finds in a style sheet what the oldest browsers do not have.
import { parse } from "postcss";
import { css, listLacking, partsOf } from "./browser-data.mjs";

/** @typedef {import("./browser-data.mjs").Identifier} Identifier */
/** @typedef {import("./newer-scripts.mjs").Finding} Finding */

/** Colours, gradients, mathematical functions and units, wherever the data has them. @type {Map<string, Identifier[]>} */
const types = new Map();

/** @param {Identifier} entry */
function readTypes(entry) {
  for (const [name, part] of partsOf(entry)) {
    types.set(name, [...(types.get(name) ?? []), part]);
    readTypes(part);
  }
}
readTypes(css.types ?? {});

/** @param {Identifier | undefined} entry */
function isMissing(entry) {
  return entry?.__compat !== undefined && listLacking(entry.__compat, { countsPartial: false }).length > 0;
}

/** @param {string} name of a function or unit */
function isMissingType(name) {
  const entries = (types.get(name) ?? []).filter(({ __compat }) => __compat !== undefined);
  return entries.length > 0 && entries.every(isMissing);
}

/** What a browser without it passes over in favour of what stands before it in the same rule. @param {import("postcss").Declaration} declaration */
function hasFallback(declaration) {
  const before = declaration.parent?.nodes.slice(0, declaration.parent.index(declaration)) ?? [];
  const isSame = before.some((node) => node.type === "decl" && node.prop === declaration.prop);
  return isSame && !/var\(/.test(declaration.value);
}

/** @param {import("postcss").Declaration} declaration @returns {string[]} */
function findInDeclaration(declaration) {
  const { prop, value } = declaration;
  // What one engine names for itself, the others pass over.
  if (/^-\w/.test(prop)) return [];
  const property = css.properties?.[prop];
  const siblings = declaration.parent?.nodes ?? [];
  const hasPrefixed = siblings.some((node) => node.type === "decl" && node.prop === `-webkit-${prop}`);
  const found = [];
  if (isMissing(property) && !hasPrefixed) found.push(`the property ${prop}`);
  // Without strings, addresses, the names of custom properties and colours.
  const words = value.replaceAll(/"[^"]*"|'[^']*'|url\([^)]*\)|--[\w-]+|#\w+/g, " ");
  for (const [, name = "", from] of words.matchAll(/([a-z][a-z0-9-]*)\((from )?/g)) {
    const relative = from === undefined ? undefined : css.types?.["color"]?.[name]?.["relative_syntax"];
    if (isMissingType(name) || isMissing(property?.[name]) || isMissing(relative)) found.push(`the function ${name}()`);
  }
  for (const [, unit = ""] of words.matchAll(/(?<![a-z]-)\d([a-z]+)\b/g))
    if (isMissingType(unit)) found.push(`the unit ${unit}`);
  for (const [word] of words.matchAll(/(?<![\w-])[a-z][a-z-]+(?![\w(-])/g)) {
    if (!found.includes(`the property ${prop}`) && isMissing(property?.[word])) found.push(`${prop}: ${word}`);
  }
  return hasFallback(declaration) ? [] : found;
}

/** @param {import("postcss").Rule} rule @returns {string[]} */
function findInSelector({ selector, parent }) {
  if (parent?.type === "atrule" && /** @type {import("postcss").AtRule} */ (parent).name.endsWith("keyframes"))
    return [];
  const isNested = parent?.type === "rule" || selector.includes("&");
  const names = [...selector.matchAll(/::?([a-z][a-z-]*)/g)].map(([, name = ""]) => name);
  const missing = names.filter((name) => css.selectors?.[name] === undefined || isMissing(css.selectors[name]));
  return [...(isNested ? ["nesting"] : []), ...missing.map((name) => `the selector :${name}`)];
}

/** @param {import("postcss").AtRule} rule @returns {string[]} */
function findInAtRule({ name, params, parent }) {
  const entry = css["at-rules"]?.[name];
  const found = entry === undefined || isMissing(entry) ? [`@${name}`] : [];
  if (parent?.type === "rule") found.push("nesting");
  for (const [, feature = ""] of params.matchAll(/\(\s*([a-z-]+)/g)) {
    if (isMissing(entry?.[feature])) found.push(`@${name} (${feature})`);
  }
  if (/[<>]/.test(params) && isMissing(entry?.["range_syntax"])) found.push(`@${name} with < and >`);
  return found;
}

/** @param {import("postcss").Node} node whether a browser is asked first */
function isAsked(node) {
  for (let above = node.parent; above !== undefined; above = above.parent) {
    if (above.type === "atrule" && /** @type {import("postcss").AtRule} */ (above).name === "supports") return true;
  }
  return false;
}

/** @param {string} text @returns {Finding[]} */
export function findNewerInStyles(text) {
  /** @type {Finding[]} */
  const findings = [];
  parse(text).walk((node) => {
    if (isAsked(node)) return;
    const offset = node.source?.start?.offset ?? 0;
    /** @type {string[]} */
    const found = [];
    if (node.type === "decl") found.push(...findInDeclaration(node));
    if (node.type === "rule") found.push(...findInSelector(node));
    if (node.type === "atrule") found.push(...findInAtRule(node));
    findings.push(...found.map((what) => ({ what, offset })));
  });
  return findings;
}

// Finds in a script what the oldest browsers do not have. Types are not known here, so a method is found by its name.
import { parse } from "acorn";
import { api, javascript, partsOf, standing } from "./browser-data.mjs";

/** @typedef {import("./browser-data.mjs").Identifier} Identifier */
/** @typedef {{ type: string, start: number, [field: string]: any }} Node of the syntax tree */
/** @typedef {{ what: string, offset: number }} Finding */

/** Every standing that a name has, in all the places that have it. @typedef {Map<string, Set<ReturnType<typeof standing>>>} Names */

/** @param {Names} names @param {string} name @param {Identifier} entry */
function note(names, name, entry) {
  names.set(name, (names.get(name) ?? new Set()).add(standing(entry.__compat)));
}

/** In no place old enough, and in one of them worth a finding. @param {Names} names @param {string} name */
function isNewer(names, name) {
  const found = names.get(name);
  return found !== undefined && found.has("newer") && !found.has("there");
}

/** `Promise.try`, `CSS.escape`, `navigator.userActivation` @type {Names} */
const statics = new Map();
/** `toSorted`, `checkVisibility` @type {Names} */
const members = new Map();
/** `ImageDecoder`, `requestIdleCallback` @type {Names} */
const globals = new Map();
/** `scrollend` @type {Names} */
const events = new Map();
/** `createImageBitmap.imageOrientation`, `createImageBitmap.imageOrientation.from-image` @type {Names} */
const options = new Map();

/** Interfaces of which there is one object. */
const singles = new Map(
  ["Document", "Navigator", "Location", "History", "Performance", "Screen", "Crypto"].map((name) => [
    name,
    name.toLowerCase(),
  ]),
);

/** @param {string} method @param {Identifier} entry */
function readOptions(method, entry) {
  for (const [part, option] of partsOf(entry)) {
    const [, name] = /^options?_(.*)_parameter$/.exec(part) ?? [];
    if (name === undefined) continue;
    note(options, `${method}.${name}`, option);
    for (const [value, each] of partsOf(option)) note(options, `${method}.${name}.${value}`, each);
  }
}

/** @param {string} owner @param {Identifier} entry @param {boolean} isBuiltin of the language, where statics have no mark */
function readMembers(owner, entry, isBuiltin) {
  for (const [part, member] of partsOf(entry)) {
    const name = part.replace(/_(static|event)$/, "");
    if (name === owner || member.__compat === undefined) continue;
    readOptions(name, member);
    if (part.endsWith("_event")) note(events, name, member);
    else if (/^(Window|WorkerGlobalScope)$/.test(owner)) note(globals, name, member);
    else if (isBuiltin || part.endsWith("_static")) note(statics, `${owner}.${name}`, member);
    if (singles.has(owner)) note(statics, `${singles.get(owner)}.${name}`, member);
    if (!/_(static|event)$/.test(part)) note(members, name, member);
  }
}

for (const [tree, isBuiltin] of /** @type {const} */ ([
  [api, false],
  [javascript.builtins ?? {}, true],
])) {
  for (const [owner, entry] of partsOf(tree)) {
    note(globals, owner, entry);
    if (owner !== "Window") readOptions(owner, entry);
    readMembers(owner, entry, isBuiltin);
    if (owner !== "Intl") continue;
    for (const [part, inside] of partsOf(entry)) readMembers(`Intl.${part}`, inside, true);
  }
}

const iteratorHelpers = new Set(
  partsOf(javascript.builtins?.["Iterator"] ?? {}).flatMap(([name, { __compat }]) =>
    standing(__compat) === "newer" ? name : [],
  ),
);

/** @param {Node | undefined} node @returns {string} a fixed text, which minifiers write as a template; otherwise empty */
function textOf(node) {
  if (node?.type === "TemplateLiteral") return node["expressions"].length === 0 ? node["quasis"][0].value.cooked : "";
  return typeof node?.["value"] === "string" ? node["value"] : "";
}

/** @param {Node} node @returns {string | undefined} the name behind the dot */
function memberName(node) {
  if (node.type !== "MemberExpression") return undefined;
  return (node["computed"] ? textOf(node["property"]) : node["property"].name) || undefined;
}

/** The tree, each node with its parent, from the outside in. @param {Node} node @param {(node: Node, parent: Node) => void} visit */
function walk(node, visit, parent = node) {
  visit(node, parent);
  for (const field of Object.values(node)) {
    for (const each of Array.isArray(field) ? field : [field]) {
      if (typeof each?.type === "string") walk(each, visit, node);
    }
  }
}

/** Names that the script gives to things of its own. @param {Node} tree @returns {Set<string>} */
function listOwnNames(tree) {
  const names = new Set();
  walk(tree, (node) => {
    const { type, key, id, params = [], left } = node;
    if (/^(Property|MethodDefinition|PropertyDefinition)$/.test(type)) names.add(key.name ?? key.value);
    if (/^(VariableDeclarator|FunctionDeclaration|ClassDeclaration)$/.test(type)) names.add(id?.name);
    if (type === "AssignmentExpression" && memberName(left.object ?? left) === "prototype") names.add(memberName(left));
    for (const each of params) names.add(each.name);
  });
  return names;
}

/** @param {Node} node @param {Node} parent whether the name stands for a value here, and none is looked for first */
function isUse(node, parent) {
  if (parent.type === "UnaryExpression" && parent["operator"] === "typeof") return false;
  if (parent.type === "MemberExpression") return parent["object"] === node || parent["computed"];
  return parent["key"] !== node && parent.type !== "LabeledStatement" && parent.type !== "ExportSpecifier";
}

/** @param {Node} node @param {Node} parent @param {Set<string>} own @returns {string | undefined} */
function findInMember(node, parent, own) {
  const name = memberName(node);
  if (name === undefined) return undefined;
  const { object } = node;
  const owner = object.name ?? (memberName(object) && `${object.object.name}.${memberName(object)}`);
  if (/^(window|self|globalThis)$/.test(owner))
    return isNewer(globals, name) && !isGuard(node, parent) ? name : undefined;
  if (statics.has(`${owner}.${name}`) || globals.has(owner)) {
    return isNewer(statics, `${owner}.${name}`) && !isGuard(node, parent) ? `${owner}.${name}` : undefined;
  }
  const isCalled = parent.type === "CallExpression" && parent["callee"] === node && !isGuard(node, parent);
  const isAssigned = parent.type === "AssignmentExpression" && parent["left"] === node;
  if (isCalled && iteratorHelpers.has(name) && isIterator(object)) return `Iterator.${name}`;
  if (own.has(name) || !isNewer(members, name)) return undefined;
  return isCalled || (isAssigned && /^aria|^(inert|popover|role)/.test(name)) ? name : undefined;
}

/** Whether it is only looked whether something is there. @param {Node} node @param {Node} parent */
function isGuard(node, parent) {
  if (node["optional"]) return true;
  if (parent.type === "CallExpression" && parent["callee"] === node) return parent["optional"] === true;
  if (parent.type === "MemberExpression" && parent["object"] === node) return parent["optional"] === true;
  return !/^(VariableDeclarator|CallExpression|NewExpression|Property|ReturnStatement|ArrowFunctionExpression)$/.test(
    parent.type,
  );
}

/** @param {Node} node whether it is the call of a method that answers an iterator; Object.values and its like answer arrays */
function isIterator(node) {
  if (node.type !== "CallExpression") return false;
  const name = memberName(node["callee"]) ?? "";
  return name === "matchAll" || (/^(values|keys|entries)$/.test(name) && node["arguments"].length === 0);
}

/** @param {Node} node a call @returns {string[]} */
function findInCall({ callee, arguments: given }) {
  const name = callee.name ?? memberName(callee);
  if (name === "RegExp" && textOf(given[1]).includes("v")) return ["the flag v of regular expressions"];
  if (name === "addEventListener" && isNewer(events, textOf(given[0]))) return [`the event ${textOf(given[0])}`];
  /** @type {Node[]} */
  const properties = given.flatMap((/** @type {Node} */ each) => each["properties"] ?? []);
  const named = properties.flatMap(({ key, value }) => [
    `${name}.${key?.name}`,
    `${name}.${key?.name}.${textOf(value)}`,
  ]);
  return named.filter((option) => isNewer(options, option)).map((option) => `the option ${option}`);
}

/**
 * @param {string} text
 * @param {5 | 2020 | 2022} ecmaVersion of its syntax
 * @returns {Finding[]}
 */
export function findNewerInScript(text, ecmaVersion = 2022) {
  /** @type {Node} */
  let tree;
  try {
    tree = parse(text, { ecmaVersion, sourceType: ecmaVersion === 5 ? "script" : "module" });
  } catch (error) {
    const { message, pos = 0 } = /** @type {SyntaxError & { pos?: number }} */ (error);
    return [{ what: `syntax newer than ${ecmaVersion}: ${message}`, offset: pos }];
  }
  const own = listOwnNames(tree);
  /** @type {Finding[]} */
  const findings = [];
  walk(tree, (node, parent) => {
    const whats = [
      findInMember(node, parent, own),
      node.type === "Identifier" && isUse(node, parent) && !own.has(node["name"]) && isNewer(globals, node["name"])
        ? node["name"]
        : undefined,
      node.type === "ForOfStatement" && node["await"] ? "for await (a stream is not iterable in Safari)" : undefined,
      ...(/^(Call|New)Expression$/.test(node.type) ? findInCall(node) : []),
    ];
    for (const what of whats) if (what !== undefined) findings.push({ what, offset: node.start });
  });
  return findings;
}

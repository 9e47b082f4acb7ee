import { XMLParser, XMLValidator } from "fast-xml-parser";

export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  /** By their names without prefix. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Its own, with references resolved, without that of its children. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

type Ordered = Record<string, unknown>;

const [textName, cdataName, attributesName] = ["#text", "#cdata", ":@"];

const parser = new XMLParser({
  preserveOrder: true,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: cdataName,
  maxNestedTags: 64,
  // The reply echoes the handover key. It is dropped here, so that nothing after this line can log it.
  updateTag: (name) => (name.toLowerCase() === "handoverkey" ? false : name),
});

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function resolveReferences(text: string): string {
  return text.replaceAll(
    /&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));/gi,
    (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = Number.parseInt(hex ?? decimal ?? "", hex === undefined ? 10 : 16);
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
    },
  );
}

/** A CDATA section's text is a text node of its own, in which nothing is a reference. */
function textOf(nodes: readonly Ordered[], resolveText = resolveReferences): string {
  return nodes
    .map(({ [textName]: text, [cdataName]: section }) => {
      if (typeof text === "string") return resolveText(text);
      return Array.isArray(section) ? textOf(section as Ordered[], (literal) => literal) : "";
    })
    .join("");
}

function toElements(nodes: readonly Ordered[]): XmlElement[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== attributesName);
    if (name === undefined || name === textName || name === cdataName) return [];
    const within = node[name] as Ordered[];
    const attributes = (node[attributesName] ?? {}) as Record<string, string>;
    return [{ name, attributes, text: textOf(within), children: toElements(within) }];
  });
}

/** The text without comments and CDATA sections; undefined when one of them has no end. */
function stripSections(text: string): string | undefined {
  let [kept, at] = ["", 0];
  for (;;) {
    const found = /<!--|<!\[CDATA\[/g;
    found.lastIndex = at;
    const start = found.exec(text);
    if (start === null) return kept + text.slice(at);
    const end = text.indexOf(start[0] === "<!--" ? "-->" : "]]>", found.lastIndex);
    if (end === -1) return undefined;
    kept += text.slice(at, start.index);
    at = end + 3;
  }
}

/** The root of one well-formed document, or why there is none. A document type is refused: without one there is nothing to expand. */
export function parseXml(text: string): XmlElement | "malformed" | "document-type" {
  const bare = stripSections(text);
  if (bare === undefined) return "malformed";
  if (/<!(?:DOCTYPE|ENTITY)/i.test(bare)) return "document-type";
  try {
    if (XMLValidator.validate(text) !== true) return "malformed";
    const [root, ...others] = toElements(parser.parse(text) as Ordered[]);
    return root === undefined || others.length > 0 ? "malformed" : root;
  } catch {
    return "malformed";
  }
}

/** An element and all within it. */
function* walk(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* walk(child);
}

const isNil = ({ attributes }: XmlElement) => /^\s*(?:true|1)\s*$/.test(attributes.nil ?? "");

/** White space of XML, which is less than that of JavaScript. */
export const trimXml = (text: string) => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");

/** Of SOAP encoding (SOAP 1.1, 5.4.1; SOAP 1.2, part 2, 3.1.5): the id of the element that has the value in this one's place. */
function referredId({ attributes, children, text }: XmlElement): string | undefined {
  if (children.length > 0 || trimXml(text) !== "") return undefined;
  return attributes.href?.startsWith("#") ? attributes.href.slice(1) : attributes.ref?.replace(/^#/, "");
}

/**
 * The values of all elements called `name` (in lower case) under `root`, whatever the elements around them are called. Names
 * are compared without regard to case, nil elements do not count, and one that has elements within counts as empty.
 */
export function valuesOf(root: XmlElement, name: string): string[] {
  const all = [...walk(root)];
  const byId = new Map(all.map((element) => [element.attributes.id, element]));
  return all
    .filter((element) => element.name.toLowerCase() === name)
    .map((element) => {
      const id = referredId(element);
      return id === undefined ? element : byId.get(id);
    })
    .filter((element) => element === undefined || !isNil(element))
    .map((element) => (element === undefined || element.children.length > 0 ? "" : trimXml(element.text)));
}

/** An element with its namespace resolved. */
export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  /** Empty when it is in none. */
  readonly namespace: string;
  /** Of the element itself, not of those in it. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** What fast-xml-parser makes of an element when it preserves the order: its name with its content, and `:@`, its attributes. */
type ParsedNode = Readonly<Record<string, unknown>>;

type Prefixes = Readonly<Record<string, string>>;

function declare(inherited: Prefixes, attributes: Readonly<Record<string, string>>): Prefixes {
  const declared = { ...inherited };
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "xmlns") declared[""] = value;
    else if (name.startsWith("xmlns:")) declared[name.slice(6)] = value;
  }
  return declared;
}

/** The elements among the nodes that the parser gave with `preserveOrder` and no attribute prefix. */
export function readElement(nodes: unknown, inherited: Prefixes = {}): XmlElement[] {
  return (nodes as readonly ParsedNode[]).flatMap((node): XmlElement[] => {
    const tag = Object.keys(node).find((key) => key !== ":@" && key !== "#text");
    if (tag === undefined) return [];
    const prefixes = declare(inherited, (node[":@"] ?? {}) as Record<string, string>);
    const [prefix, name] = tag.includes(":") ? (tag.split(":", 2) as [string, string]) : ["", tag];
    const content = node[tag] as readonly ParsedNode[];
    const text = content.map((part) => (typeof part["#text"] === "string" ? part["#text"] : "")).join("");
    return [{ name, namespace: prefixes[prefix] ?? "", text, children: readElement(content, prefixes) }];
  });
}

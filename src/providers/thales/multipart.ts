/** A body or a part of one, with what its header says of it. */
export interface Entity {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** Nobody wraps an envelope more often than that. */
const mostLevels = 3;

/** A parameter of a Content-Type (RFC 9110, 5.6.6) without its quotes, or undefined. `name` is in lower case. */
export function readParameter(contentType: string, name: string): string | undefined {
  for (const [, given = "", value = ""] of contentType.matchAll(/;\s*([^=;\s]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;,\s]*)/g)) {
    if (given.toLowerCase() !== name) continue;
    return value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, "$1") : value.replaceAll("'", "");
  }
  return undefined;
}

/** Of the header's boundary, or else of the first line: a body that begins with two dashes is nothing else. */
function findDelimiter(text: string, contentType: string): string | undefined {
  const isMultipart = /^\s*multipart\//i.test(contentType);
  const boundary = isMultipart ? readParameter(contentType, "boundary") : undefined;
  if (boundary !== undefined && text.includes(`--${boundary}`)) return `--${boundary}`;
  return /^\s*(--[^\s<>]{1,200})[ \t]*\r?\n/.exec(text)?.[1];
}

/** The parts between the delimiters (RFC 2046, 5.1.1), without preamble and epilogue; lines may end without a carriage return. */
function splitParts(text: string, delimiter: string): string[] {
  const parts: string[][] = [];
  for (const line of text.split("\n")) {
    const bare = line.trimEnd();
    if (bare === `${delimiter}--`) break;
    if (bare === delimiter) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts.map((lines) => lines.join("\n").replace(/\r$/, ""));
}

/** RFC 2045, 6.7. */
function decodeQuotedPrintable(text: string): string {
  return text
    .replaceAll(/[ \t]+(?=\r?\n)/g, "")
    .replaceAll(/=\r?\n/g, "")
    .replaceAll(/=([0-9A-Fa-f]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function decodePart(text: string, encoding: string): Uint8Array {
  if (encoding === "base64") return Buffer.from(text, "base64");
  return Buffer.from(encoding === "quoted-printable" ? decodeQuotedPrintable(text) : text, "latin1");
}

interface Part extends Entity {
  readonly id: string;
}

const bareId = (id: string) => id.trim().replace(/^<(.*)>$/, "$1");

function readPart(text: string): Part {
  const [, head = "", body = ""] = /^(?:((?:[^\r\n][^\n]*\n)*))\r?\n([\s\S]*)$/.exec(text) ?? [undefined, "", text];
  const fields = new Map(
    head
      .replaceAll(/\r?\n[ \t]+/g, " ")
      .split(/\r?\n/)
      .map((line): [string, string] => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
      }),
  );
  return {
    bytes: decodePart(body, (fields.get("content-transfer-encoding") ?? "").toLowerCase()),
    contentType: fields.get("content-type") ?? "",
    id: bareId(fields.get("content-id") ?? ""),
  };
}

/**
 * Of a multipart body (MTOM with XOP, SOAP with Attachments) the part that `start` names, or the first (RFC 2387, 3.2); any
 * other body is its own root. Undefined for a multipart body without parts.
 */
export function findRootPart(entity: Entity, levels = mostLevels): Entity | undefined {
  const { bytes, contentType } = entity;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const delimiter = findDelimiter(text, contentType);
  if (delimiter === undefined) return /^\s*multipart\//i.test(contentType) && !/^\s*</.test(text) ? undefined : entity;
  const parts = splitParts(text, delimiter).map(readPart);
  const start = bareId(readParameter(contentType, "start") ?? "");
  const root = parts.find(({ id }) => start !== "" && id === start) ?? parts[0];
  return root === undefined || levels === 0 ? undefined : findRootPart(root, levels - 1);
}

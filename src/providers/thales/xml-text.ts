import { TextDecoder } from "node:util";
import { type Entity, readParameter } from "./multipart.ts";

/** Written before an XML declaration by some, although it has to come first. */
const utf8Mark = "ï»¿";

/** Text without what stands before the XML declaration or the first element: byte order marks, white space and comments. */
export function stripBefore(text: string, mark = "\uFEFF"): string {
  let rest = text;
  for (;;) {
    rest = rest.trimStart();
    if (rest.startsWith(mark)) rest = rest.slice(mark.length);
    else if (rest.startsWith("<!--") && rest.includes("-->")) rest = rest.slice(rest.indexOf("-->") + 3);
    else return rest;
  }
}

/** By the byte order mark, or by where the zero of its first character is (XML 1.0, appendix F): no other encoding has one there. */
function sniffEncoding([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return "utf-16be";
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return "utf-16le";
  return undefined;
}

function readDeclaredEncoding(bytes: Buffer): string | undefined {
  const declaration = /^<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/;
  return declaration.exec(stripBefore(bytes.toString("latin1"), utf8Mark))?.[1];
}

/** UTF-16 would have shown itself by its zeros: who declares it and sends none has written the declaration before encoding. */
function createDecoder(label: string | undefined): TextDecoder | undefined {
  if (label === undefined || /^(?:utf-?16|unicode|ucs-?2|iso-10646-ucs-2)/i.test(label)) return undefined;
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}

/**
 * An XML body as text, without what is before its first tag. Which encoding: a byte order mark says it, else the Content-Type's
 * charset, else the XML declaration (RFC 7303, 3), else it is UTF-8; one that is not known counts as none.
 */
export function decodeXml({ bytes, contentType }: Entity): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sniffed = sniffEncoding(buffer);
  const decoder =
    sniffed === undefined
      ? (createDecoder(readParameter(contentType, "charset")) ?? createDecoder(readDeclaredEncoding(buffer)))
      : new TextDecoder(sniffed);
  return stripBefore((decoder ?? new TextDecoder()).decode(buffer)).replace(/[\s\0]+$/, "");
}

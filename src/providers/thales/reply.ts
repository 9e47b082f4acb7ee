import { inflate } from "../inflate.ts";
import { findRootPart } from "./multipart.ts";
import { decodeXml } from "./xml-text.ts";
import { parseXml, trimXml, type XmlElement } from "./xml-tree.ts";

export const maxReplyBytes = 256 * 1024;

/** What a web service has answered. No text of the reply is in it but values that were asked for by name. */
export type Reply =
  | { readonly kind: "result"; readonly body: XmlElement }
  /** Whose fault it is, in the service's opinion: the sender's, or its own. */
  | { readonly kind: "fault"; readonly side: "sender" | "receiver"; readonly what: string }
  | { readonly kind: "unreadable"; readonly what: string };

/**
 * Faults that the call itself caused, so that the next one would too: SOAP 1.1 (4.4.1), SOAP 1.2 (5.4.6), WS-Addressing
 * (SOAP binding, 6.4), WS-Security (SOAP message security 1.1, 12) and those of WCF.
 */
const senderFaults = new Set(
  (
    "Client Sender VersionMismatch MustUnderstand DataEncodingUnknown " +
    "ActionNotSupported ActionMismatch DestinationUnreachable EndpointUnavailable InvalidAddressingHeader " +
    "InvalidMessageInformationHeader MessageAddressingHeaderRequired MessageInformationHeaderRequired " +
    "DeserializationFailed SecurityTokenUnavailable InvalidSecurity InvalidSecurityToken FailedAuthentication FailedCheck " +
    "UnsupportedSecurityToken UnsupportedAlgorithm BadContextToken MessageExpired"
  ).split(" "),
);
const receiverFaults = new Set(["Server", "Receiver", "InternalServiceFault"]);

const childOf = (element: XmlElement | undefined, name: string) =>
  element?.children.find((child) => child.name.toLowerCase() === name);

/** SOAP 1.1: faultcode, perhaps with more behind a full stop. SOAP 1.2: Code with its Value. */
function readFault(fault: XmlElement): Reply {
  const given = childOf(fault, "faultcode") ?? childOf(childOf(fault, "code"), "value");
  const code =
    trimXml(given?.text ?? "")
      .replace(/^.*:/, "")
      .split(".")[0] ?? "";
  if (senderFaults.has(code)) return { kind: "fault", side: "sender", what: `a SOAP fault (${code})` };
  const what = receiverFaults.has(code) ? `a SOAP fault (${code})` : "a SOAP fault of another kind";
  return { kind: "fault", side: "receiver", what };
}

export const isWebPage = (text: string): boolean => /^<(?:!doctype\s+html|html|head|body)\b/i.test(text);

function nameText(text: string): string {
  if (text === "") return "nothing in it";
  if (isWebPage(text)) return "a web page";
  if (/^[{[]/.test(text)) return "JSON";
  return text.startsWith("<") ? "XML that is not well-formed" : "something that is not XML";
}

const unreadable = (what: string): Reply => ({ kind: "unreadable", what });

/** What a text says: one well-formed SOAP envelope, of whatever version and with whatever prefixes, or what else it is. */
export function readEnvelope(text: string): Reply {
  const root = parseXml(text);
  if (root === "malformed" || isWebPage(text)) return unreadable(nameText(text));
  if (root === "document-type") return unreadable("XML with a document type");
  if (root.name !== "Envelope") return unreadable("XML that is no SOAP envelope");
  const bodies = root.children.filter(({ name }) => name === "Body");
  const [body] = bodies;
  if (body === undefined || bodies.length > 1) return unreadable("a SOAP envelope without one body");
  const fault = body.children.find(({ name }) => name === "Fault");
  return fault === undefined ? { kind: "result", body } : readFault(fault);
}

/** Reads the bytes of a reply as every SOAP stack does: inflated, taken out of a multipart body, decoded. Never throws. */
export async function readReply(given: Uint8Array, headers: Headers): Promise<Reply> {
  const inflated = await inflate(given, headers.get("content-encoding"), maxReplyBytes);
  if (inflated === "too-large") return unreadable(`more than ${maxReplyBytes / 1024} kB`);
  const root = findRootPart({ bytes: inflated.bytes, contentType: headers.get("content-type") ?? "" });
  const reply = root === undefined ? unreadable("a multipart body without parts") : readEnvelope(decodeXml(root));
  return reply.kind === "unreadable" && inflated.fault !== undefined
    ? unreadable(`a body that is ${inflated.fault}`)
    : reply;
}

const knownMediaTypes = new Set([
  "text/xml",
  "application/xml",
  "application/soap+xml",
  "multipart/related",
  "multipart/mixed",
  "application/xop+xml",
  "text/html",
  "application/xhtml+xml",
  "text/plain",
  "application/json",
  "application/problem+json",
  "application/octet-stream",
]);

/** The media type of a Content-Type as a name for people; one that is not well known is not repeated. */
export function nameMediaType(contentType: string | null): string {
  const type = (contentType ?? "").split(/[;,]/)[0]?.trim().toLowerCase() ?? "";
  if (type === "") return "no media type";
  return knownMediaTypes.has(type) ? type : "another media type";
}

import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { SendOutcome } from "../provider.ts";
import { escapeXml } from "../xml.ts";

/** How one installation spells the call. The vendor's pages name the parameters and leave the binding open. */
export interface SoapSpelling {
  readonly namespace: string;
  readonly soapAction: string;
  readonly imageField: string;
  readonly handoverKeyField: string;
}

/** The SOAP 1.1 envelope of one SendImage (document/literal, wrapped), with the picture as base64. */
export function writeSendImage(spelling: SoapSpelling, bytes: Uint8Array, handoverKey: string): Uint8Array {
  const { namespace, imageField, handoverKeyField } = spelling;
  const image = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  const before =
    `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>` +
    `<SendImage xmlns="${escapeXml(namespace)}"><${imageField}>`;
  const after =
    `</${imageField}><${handoverKeyField}>${escapeXml(handoverKey)}</${handoverKeyField}></SendImage>` +
    `</soap:Body></soap:Envelope>`;
  // In pieces: joining 16 MB of base64 to the rest as text, and encoding it again, would hold up the event loop.
  return Buffer.concat([Buffer.from(before), Buffer.from(image, "latin1"), Buffer.from(after)]);
}

/** SendImage's result codes, which mean other things in the platform's other methods. Vendor's page "Image Upload API". */
const outcomes: ReadonlyMap<string, SendOutcome> = new Map([
  ["-2", { kind: "misconfigured", detail: "SendImage answered -2: authentication error" }],
  ["-1", { kind: "unknown", detail: "SendImage answered -1: unexpected system error" }],
  ["1", { kind: "image-refused", detail: "SendImage answered 1: the image is not valid" }],
  ["2", { kind: "misconfigured", detail: "SendImage answered 2: the handover key is not valid" }],
]);

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const nilGuid = "00000000-0000-0000-0000-000000000000";

/** A card image id in its one spelling (lower case), or undefined when it is not a GUID or the empty one. */
export function readCardImageId(text: string): string | undefined {
  const id = text.trim().toLowerCase();
  return guid.test(id) && id !== nilGuid ? id : undefined;
}

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  processEntities: false,
  maxNestedTags: 20,
  // The reply echoes the handover key. It is dropped here, so that nothing after this line can log it.
  updateTag: (name) => (name.toLowerCase() === "handoverkey" ? false : name),
});

/** Every text under `node` whose element is called `name`, whatever the wrapping elements are called. */
function textsOf(node: unknown, name: string): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) => {
    if (key.toLowerCase() !== name)
      return Array.isArray(value) ? value.flatMap((item) => textsOf(item, name)) : textsOf(value, name);
    return (Array.isArray(value) ? value : [value]).map((item: unknown) =>
      typeof item === "string" ? item.trim() : "",
    );
  });
}

function bodyOf(text: string): unknown {
  // A reply has no business with a document type; without one there is nothing to expand.
  if (/<!(DOCTYPE|ENTITY)/i.test(text) || XMLValidator.validate(text) !== true) return undefined;
  try {
    const document = parser.parse(text) as Record<string, { Body?: unknown } | undefined>;
    return Object.keys(document).length === 1 ? document.Envelope?.Body : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a reply to SendImage says. Only a well-formed envelope with exactly one known code (and, for 0, exactly one id that
 * is a GUID) says anything; all else is `unknown`, because the platform may have kept the picture.
 * The result never repeats the reply's own text.
 */
export function readSendImageReply(text: string): SendOutcome {
  const body = bodyOf(text);
  if (typeof body !== "object" || body === null) return { kind: "unknown", detail: "The reply is not a SOAP envelope" };
  if ("Fault" in body) return { kind: "unknown", detail: "The reply is a SOAP fault" };
  const [code, ...others] = textsOf(body, "errorcode");
  if (code === undefined || others.length > 0) return { kind: "unknown", detail: "The reply has no single ErrorCode" };
  if (code !== "0")
    return outcomes.get(code) ?? { kind: "unknown", detail: "The reply has an ErrorCode that is not documented" };
  const ids = textsOf(body, "cardimageid");
  const cardImageId = ids.length === 1 ? readCardImageId(ids[0] ?? "") : undefined;
  return cardImageId === undefined
    ? { kind: "unknown", detail: "The reply says success without a usable CardImageID" }
    : { kind: "accepted", cardImageId };
}

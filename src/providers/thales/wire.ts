import type { AnnotateOutcome, PurgeOutcome, SendOutcome } from "../provider.ts";
import { escapeXml } from "../xml.ts";
import { readCardImageId } from "./guid.ts";
import { valuesOf, type XmlElement } from "./xml-tree.ts";

export type SendMethod = "SendImage" | "SendImageWithDataCapture";
/** Called to hear that there is no such method: who says so speaks SOAP. */
const noSuchMethod = "NoSuchMethod";
export type SoapMethod = SendMethod | "SetCustomDataCapture" | "SetImageToPurge" | typeof noSuchMethod;

/** How one installation spells what the vendor's pages name; they leave the binding open. */
export interface SoapSpelling {
  readonly soapVersion: "1.1" | "1.2";
  readonly namespace: string;
  readonly imageField: string;
  readonly handoverKeyField: string;
  readonly dataCaptureField: string;
  readonly cardImageIdField: string;
  readonly imageInformationKeyField: string;
  readonly imagePurgeKeyField: string;
}

const envelopeNamespaces = {
  "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
  "1.2": "http://www.w3.org/2003/05/soap-envelope",
} as const;

/** Where the action goes: SOAP 1.1, 6.1.1; SOAP 1.2, part 2, 6.5.3. */
export function soapHeaders(soapVersion: SoapSpelling["soapVersion"], action: string): Record<string, string> {
  return soapVersion === "1.1"
    ? { "content-type": "text/xml; charset=utf-8", soapaction: `"${action}"` }
    : { "content-type": `application/soap+xml; charset=utf-8; action="${action}"` };
}

/** An envelope with one call (document/literal, wrapped), its parameters in their order; bytes are written as base64. */
function writeCall(
  { soapVersion, namespace }: SoapSpelling,
  method: SoapMethod,
  parameters: readonly (readonly [name: string, value: string | Uint8Array])[],
): Uint8Array {
  const soap = envelopeNamespaces[soapVersion];
  // In pieces: joining 16 MB of base64 to the rest as text, and encoding it again, would hold up the event loop.
  const pieces = parameters.flatMap(([name, value]) => [
    Buffer.from(`<${name}>`),
    typeof value === "string"
      ? Buffer.from(escapeXml(value))
      : Buffer.from(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64"), "latin1"),
    Buffer.from(`</${name}>`),
  ]);
  return Buffer.concat([
    Buffer.from(
      `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${soap}"><soap:Body>` +
        `<${method} xmlns="${escapeXml(namespace)}">`,
    ),
    ...pieces,
    Buffer.from(`</${method}></soap:Body></soap:Envelope>`),
  ]);
}

/** With data capture, as {@link writeDataCapture} writes it, the call is SendImageWithDataCapture. */
export function writeSendImage(
  spelling: SoapSpelling,
  image: Uint8Array,
  handoverKey: string,
  dataCapture?: string,
): Uint8Array {
  const { imageField, handoverKeyField, dataCaptureField } = spelling;
  const parameters = [
    [imageField, image],
    [handoverKeyField, handoverKey],
  ] as const;
  return dataCapture === undefined
    ? writeCall(spelling, "SendImage", parameters)
    : writeCall(spelling, "SendImageWithDataCapture", [...parameters, [dataCaptureField, dataCapture]]);
}

export interface CustomData {
  readonly cardImageId: string;
  readonly imageInformationKey: string;
  readonly dataCapture: string;
}

export function writeSetCustomDataCapture(spelling: SoapSpelling, data: CustomData): Uint8Array {
  return writeCall(spelling, "SetCustomDataCapture", [
    [spelling.cardImageIdField, data.cardImageId],
    [spelling.imageInformationKeyField, data.imageInformationKey],
    [spelling.dataCaptureField, data.dataCapture],
  ]);
}

export function writeSetImageToPurge(spelling: SoapSpelling, cardImageId: string, imagePurgeKey: string): Uint8Array {
  return writeCall(spelling, "SetImageToPurge", [
    [spelling.cardImageIdField, cardImageId],
    [spelling.imagePurgeKeyField, imagePurgeKey],
  ]);
}

export function writeNoSuchMethod(spelling: SoapSpelling): Uint8Array {
  return writeCall(spelling, noSuchMethod, []);
}

/** `Key=Value&Key=Value`, percent-encoded; undefined when a name or value has a control character or half a character, or a name is empty. */
export function writeDataCapture(values: Readonly<Record<string, string>>): string | undefined {
  const pairs = Object.entries(values);
  const isWritable = (text: string) => !/[\p{Cc}\u2028\u2029]/u.test(text) && text.isWellFormed();
  if (!pairs.every(([name, value]) => name !== "" && isWritable(name) && isWritable(value))) return undefined;
  return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
}

/** xs:int (XML Schema, part 2, 3.4.17) in the lexical forms that it has, or undefined. */
function readInt(text: string | undefined): number | undefined {
  if (text === undefined || !/^[+-]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  // Adding zero makes 0 of -0.
  return value >= -(2 ** 31) && value < 2 ** 31 ? value + 0 : undefined;
}

/** The only value of this name, or undefined when there are none or several. */
function onlyValue(body: XmlElement, name: string): string | undefined {
  const values = valuesOf(body, name);
  return values.length === 1 ? values[0] : undefined;
}

/** SendImage's result codes, which mean other things in the platform's other methods. Vendor's page "Image Upload API". */
const sendOutcomes: ReadonlyMap<number, readonly ["image-refused" | "misconfigured" | "unknown", string]> = new Map([
  [-2, ["misconfigured", "authentication error"]],
  [-1, ["unknown", "unexpected system error"]],
  [1, ["image-refused", "the image is not valid"]],
  [2, ["misconfigured", "the handover key is not valid"]],
]);

/**
 * What the result of an upload says. Only exactly one known code (and, for 0, exactly one id that is a GUID) says anything; all
 * else is `unknown`, because the platform may have kept the picture. It never repeats the reply's own text.
 */
export function readSendImageResult(method: SendMethod, body: XmlElement): SendOutcome {
  const code = readInt(onlyValue(body, "errorcode"));
  const unknown = (what: string): SendOutcome => ({ kind: "unknown", detail: `${method} was answered ${what}` });
  if (code === undefined) return unknown("without one ErrorCode that is a number");
  if (code !== 0) {
    const [kind, meaning] = sendOutcomes.get(code) ?? [];
    return kind === undefined
      ? unknown("with an ErrorCode that is not documented")
      : { kind, detail: `${method} answered ${code}: ${meaning}` };
  }
  const cardImageId = readCardImageId(onlyValue(body, "cardimageid") ?? "");
  if (cardImageId === undefined) return unknown("with success and without one usable CardImageID");
  const [, clientId] = /^\+?(\d{1,20})$/.exec(onlyValue(body, "clientid") ?? "") ?? [];
  return { kind: "accepted", cardImageId, ...(clientId !== undefined && { clientId }) };
}

/** SetCustomDataCapture's result codes. Vendor's page "Image Upload API". */
const annotateOutcomes: ReadonlyMap<number, readonly ["failed" | "refused", string]> = new Map([
  [-1, ["failed", "an internal error of the platform; tell Thales if it stays so"]],
  [1, ["refused", "the platform knows no image with this CardImageID"]],
  [2, ["refused", "the ImageInformation_Key does not belong to this image; correct the key"]],
  [3, ["refused", "the platform has no data-capture fields with these names; correct the names"]],
  [4, ["failed", "the platform did not find whose image this is"]],
  [5, ["refused", "a data-capture field may not be changed afterwards; ask Thales to allow it"]],
  [6, ["refused", "a data-capture field has no value"]],
]);

/** The vendor's page calls the result "the same value as the request parameter": it is read as the result code. */
export function readSetCustomDataCaptureResult(body: XmlElement): AnnotateOutcome {
  const method = "SetCustomDataCapture";
  const code = readInt(onlyValue(body, "setcustomdatacaptureresult"));
  if (code === 0) return { kind: "done" };
  if (code === undefined)
    return { kind: "failed", detail: `${method} was answered without one result that is a number` };
  const [kind, meaning] = annotateOutcomes.get(code) ?? [];
  return kind === undefined
    ? { kind: "failed", detail: `${method} was answered with a code that is not documented` }
    : { kind, detail: `${method} answered ${code}: ${meaning}` };
}

/** SetImageToPurge's result codes but 0. Vendor's page "Integrate Card Design Purge API". */
const purgeOutcomes: ReadonlyMap<number, Exclude<PurgeOutcome, { kind: "taken" }>> = new Map([
  [
    -2,
    {
      kind: "misconfigured",
      what: "address",
      detail: "calls from this server's IP address are not allowed; have Thales add it to AAM_Purge_WS_IP_Restrict",
    },
  ],
  [-1, { kind: "failed", detail: "unexpected system error; tell Thales if it stays so" }],
  [1, { kind: "unknown-id", detail: "the platform has no image with this CardImageID" }],
  [
    2,
    {
      kind: "misconfigured",
      what: "key",
      detail: "the ImagePurgeKey is wrong, or does not belong to this image; correct the key",
    },
  ],
]);

/** "The response parameter is an integer value", which .NET names after the method. */
export function readSetImageToPurgeResult(body: XmlElement): PurgeOutcome {
  const method = "SetImageToPurge";
  const failed = (what: string): PurgeOutcome => ({ kind: "failed", detail: `${method} was answered ${what}` });
  const code = readInt(onlyValue(body, "setimagetopurgeresult"));
  if (code === 0) return { kind: "taken" };
  if (code === undefined) return failed("without one result that is a number");
  const known = purgeOutcomes.get(code);
  return known === undefined
    ? failed("with a code that is not documented")
    : { ...known, detail: `${method} answered ${code}: ${known.detail}` };
}

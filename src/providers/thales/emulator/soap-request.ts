import { XMLParser, XMLValidator } from "fast-xml-parser";
import { thalesDefaults } from "../defaults.ts";
import { readElement, type XmlElement } from "./xml-element.ts";

export const soapNamespace = thalesDefaults.namespace;
export const soapMethods = [
  "SendImage",
  "SendImageWithDataCapture",
  "SetCustomDataCapture",
  "SetImageToPurge",
] as const;
export type SoapMethod = (typeof soapMethods)[number];

/** Each version's envelope namespace and media type. */
export const soapVersions = {
  "1.1": { namespace: "http://schemas.xmlsoap.org/soap/envelope/", mediaType: "text/xml" },
  "1.2": { namespace: "http://www.w3.org/2003/05/soap-envelope", mediaType: "application/soap+xml" },
} as const;
export type SoapVersion = keyof typeof soapVersions;

/** A request that the web service cannot read. Answered as a SOAP fault that blames the caller. */
export class SoapFault extends Error {}

/** Parameters are null where the service reads none. */
export type SoapCall =
  | {
      readonly method: "SendImage" | "SendImageWithDataCapture";
      readonly image: Buffer | null;
      readonly handoverKey: string | null;
      readonly dataCapture: string | null;
    }
  | {
      readonly method: "SetCustomDataCapture";
      readonly cardImageId: string | null;
      readonly imageInformationKey: string | null;
      readonly dataCapture: string | null;
    }
  | {
      readonly method: "SetImageToPurge";
      readonly cardImageId: string | null;
      readonly imagePurgeKey: string | null;
    };

const longTextBytes = 16 * 1024;
const maxRestBytes = 64 * 1024;
const maxTags = 200;
/** Stands where the long text was. */
const mark = "8a3c2f5e-long-text";

/** Takes the first long text out of an envelope, so that no XML parser ever sees 13 MB of base64. */
function cutLongText(body: Buffer): { longText: string; rest: string } {
  let end = body.indexOf(">");
  for (let tags = 0; end !== -1 && tags < maxTags; tags += 1) {
    const next = body.indexOf("<", end);
    if (next - end > longTextBytes) {
      const rest = Buffer.concat([body.subarray(0, end + 1), Buffer.from(mark), body.subarray(next)]);
      if (rest.byteLength > maxRestBytes) throw new SoapFault("The envelope is too large around its image");
      return { longText: body.toString("latin1", end + 1, next), rest: rest.toString("utf8") };
    }
    end = next === -1 ? -1 : body.indexOf(">", next);
  }
  if (body.byteLength > maxRestBytes) throw new SoapFault("The envelope is too large");
  return { longText: "", rest: body.toString("utf8") };
}

/** The decoder passes over what is not base64, so that the length tells; it also knows an alphabet that is not XML's. */
function decodeExactly(text: string): Buffer | undefined {
  if (text.length % 4 !== 0 || text.includes("-") || text.includes("_")) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = Buffer.from(text, "base64");
  return bytes.byteLength === (text.length / 4) * 3 - padding ? bytes : undefined;
}

/** base64Binary of XML Schema: white space is allowed, anything else that is not base64 is not. Throws SoapFault. */
function decodeBase64(text: string): Buffer {
  const bytes = decodeExactly(text) ?? decodeExactly(text.replace(/\s+/g, ""));
  if (bytes === undefined) throw new SoapFault("Image is not base64Binary");
  return bytes;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // For numeric references; names of HTML's own do no harm here.
  htmlEntities: true,
  maxNestedTags: 20,
});

function readBody(text: string, version: SoapVersion): readonly XmlElement[] {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new SoapFault("A document type is not accepted");
  if (XMLValidator.validate(text) !== true) throw new SoapFault("The envelope is not well-formed XML");
  const [envelope] = readElement(parser.parse(text));
  const { namespace } = soapVersions[version];
  if (envelope?.name !== "Envelope") throw new SoapFault("There is no envelope");
  if (envelope.namespace !== namespace) throw new SoapFault("Possible SOAP version mismatch");
  return envelope.children.find((child) => child.name === "Body" && child.namespace === namespace)?.children ?? [];
}

export interface RequestHead {
  readonly version: SoapVersion;
  /** SOAPAction of 1.1, or the action of 1.2's media type; without quotes, null when there is none. */
  readonly action: string | null;
}

/** What the headers say. */
export function readRequestHead(headers: Readonly<Record<string, string | string[] | undefined>>): RequestHead {
  const contentType = String(headers["content-type"] ?? "");
  if (!contentType.toLowerCase().startsWith(soapVersions["1.2"].mediaType))
    return { version: "1.1", action: String(headers["soapaction"] ?? "").replaceAll('"', "") || null };
  return { version: "1.2", action: /;\s*action="?([^";]+)"?/i.exec(contentType)?.[1] ?? null };
}

/** The method that an action names, if any. */
export function methodOfAction({ action }: RequestHead): SoapMethod | undefined {
  return soapMethods.find((name) => action?.endsWith(`/${name}`) === true || action === name);
}

/**
 * Reads a call of one of the service's methods. `strict`: elements count only in the service's own namespace and are read as
 * null otherwise. Throws SoapFault with what is wrong.
 */
export function readSoapCall(body: Buffer, { version, action }: RequestHead, strict: boolean): SoapCall {
  const { longText, rest } = cutLongText(body);
  const counts = ({ namespace }: XmlElement) => !strict || namespace === soapNamespace;
  const wrapper = readBody(rest, version)[0];
  const method = soapMethods.find((name) => name === wrapper?.name);
  if (wrapper === undefined || method === undefined)
    throw new SoapFault("There is no method of this service in the body");
  // 1.2 leaves the action to the caller.
  if (action !== `${soapNamespace}${method}` && !(version === "1.2" && action === null))
    throw new SoapFault("Server did not recognize the value of HTTP Header SOAPAction");
  const read = (name: string): string | null => {
    const element = counts(wrapper)
      ? wrapper.children.find((child) => child.name === name && counts(child))
      : undefined;
    if (element === undefined) return null;
    return element.text === mark ? longText : element.text;
  };
  if (method === "SetCustomDataCapture") {
    const [cardImageId, imageInformationKey] = [read("CardImageID"), read("ImageInformation_Key")];
    return { method, cardImageId, imageInformationKey, dataCapture: read("DataCapture") };
  }
  if (method === "SetImageToPurge")
    return { method, cardImageId: read("CardImageID"), imagePurgeKey: read("ImagePurgeKey") };
  const image = read("Image");
  return {
    method,
    image: image === null ? null : decodeBase64(image),
    handoverKey: read("handoverKey"),
    dataCapture: method === "SendImageWithDataCapture" ? read("DataCapture") : null,
  };
}

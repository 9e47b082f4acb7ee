import { XMLParser, XMLValidator } from "fast-xml-parser";
import { thalesDefaults } from "#providers/thales/defaults.ts";
import { escapeXml } from "#providers/xml.ts";

export const soapNamespace = thalesDefaults.namespace;
const soapMethods = ["SendImage", "SendImageWithDataCapture"] as const;
type SoapMethod = (typeof soapMethods)[number];

/** A request that the web service cannot read. Answered as a SOAP fault with HTTP 500, as SOAP 1.1 (6.2) asks. */
export class SoapFault extends Error {}

export interface SendImageCall {
  readonly method: SoapMethod;
  readonly image: Buffer;
  readonly handoverKey: string;
  readonly dataCapture: string | null;
}

interface SendImageResult {
  readonly cardImageId: string;
  readonly clientId: number;
  readonly errorCode: number;
  readonly handoverKey: string;
}

const maxTags = 200;
const maxRestBytes = 64 * 1024;

/** Splits an envelope at the text of its Image element, so that no XML parser ever sees 13 MB of base64. */
function cutImage(body: Buffer): { base64: string; rest: string } {
  let start = body.indexOf("<");
  for (let tags = 0; start !== -1 && tags < maxTags; tags += 1) {
    const end = body.indexOf(">", start);
    if (end === -1) break;
    const tag = body.toString("latin1", start, Math.min(end, start + 300));
    const next = body.indexOf("<", end);
    if (/^<([\w.-]+:)?Image(\s|$)/.test(tag) && !tag.endsWith("/") && next !== -1) {
      const rest = Buffer.concat([body.subarray(0, end + 1), body.subarray(next)]);
      if (rest.byteLength > maxRestBytes) throw new SoapFault("The envelope is too large around its image");
      return { base64: body.toString("latin1", end + 1, next), rest: rest.toString("utf8") };
    }
    start = next;
  }
  if (body.byteLength > maxRestBytes) throw new SoapFault("There is no Image element");
  return { base64: "", rest: body.toString("utf8") };
}

/** base64Binary of XML Schema, or undefined: white space is allowed, anything else that is not base64 is not. */
function decodeBase64(text: string): Buffer | undefined {
  const compact = /\s/.test(text) ? text.replace(/\s+/g, "") : text;
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact)
    ? Buffer.from(compact, "base64")
    : undefined;
}

const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false, trimValues: false, maxNestedTags: 20 });

function textOf(node: Record<string, unknown>, name: string): string | null {
  const value = node[name];
  return typeof value === "string" ? value : null;
}

/** Reads SendImage or SendImageWithDataCapture from a SOAP 1.1 envelope. Throws SoapFault with what is wrong. */
export function readSendImageCall(body: Buffer): SendImageCall {
  const { base64, rest } = cutImage(body);
  if (/<!(DOCTYPE|ENTITY)/i.test(rest)) throw new SoapFault("A document type is not accepted");
  if (XMLValidator.validate(rest) !== true) throw new SoapFault("The envelope is not well-formed XML");
  const document = parser.parse(rest) as { Envelope?: { Body?: Record<string, unknown> } };
  const soapBody = document.Envelope?.Body;
  const method = soapMethods.find((name) => typeof soapBody?.[name] === "object");
  if (soapBody === undefined || method === undefined)
    throw new SoapFault("There is no method of this service in the body");
  const parameters = soapBody[method] as Record<string, unknown>;
  const image = decodeBase64(base64);
  if (image === undefined) throw new SoapFault("Image is not base64Binary");
  return {
    method,
    image,
    handoverKey: textOf(parameters, "handoverKey") ?? "",
    dataCapture: method === "SendImageWithDataCapture" ? textOf(parameters, "DataCapture") : null,
  };
}

function envelope(content: string): string {
  return (
    `<?xml version="1.0" encoding="utf-8"?>` +
    `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${content}</soap:Body></soap:Envelope>`
  );
}

export function writeResult(method: SoapMethod, result: SendImageResult): string {
  return envelope(
    `<${method}Response xmlns="${soapNamespace}"><${method}Result><CardImageID>${result.cardImageId}</CardImageID>` +
      `<ClientID>${result.clientId}</ClientID><ErrorCode>${result.errorCode}</ErrorCode>` +
      `<handoverKey>${escapeXml(result.handoverKey)}</handoverKey></${method}Result></${method}Response>`,
  );
}

export function writeFault(message: string): string {
  return envelope(
    `<soap:Fault><faultcode>soap:Client</faultcode><faultstring>${escapeXml(message)}</faultstring></soap:Fault>`,
  );
}

const wsdlParameters = {
  SendImage: ["Image:base64Binary", "handoverKey:string"],
  SendImageWithDataCapture: ["Image:base64Binary", "handoverKey:string", "DataCapture:string"],
} as const satisfies Record<SoapMethod, readonly string[]>;

function writeElement(name: string): string {
  const [field, type] = name.split(":");
  return `<s:element minOccurs="0" maxOccurs="1" name="${field}" type="s:${type}"/>`;
}

const wsdlTypes = soapMethods
  .map(
    (method) => `
      <s:element name="${method}"><s:complexType><s:sequence>${wsdlParameters[method].map(writeElement).join("")}</s:sequence></s:complexType></s:element>
      <s:element name="${method}Response"><s:complexType><s:sequence>
        <s:element minOccurs="0" maxOccurs="1" name="${method}Result" type="tns:ImageUploadResult"/>
      </s:sequence></s:complexType></s:element>`,
  )
  .join("");

const wsdlMessages = soapMethods
  .map(
    (method) => `
  <wsdl:message name="${method}SoapIn"><wsdl:part name="parameters" element="tns:${method}"/></wsdl:message>
  <wsdl:message name="${method}SoapOut"><wsdl:part name="parameters" element="tns:${method}Response"/></wsdl:message>`,
  )
  .join("");

const wsdlOperations = soapMethods
  .map(
    (method) => `
    <wsdl:operation name="${method}">
      <wsdl:input message="tns:${method}SoapIn"/><wsdl:output message="tns:${method}SoapOut"/>
    </wsdl:operation>`,
  )
  .join("");

const wsdlBindings = soapMethods
  .map(
    (method) => `
    <wsdl:operation name="${method}">
      <soap:operation soapAction="${soapNamespace}${method}" style="document"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output>
    </wsdl:operation>`,
  )
  .join("");

/** WSDL 1.1 of the Image Upload service: SOAP 1.1 over HTTP, document/literal, wrapped. `address` is where it is called. */
export function writeWsdl(address: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:tns="${soapNamespace}" targetNamespace="${soapNamespace}">
  <wsdl:types>
    <s:schema elementFormDefault="qualified" targetNamespace="${soapNamespace}">${wsdlTypes}
      <s:complexType name="ImageUploadResult"><s:sequence>
        <s:element minOccurs="0" maxOccurs="1" name="CardImageID" type="s:string"/>
        <s:element minOccurs="1" maxOccurs="1" name="ClientID" type="s:int"/>
        <s:element minOccurs="1" maxOccurs="1" name="ErrorCode" type="s:int"/>
        <s:element minOccurs="0" maxOccurs="1" name="handoverKey" type="s:string"/>
      </s:sequence></s:complexType>
    </s:schema>
  </wsdl:types>${wsdlMessages}
  <wsdl:portType name="ImageUploadSoap">${wsdlOperations}
  </wsdl:portType>
  <wsdl:binding name="ImageUploadSoap" type="tns:ImageUploadSoap">
    <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>${wsdlBindings}
  </wsdl:binding>
  <wsdl:service name="ImageUpload">
    <wsdl:port name="ImageUploadSoap" binding="tns:ImageUploadSoap"><soap:address location="${address}"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`;
}

import { type HttpReply, writePage } from "../../emulator/connection-faults.ts";
import { gzipSync } from "node:zlib";
import { escapeXml } from "../../xml.ts";
import type { Fault } from "./faults.ts";
import { type SoapMethod, type SoapVersion, soapNamespace, soapVersions } from "./soap-request.ts";

/** What a method answers. The id, and the key that SendImage echoes, are empty where it has none. */
export interface SoapResult {
  readonly code: number;
  readonly cardImageId: string;
  readonly handoverKey: string;
}

/** Internal Platform identifier: one issuer, so one number. */
const clientId = 1;

const declaration = '<?xml version="1.0" encoding="utf-8"?>';

function envelope(content: string, version: SoapVersion): string {
  return `<soap:Envelope xmlns:soap="${soapVersions[version].namespace}"><soap:Body>${content}</soap:Body></soap:Envelope>`;
}

/** Whether its result is the code and nothing beside it. */
export function answersCodeOnly(method: SoapMethod): boolean {
  return method === "SetCustomDataCapture" || method === "SetImageToPurge";
}

function writeResult(method: SoapMethod, { code, cardImageId, handoverKey }: SoapResult): string {
  const result = answersCodeOnly(method)
    ? String(code)
    : `<CardImageID>${cardImageId}</CardImageID><ClientID>${clientId}</ClientID><ErrorCode>${code}</ErrorCode>` +
      `<handoverKey>${escapeXml(handoverKey)}</handoverKey>`;
  return `<${method}Response xmlns="${soapNamespace}"><${method}Result>${result}</${method}Result></${method}Response>`;
}

function plain(text: string, version: SoapVersion, status = 200): HttpReply {
  const type = `${soapVersions[version].mediaType}; charset=utf-8`;
  return { status, headers: { "content-type": type }, body: Buffer.from(declaration + text) };
}

/** 500 in SOAP 1.1 (6.2); in 1.2 (Part 2, 7.5.2.2) 400 where the caller is blamed. */
export function writeFault(blamed: "caller" | "service", message: string, version: SoapVersion): HttpReply {
  const text = escapeXml(message);
  if (version === "1.1") {
    const code = blamed === "caller" ? "Client" : "Server";
    const fault = `<soap:Fault><faultcode>soap:${code}</faultcode><faultstring>${text}</faultstring></soap:Fault>`;
    return plain(envelope(fault, version), version, 500);
  }
  const code = blamed === "caller" ? "Sender" : "Receiver";
  const fault =
    `<soap:Fault><soap:Code><soap:Value>soap:${code}</soap:Value></soap:Code>` +
    `<soap:Reason><soap:Text xml:lang="en">${text}</soap:Text></soap:Reason></soap:Fault>`;
  return plain(envelope(fault, version), version, blamed === "caller" ? 400 : 500);
}

function writeMultipart(text: string, version: SoapVersion): HttpReply {
  const { mediaType } = soapVersions[version];
  const body =
    `--part\r\nContent-Type: application/xop+xml; charset=utf-8; type="${mediaType}"\r\n` +
    `Content-Transfer-Encoding: 8bit\r\nContent-ID: <root>\r\n\r\n${declaration}${text}\r\n--part--\r\n`;
  const type = `multipart/related; type="application/xop+xml"; start="<root>"; start-info="${mediaType}"; boundary="part"`;
  return { status: 200, headers: { "content-type": type, "mime-version": "1.0" }, body: Buffer.from(body) };
}

/** The answer to a call of `method`, as the fault leaves it. */
export function writeReply(
  method: SoapMethod,
  result: SoapResult,
  fault: Fault | null,
  version: SoapVersion,
): HttpReply {
  const text = envelope(writeResult(method, result), version);
  const good = plain(text, version);
  switch (fault?.name) {
    case "page-200":
    case "page-200-stored":
    case "page-403":
    case "page-404":
    case "page-503":
    case "page-502-stored":
    case "page-504-stored":
      return writePage(Number(fault.name.split("-")[1]));
    case "fault-client":
      return writeFault("caller", "Server was unable to read request.", version);
    case "fault-server":
      return writeFault("service", "Server was unable to process request.", version);
    case "reply-gzip":
      return { ...good, headers: { ...good.headers, "content-encoding": "gzip" }, body: gzipSync(good.body) };
    case "reply-mtom":
      return writeMultipart(text, version);
    case "reply-other-soap": {
      const other = version === "1.1" ? "1.2" : "1.1";
      return plain(envelope(writeResult(method, result), other), other);
    }
    case "reply-utf16": {
      const type = `${soapVersions[version].mediaType}; charset=utf-16`;
      const body = Buffer.from(`\u{FEFF}${declaration.replace("utf-8", "utf-16")}${text}`, "utf16le");
      return { ...good, headers: { "content-type": type }, body };
    }
    case "reply-bom":
      return { ...good, body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), good.body]) };
    case "reply-white-space":
      return { ...good, body: Buffer.concat([Buffer.from("\r\n"), good.body]) };
    default:
      return good;
  }
}

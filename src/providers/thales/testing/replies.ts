import { readFileSync } from "node:fs";
import type { SendOutcome } from "../../provider.ts";
import { readReply } from "../reply.ts";
import { readSendImageResult } from "../wire.ts";

export const id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
export const accepted = readFileSync(new URL("../examples/accepted.xml", import.meta.url), "utf8").trim();
export const bare = accepted.replace(/^<\?xml.*\?>\s*/, "");
export const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>${bare}`;
export const xml = "text/xml; charset=utf-8";

export async function readBytes(
  bytes: Uint8Array | string,
  headers: Record<string, string> = {},
): Promise<SendOutcome> {
  const given = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  const reply = await readReply(given, new Headers({ "content-type": xml, ...headers }));
  return reply.kind === "result"
    ? readSendImageResult("SendImage", reply.body)
    : { kind: "unknown", detail: reply.what };
}
export const success = { kind: "accepted", cardImageId: id, clientId: "17" };

export const part = (content: string, ...fields: string[]) => `${[...fields, "", content].join("\r\n")}\r\n`;
export const multipart = (parts: string[], boundary = "b=_1") =>
  `${parts.map((one) => `--${boundary}\r\n${one}`).join("")}--${boundary}--\r\n`;
export const rootType = 'Content-Type: application/xop+xml; charset=UTF-8; type="text/xml"';
export const root = part(accepted, rootType, "Content-Transfer-Encoding: 8bit", "Content-ID: <root@pds>");
export const other = part("<x/>", "Content-Type: text/xml", "Content-ID: <other@pds>");
export const related =
  'multipart/related; type="application/xop+xml"; boundary="b=_1"; start="<root@pds>"; start-info="a; boundary=no"';

import { freshFetch, readBounded, TransportError } from "../fresh-fetch.ts";
import { findSoapAction, type ThalesOptions, toSpelling } from "./options.ts";
import { maxReplyBytes, nameMediaType, type Reply, readReply } from "./reply.ts";
import { type SoapMethod, soapHeaders } from "./wire.ts";
import type { XmlElement } from "./xml-tree.ts";

type Symptom = "down" | "settings";

/** How a call ended: with a documented kind of answer, with another one, or with none. */
export type SoapAnswer =
  | { readonly kind: "result"; readonly response: Response; readonly body: XmlElement }
  | {
      readonly kind: "no-result";
      readonly response: Response;
      readonly detail: string;
      readonly symptom?: Symptom;
      /** Left out when it broke off. */
      readonly reply?: Reply;
    }
  | { readonly kind: "no-answer"; readonly detail: string; readonly notSent: boolean; readonly symptom?: Symptom };

/** Codes of a plain `fetch` that failed before there was a connection. */
const beforeConnection = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

function isProvablyNotSent(error: unknown): boolean {
  if (error instanceof TransportError) return !error.bodySent;
  const cause = (error as { cause?: { code?: unknown } } | null)?.cause;
  return typeof cause?.code === "string" && beforeConnection.has(cause.code);
}

/** What went wrong, in words that never repeat an address, a body or another library's message: those may hold a key. */
export function describeFailure(error: unknown): string {
  return error instanceof TransportError ? error.message : "the connection failed";
}

/** Statuses below 500 that say that the service, not the call, is the matter; 413 says something of this one picture only. */
const busyStatuses = new Set([408, 425, 429]);
const tooLargeStatus = 413;

/** SOAP sends its faults with 500 (1.1, 6.2) or with 400 and 500 (1.2, part 2, 7.5.2.2); any other status speaks for itself. */
const faultStatuses = new Set([400, 500]);

function symptomOf(status: number, reply: Reply): Symptom | undefined {
  const isOk = status >= 200 && status < 300;
  if (reply.kind === "fault" && (isOk || faultStatuses.has(status)))
    return reply.side === "sender" ? "settings" : "down";
  if (isOk) return reply.kind === "unreadable" ? "down" : undefined;
  if (status >= 500 || busyStatuses.has(status)) return "down";
  return status === tooLargeStatus ? undefined : "settings";
}

function describeReply(response: Response, reply: Reply): string {
  const what = reply.kind === "result" ? "a SOAP result" : reply.what;
  return `HTTP ${response.status} and ${what} (${nameMediaType(response.headers.get("content-type"))})`;
}

async function readAnswer(method: SoapMethod, response: Response): Promise<SoapAnswer> {
  let reply: Reply;
  const arrived: Uint8Array[] = [];
  try {
    const bytes = await readBounded(response, maxReplyBytes, arrived);
    reply =
      bytes === undefined
        ? { kind: "unreadable", what: `more than ${maxReplyBytes / 1024} kB` }
        : await readReply(bytes, response.headers);
  } catch {
    // An envelope that has come whole is one, whatever was to follow it.
    reply = await readReply(Buffer.concat(arrived), response.headers);
    if (reply.kind === "unreadable") {
      if (response.ok) return { kind: "no-result", response, detail: `${method}: the reply broke off` };
      reply = { kind: "unreadable", what: "a reply that broke off" };
    }
  }
  // Only a documented reply decides: with another status it may come from anything on the way.
  if (reply.kind === "result" && response.ok) return { kind: "result", response, body: reply.body };
  const symptom = symptomOf(response.status, reply);
  const detail = `${method} was answered with ${describeReply(response, reply)}`;
  return { kind: "no-result", response, detail, reply, ...(symptom !== undefined && { symptom }) };
}

/** Posts one envelope and reads what comes back. Never rejects. */
export async function callSoap(
  options: ThalesOptions,
  url: string,
  method: SoapMethod,
  envelope: Uint8Array,
  signal: AbortSignal,
): Promise<SoapAnswer> {
  try {
    const response = await (options.fetch ?? freshFetch)(url, {
      method: "POST",
      headers: soapHeaders(toSpelling(options).soapVersion, findSoapAction(options, method)),
      body: envelope as Uint8Array<ArrayBuffer>,
      redirect: "manual",
      signal,
    });
    return await readAnswer(method, response);
  } catch (error) {
    const isForeign = error instanceof TransportError && error.isForeign;
    const detail = `${method}: ${describeFailure(error)}`;
    return { kind: "no-answer", detail, notSent: isProvablyNotSent(error), ...(isForeign && { symptom: "down" }) };
  }
}

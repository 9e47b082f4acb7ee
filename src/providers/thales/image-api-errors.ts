import type { Entity } from "./multipart.ts";
import { isWebPage } from "./reply.ts";
import { decodeXml } from "./xml-text.ts";

/** Every error that the vendor's page "Digital Previews" documents, and what to do about it. */
const documentedErrors = {
  // 400
  "Invalid Search Field": "the data-capture field that takes our reference cannot be searched; correct its name",
  "Invalid Card Image Id": "the platform does not take this id, or what is searched comes in another parameter",
  "Invalid Parameter": "the platform does not know a parameter, or how it is spelt",
  "Invalid Delivery Image Key": "the delivery key is wrong; correct it",
  // 404
  "Design Not Found": "there is no such picture, or not yet",
  // 500
  "Invalid Overlay": "the platform does not know this overlay",
  "Invalid Design Image Type": "the platform does not know this design type",
  "Invalid Hand Over Key": "the product's handover key is wrong; correct it",
  "Invalid Template Type": "the platform does not know this template type",
  "Invalid Image Format": "the platform does not know this image format",
  "Invalid Corner": "the platform does not know these corners",
} as const;

export type DocumentedError = keyof typeof documentedErrors;

const toLetters = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, "");

/** An error page has no more to say. */
const maxTextBytes = 16 * 1024;

function readText({ bytes, contentType }: Entity): string {
  return decodeXml({ bytes: bytes.subarray(0, maxTextBytes), contentType });
}

function findDocumented(text: string): DocumentedError[] {
  const letters = toLetters(text);
  const all = Object.keys(documentedErrors) as DocumentedError[];
  return all.filter((sentence) => letters.includes(toLetters(sentence)));
}

/**
 * The one documented error that an answer names, whatever the text around it (JSON, XML, a web page) and its spelling. Undefined
 * when it names none or several: nothing else of the text may be repeated.
 */
export function findDocumentedError(answer: Entity): DocumentedError | undefined {
  const named = findDocumented(readText(answer));
  // The general one may stand beside what it is about.
  const telling = named.length > 1 ? named.filter((sentence) => sentence !== "Invalid Parameter") : named;
  return telling.length === 1 ? telling[0] : undefined;
}

/** The same, with what it means. */
export function nameDocumentedError(answer: Entity): string | undefined {
  const sentence = findDocumentedError(answer);
  return sentence && `${sentence} (${documentedErrors[sentence]})`;
}

/** Whether a 404 is a web page that says nothing of a design: a gateway's or a wrong address's, not the platform's word. */
export function isForeignPage(answer: Entity): boolean {
  const text = readText(answer);
  return isWebPage(text) && !findDocumented(text).includes("Design Not Found");
}

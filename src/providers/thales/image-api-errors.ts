import type { Entity } from "./multipart.ts";
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

const toLetters = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, "");

/** An error page has no more to say. */
const maxTextBytes = 16 * 1024;

/**
 * The one documented error that an answer names, whatever the text around it (JSON, XML, a web page) and its spelling, with what
 * it means. Undefined when it names none or several: nothing else of the text may be repeated.
 */
export function nameDocumentedError({ bytes, contentType }: Entity): string | undefined {
  const letters = toLetters(decodeXml({ bytes: bytes.subarray(0, maxTextBytes), contentType }));
  const named = Object.entries(documentedErrors).filter(([sentence]) => letters.includes(toLetters(sentence)));
  // The general one may stand beside what it is about.
  const telling = named.length > 1 ? named.filter(([sentence]) => sentence !== "Invalid Parameter") : named;
  const [error, ...others] = telling;
  return error === undefined || others.length > 0 ? undefined : `${error[0]} (${error[1]})`;
}

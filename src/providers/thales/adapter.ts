import { Problem } from "#contracts/problem.ts";
import { stopUpload } from "../fresh-fetch.ts";
import {
  type AnnotateOutcome,
  noCapabilities,
  type Provider,
  type PurgeOutcome,
  type SendOrder,
  type SendOutcome,
} from "../provider.ts";
import { isSameSecret } from "../same-secret.ts";
import { thalesDefaults } from "./defaults.ts";
import { readCardImageId } from "./guid.ts";
import { findImage, getImage, getTemplate } from "./image-api.ts";
import { parseBody, readPushNotification } from "./notification.ts";
import { findHandoverKey, fingerprintSending, type ThalesOptions, toSpelling, valueFor } from "./options.ts";
import { callSoap, type SoapAnswer } from "./soap-call.ts";
import {
  readSendImageResult,
  readSetCustomDataCaptureResult,
  readSetImageToPurgeResult,
  type SendMethod,
  writeDataCapture,
  writeSendImage,
  writeSetCustomDataCapture,
  writeSetImageToPurge,
} from "./wire.ts";

function readSendAnswer(method: SendMethod, answer: SoapAnswer): SendOutcome {
  if (answer.kind === "no-answer" && answer.notSent) return { kind: "not-sent", detail: answer.detail };
  const outcome: SendOutcome =
    answer.kind === "result"
      ? readSendImageResult(method, answer.body)
      : {
          kind: "unknown",
          detail: answer.detail,
          ...(answer.symptom !== undefined && { symptom: answer.symptom }),
        };
  if (answer.kind === "no-answer") return outcome;
  const { response } = answer;
  return outcome.kind === "unknown" && stopUpload(response)
    ? { kind: "not-sent", detail: `${outcome.detail}, before the whole request was sent` }
    : outcome;
}

/** SendImage, or SendImageWithDataCapture where a field of the product takes our reference. */
async function send(options: ThalesOptions, order: SendOrder, signal: AbortSignal): Promise<SendOutcome> {
  const { productId, pixelOrigin, reference, bytes: image } = order;
  const handoverKey = findHandoverKey(options, productId, pixelOrigin);
  if (handoverKey === undefined)
    return { kind: "misconfigured", detail: `There is no handover key for product ${productId}` };
  const field = valueFor(options.referenceFields, productId);
  const dataCapture = field === undefined ? undefined : writeDataCapture({ [field]: reference });
  if (field !== undefined && dataCapture === undefined)
    return { kind: "misconfigured", detail: "The data-capture field's name or our reference has a control character" };
  const method = field === undefined ? "SendImage" : "SendImageWithDataCapture";
  const envelope = writeSendImage(toSpelling(options), image, handoverKey, dataCapture);
  return readSendAnswer(method, await callSoap(options, options.soapUrl, method, envelope, signal));
}

type Values = Readonly<Record<string, string>>;

/** Our reference under the product's field, if it has one, and whatever else there is under other names. */
function withReference(field: string | undefined, reference: string, values: Values): Values {
  if (field === undefined) return values;
  const others = Object.entries(values).filter(([name]) => name.toLowerCase() !== field.toLowerCase());
  return Object.fromEntries([[field, reference], ...others]);
}

/** SetCustomDataCapture. */
async function annotate(
  options: ThalesOptions,
  cardImageId: string,
  values: Values,
  signal: AbortSignal,
): Promise<AnnotateOutcome> {
  const { imageInformationKey, soapUrl, setDataCaptureUrl = soapUrl } = options;
  if (imageInformationKey === undefined) return { kind: "refused", detail: "There is no ImageInformation_Key" };
  const dataCapture = writeDataCapture(values);
  if (dataCapture === "")
    return { kind: "refused", detail: "No data-capture field takes our reference, and there is nothing else to write" };
  if (dataCapture === undefined)
    return { kind: "refused", detail: "A data-capture name is empty, or a name or value has a control character" };
  const envelope = writeSetCustomDataCapture(toSpelling(options), { cardImageId, imageInformationKey, dataCapture });
  const answer = await callSoap(options, setDataCaptureUrl, "SetCustomDataCapture", envelope, signal);
  return answer.kind === "result"
    ? readSetCustomDataCaptureResult(answer.body)
    : { kind: "failed", detail: answer.detail };
}

/** SetImageToPurge. */
async function purge(
  options: ThalesOptions,
  cardImageId: string,
  productId: string,
  signal: AbortSignal,
): Promise<PurgeOutcome> {
  const { soapUrl, purgeUrl = soapUrl } = options;
  const purgeKey = valueFor(options.purgeKeys, productId);
  if (purgeKey === undefined)
    return { kind: "misconfigured", what: "key", detail: `There is no ImagePurgeKey for product ${productId}` };
  const envelope = writeSetImageToPurge(toSpelling(options), cardImageId, purgeKey);
  const answer = await callSoap(options, purgeUrl, "SetImageToPurge", envelope, signal);
  return answer.kind === "result" ? readSetImageToPurgeResult(answer.body) : { kind: "failed", detail: answer.detail };
}

/**
 * Thales Perso Design Services: pictures over SOAP 1.1 or 1.2, previews, searches and templates from the Image API, review results
 * by push notification. Throws when an address is none.
 */
export function createThalesProvider(options: ThalesOptions): Provider {
  for (const name of ["soapUrl", "setDataCaptureUrl", "purgeUrl", "getImageUrl", "searchUrl", "templateUrl"] as const) {
    const address = options[name];
    if (address !== undefined && !URL.canParse(address)) throw new TypeError(`Thales: ${name} is not a URL`);
  }
  const header = options.notificationHeader ?? thalesDefaults.notificationHeader;
  const referenceFields = Object.values(options.referenceFields ?? {});
  return {
    name: "thales",
    offers: (productId) => valueFor(options.handoverKeys, productId) !== undefined,
    capabilities(productId) {
      const hasField = valueFor(options.referenceFields, productId) !== undefined;
      const { dataCaptureFields = {}, imageInformationKey } = options;
      const fields = Object.hasOwn(dataCaptureFields, productId) ? (dataCaptureFields[productId] ?? []) : [];
      const annotate = imageInformationKey !== undefined && (hasField || fields.length > 0);
      return {
        ...noCapabilities,
        reference: hasField,
        search: hasField,
        annotate,
        fields: annotate ? fields : [],
        purge: valueFor(options.purgeKeys, productId) === undefined ? "elsewhere" : "here",
      };
    },
    findCardholderFault: () => undefined,
    readCardImageId,
    settingsFingerprint: (productId, pixelOrigin) => fingerprintSending(options, productId, pixelOrigin),
    send: (order, signal) => send(options, order, signal),
    find: ({ reference, productId }, signal) => findImage(options, reference, productId, signal),
    annotate(cardImageId, productId, reference, values, signal) {
      const field = valueFor(options.referenceFields, productId);
      return annotate(options, cardImageId, withReference(field, reference, values), signal);
    },
    purge: (cardImageId, productId, signal) => purge(options, cardImageId, productId, signal),
    getPreview: (picture, request, signal) => getImage(options, picture, request, signal),
    getTemplate: (request, signal) => getTemplate(options, request, signal),
    readNotification(headers, body) {
      const secrets = [options.notificationSecret].flat();
      if (!secrets.some((secret) => isSameSecret(headers[header], secret))) throw new Problem("not-authenticated");
      return readPushNotification(parseBody(body), referenceFields);
    },
    decide: async () => ({ kind: "refused", detail: "Thales' own reviewers decide" }),
    getReview: async () => ({ kind: "cannot-tell", detail: "Thales tells by notification only" }),
  };
}

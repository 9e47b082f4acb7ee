import { randomUUID } from "node:crypto";
import { type Finding, type Instruments, ok, skipped, unchecked, wrong } from "../diagnosis.ts";
import { type ThalesOptions, toSpelling, valueFor } from "./options.ts";
import { thalesSettings } from "./settings.ts";
import { callSoap, type SoapAnswer } from "./soap-call.ts";
import {
  readSetCustomDataCaptureResult,
  readSetImageToPurgeResult,
  writeDataCapture,
  writeNoSuchMethod,
  writeSetCustomDataCapture,
  writeSetImageToPurge,
} from "./wire.ts";
import { compareWithWsdl } from "./wsdl.ts";

const { soapUrl, purgeUrl, setDataCaptureUrl, purgeKeys, imageInformationKey, namespace, soapVersion } = thalesSettings;

const tryWithPicture = "only a test picture tells: --send-test-picture.";

/** What an answer says that is no result: of the address, the binding or the service. */
function judgeOthers(variable: string, answer: Exclude<SoapAnswer, { kind: "result" }>): Finding {
  if (answer.kind === "no-answer") return unchecked(variable, `${answer.detail}. Try again.`);
  const { response, reply, detail } = answer;
  const { status } = response;
  if (reply?.kind === "fault")
    return reply.side === "sender"
      ? wrong(
          namespace.variable,
          `${detail}: the web service does not understand the call. Compare this and FULLBLEED_THALES_…_SOAP_ACTION, …_FIELD and ${soapVersion.variable} with its WSDL.`,
        )
      : unchecked(variable, `${detail}: the service itself fails. Tell Thales if it stays so.`);
  if (status === 401 || status === 403)
    return wrong(
      variable,
      `${detail}, before any key is looked at. Have Thales allow this server's IP address, or show the client certificate that they expect (FULLBLEED_OUTBOUND_CLIENT_CERTIFICATE).`,
    );
  if (status >= 500 || status === 408 || status === 429)
    return unchecked(variable, `${detail}: the service is not well. Try again, and tell Thales if it stays so.`);
  return wrong(variable, `${detail}: it is not the address of the web service. Correct it.`);
}

/** By an id that nothing has. Which address may call is looked at first; a key belongs to an image, and is not tried so. */
async function tryPurge(options: ThalesOptions, productIds: readonly string[], signal: AbortSignal): Promise<Finding> {
  const [productId = ""] = productIds;
  const url = options.purgeUrl ?? options.soapUrl;
  const key = valueFor(options.purgeKeys, productId) ?? "";
  const envelope = writeSetImageToPurge(toSpelling(options), randomUUID(), key);
  const answer = await callSoap(options, url, "SetImageToPurge", envelope, signal);
  const variable = options.purgeUrl === undefined ? soapUrl.variable : purgeUrl.variable;
  if (answer.kind !== "result") return judgeOthers(variable, answer);
  const outcome = readSetImageToPurgeResult(answer.body);
  switch (outcome.kind) {
    case "unknown-id":
    case "taken":
      return ok(
        purgeKeys.variable,
        `Deleting at Thales is answered, and allowed from this address. Whether the keys are right, ${tryWithPicture}`,
      );
    case "misconfigured":
      return outcome.what === "address"
        ? wrong(
            purgeKeys.variable,
            "Thales does not let this server's IP address delete pictures (SetImageToPurge answered -2). Have them add it to AAM_Purge_WS_IP_Restrict.",
          )
        : wrong(
            purgeKeys.variable,
            `${productId}: Thales refuses the ImagePurgeKey (SetImageToPurge answered 2). Set that of this environment; if it is right, ${tryWithPicture}`,
          );
    default:
      return unchecked(purgeKeys.variable, `${outcome.detail}.`);
  }
}

/** By an id that nothing has; the data would be the product's own field with nothing to be found by. */
async function tryDataCapture(options: ThalesOptions, signal: AbortSignal): Promise<Finding> {
  const url = options.setDataCaptureUrl ?? options.soapUrl;
  const [field = "Reference"] = Object.values(options.referenceFields ?? {});
  const data = {
    cardImageId: randomUUID(),
    imageInformationKey: options.imageInformationKey ?? "",
    dataCapture: writeDataCapture({ [field]: "DOCTOR0FINDS0NOTHING" }) ?? "",
  };
  const envelope = writeSetCustomDataCapture(toSpelling(options), data);
  const answer = await callSoap(options, url, "SetCustomDataCapture", envelope, signal);
  const variable = options.setDataCaptureUrl === undefined ? soapUrl.variable : setDataCaptureUrl.variable;
  if (answer.kind !== "result") return judgeOthers(variable, answer);
  const outcome = readSetCustomDataCaptureResult(answer.body);
  const detail = outcome.kind === "done" ? "" : outcome.detail;
  const code = /answered (-?\d+):/.exec(detail)?.[1];
  if (code === "2")
    return wrong(
      imageInformationKey.variable,
      `Thales refuses the ImageInformation_Key (SetCustomDataCapture answered 2). Set that of this environment; if it is right, ${tryWithPicture}`,
    );
  if (code === "1" || code === "4")
    return ok(
      imageInformationKey.variable,
      `Writing data beside a picture is answered. Whether the key is right, ${tryWithPicture}`,
    );
  return unchecked(imageInformationKey.variable, `${detail || "SetCustomDataCapture took an id that nothing has"}.`);
}

/** Whether there is a web service at all, where nothing else has told. */
async function tryNoMethod(options: ThalesOptions, signal: AbortSignal): Promise<Finding> {
  const envelope = writeNoSuchMethod(toSpelling(options));
  const answer = await callSoap(options, options.soapUrl, "NoSuchMethod", envelope, signal);
  const isFault = answer.kind === "no-result" && answer.reply?.kind === "fault";
  if (answer.kind === "result" || isFault)
    return skipped(
      soapUrl.variable,
      `A SOAP service answers there, and shows no WSDL. Whether it has SendImage as these settings spell it, ${tryWithPicture}`,
    );
  return judgeOthers(soapUrl.variable, answer);
}

/** The addresses of the web services: the WSDL if it is shown, and every method that can be called and then does nothing. */
export async function diagnoseSoap(options: ThalesOptions, instruments: Instruments): Promise<Finding[]> {
  const { productIds, isReached, signal } = instruments;
  const described = isReached(options.soapUrl) ? await compareWithWsdl(options, signal) : [];
  if (described.some(({ verdict }) => verdict === "wrong")) return described;
  const found: Finding[] = [...described];
  const isAnswered = (url: string): boolean => url === options.soapUrl && found.some(({ verdict }) => verdict === "ok");
  const keyed = productIds.filter((id) => valueFor(options.purgeKeys, id) !== undefined);
  const purge = options.purgeUrl ?? options.soapUrl;
  if (keyed.length > 0 && isReached(purge)) found.push(await tryPurge(options, keyed, signal));
  if (keyed.length === 0)
    found.push(skipped(purgeKeys.variable, "There is none: this server can delete no picture at Thales."));
  const capture = options.setDataCaptureUrl ?? options.soapUrl;
  const isSpoilt = found.some(({ subject, verdict }) => verdict === "wrong" && subject !== purgeKeys.variable);
  if (options.imageInformationKey !== undefined && isReached(capture) && !isSpoilt)
    found.push(await tryDataCapture(options, signal));
  const isKnown = isAnswered(options.soapUrl) || found.some(({ verdict }) => verdict === "wrong");
  if (isReached(options.soapUrl) && !isKnown) found.push(await tryNoMethod(options, signal));
  return found;
}

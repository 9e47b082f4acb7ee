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
  // What broke off, or came too slowly, says nothing about the address.
  if (answer.kind === "no-answer" || answer.reply === undefined)
    return unchecked(variable, `${answer.detail}. Try again.`);
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

/** What a question has come to, and whether the web service understood it. */
interface Tried {
  readonly finding: Finding;
  readonly isAnswered: boolean;
}

const answered = (finding: Finding): Tried => ({ finding, isAnswered: true });

/** By an id that nothing has: tells whether calls are allowed from here, and nothing of a key, which belongs to an image. */
async function tryPurge(
  options: ThalesOptions,
  [productId, key]: readonly [string, string],
  signal: AbortSignal,
): Promise<Tried> {
  const url = options.purgeUrl ?? options.soapUrl;
  const envelope = writeSetImageToPurge(toSpelling(options), randomUUID(), key);
  const answer = await callSoap(options, url, "SetImageToPurge", envelope, signal);
  const variable = options.purgeUrl === undefined ? soapUrl.variable : purgeUrl.variable;
  if (answer.kind !== "result") return { finding: judgeOthers(variable, answer), isAnswered: false };
  const outcome = readSetImageToPurgeResult(answer.body);
  switch (outcome.kind) {
    case "unknown-id":
    case "taken":
      return answered(
        ok(
          purgeKeys.variable,
          `Deleting at Thales is answered, and allowed from this address. Whether the keys are right, ${tryWithPicture}`,
        ),
      );
    case "misconfigured":
      return answered(
        outcome.what === "address"
          ? wrong(
              purgeKeys.variable,
              "Thales does not let this server's IP address delete pictures (SetImageToPurge answered -2). Have them add it to AAM_Purge_WS_IP_Restrict.",
            )
          : wrong(
              purgeKeys.variable,
              `${productId}: Thales refuses the ImagePurgeKey (SetImageToPurge answered 2). Set that of this environment; if it is right, ${tryWithPicture}`,
            ),
      );
    default:
      return answered(unchecked(purgeKeys.variable, `${outcome.detail}.`));
  }
}

/** By an id that nothing has. */
async function tryDataCapture(options: ThalesOptions, signal: AbortSignal): Promise<Tried> {
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
  if (answer.kind !== "result") return { finding: judgeOthers(variable, answer), isAnswered: false };
  const outcome = readSetCustomDataCaptureResult(answer.body);
  const detail = outcome.kind === "done" ? "SetCustomDataCapture took an id that nothing has" : outcome.detail;
  const code = /answered (-?\d+):/.exec(detail)?.[1];
  if (code === "2")
    return answered(
      wrong(
        imageInformationKey.variable,
        `Thales refuses the ImageInformation_Key (SetCustomDataCapture answered 2). Set that of this environment; if it is right, ${tryWithPicture}`,
      ),
    );
  return answered(
    code === "1" || code === "4"
      ? ok(
          imageInformationKey.variable,
          `Writing data beside a picture is answered. Whether the key is right, ${tryWithPicture}`,
        )
      : unchecked(imageInformationKey.variable, `${detail}.`),
  );
}

/** Whether there is a web service at all, where nothing else has told. */
async function tryNoMethod(options: ThalesOptions, signal: AbortSignal): Promise<Tried> {
  const envelope = writeNoSuchMethod(toSpelling(options));
  const answer = await callSoap(options, options.soapUrl, "NoSuchMethod", envelope, signal);
  const isFault = answer.kind === "no-result" && answer.reply?.kind === "fault";
  if (answer.kind !== "result" && !isFault)
    return { finding: judgeOthers(soapUrl.variable, answer), isAnswered: false };
  return answered(
    skipped(
      soapUrl.variable,
      `A SOAP service answers there, and shows no WSDL. Whether it has SendImage as these settings spell it, ${tryWithPicture}`,
    ),
  );
}

/** Each key once, with the first product that has it. */
function listPurgeKeys(options: ThalesOptions, productIds: readonly string[]): [string, string][] {
  const keys = productIds.flatMap((id): [string, string][] => {
    const key = valueFor(options.purgeKeys, id);
    return key === undefined ? [] : [[id, key]];
  });
  return keys.filter(([, key], index) => keys.findIndex(([, other]) => other === key) === index);
}

/** The addresses of the web services: the WSDL if it is shown, and every method that can be called and then does nothing. */
export async function diagnoseSoap(options: ThalesOptions, instruments: Instruments): Promise<Finding[]> {
  const { productIds, isReached, signal } = instruments;
  const found = isReached(options.soapUrl) ? await compareWithWsdl(options, signal) : [];
  if (found.some(({ verdict }) => verdict === "wrong")) return found;
  const known = new Set(found.length > 0 ? [options.soapUrl] : []);
  const spoilt = new Set<string>();
  const attempt = async (url: string, work: () => Promise<Tried>): Promise<void> => {
    if (!isReached(url) || spoilt.has(url)) return;
    const { finding, isAnswered } = await work();
    (isAnswered ? known : spoilt).add(url);
    if (!found.some(({ subject, says }) => subject === finding.subject && says === finding.says)) found.push(finding);
  };
  const keys = listPurgeKeys(options, productIds);
  for (const key of keys) await attempt(options.purgeUrl ?? options.soapUrl, () => tryPurge(options, key, signal));
  if (keys.length === 0)
    found.push(skipped(purgeKeys.variable, "There is none: this server can delete no picture at Thales."));
  if (options.imageInformationKey !== undefined)
    await attempt(options.setDataCaptureUrl ?? options.soapUrl, () => tryDataCapture(options, signal));
  if (!known.has(options.soapUrl)) await attempt(options.soapUrl, () => tryNoMethod(options, signal));
  return found;
}

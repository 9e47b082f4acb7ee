import { randomUUID } from "node:crypto";
import { type Finding, type Instruments, ok, skipped, unchecked, wrong } from "../diagnosis.ts";
import { type Answer, ask, findTemplateUrl, writeQuestion } from "./image-api.ts";
import { isForeignPage } from "./image-api-errors.ts";
import { type ThalesOptions, valueFor } from "./options.ts";
import { thalesSettings } from "./settings.ts";

const names = Object.fromEntries(
  Object.entries(thalesSettings).map(([name, { variable }]) => [name, variable]),
) as Readonly<Record<keyof typeof thalesSettings, string>>;

const tryWithPicture = "Only a test picture tells: --send-test-picture.";

/** What an answer says that names no error of the Image API: of the address, or of the service. */
function judgeOthers(variable: string, method: string, answer: Answer): Finding {
  if (answer.kind === "picture") {
    const isPage = isForeignPage({ bytes: answer.bytes, contentType: answer.contentType ?? "" });
    return isPage
      ? wrong(variable, `A web page answers there (HTTP 200): it is not the address of ${method}. Correct it.`)
      : unchecked(variable, `${method} shows something for a picture that does not exist. Ask Thales.`);
  }
  const { status, detail } = answer;
  if (status === undefined) return unchecked(variable, `${detail}. Try again.`);
  if (answer.kind === "not-found" && answer.isEmpty)
    return unchecked(
      variable,
      `HTTP 404 without a word: that may be Thales' "Design Not Found", or another server's. Is it the address of ${method}?`,
    );
  if (answer.kind === "not-found")
    return wrong(
      variable,
      `${answer.isForeign ? "A web page" : 'Something that is not Thales\' "Design Not Found"'} answers there (HTTP 404): it is not the address of ${method}. Correct it.`,
    );
  if (status === 401 || status === 403)
    return wrong(
      variable,
      `${detail}, before any key is looked at. Have Thales allow this server's IP address, or show the client certificate that they expect (FULLBLEED_OUTBOUND_CLIENT_CERTIFICATE).`,
    );
  if (status >= 500 || status === 408 || status === 429)
    return unchecked(variable, `${detail}: the service is not well. Try again, and tell Thales if it stays so.`);
  return wrong(variable, `${detail}: it is not the address of ${method}. Correct it.`);
}

/** By an id that nothing has: tells the address and the delivery key. */
async function tryPreview(options: ThalesOptions, signal: AbortSignal): Promise<Finding> {
  const question = writeQuestion(options, { cardImageId: randomUUID() });
  const answer = await ask(options, "GetImage", options.getImageUrl, question?.parameters ?? {}, signal);
  const error = answer.kind === "picture" ? undefined : answer.error;
  if (error === "Invalid Delivery Image Key")
    return wrong(
      names.imageDeliveryKey,
      "Thales does not know the key (Invalid Delivery Image Key). Set that of this environment: each has another.",
    );
  if (error === "Design Not Found") return ok(names.getImageUrl, "Previews: address and delivery key are taken.");
  if (error !== undefined && answer.kind === "failed")
    return unchecked(names.getImageUrl, `${answer.detail}. Ask Thales what GetImage expects.`);
  return judgeOthers(names.getImageUrl, "GetImage", answer);
}

async function trySearch(
  options: ThalesOptions,
  field: string,
  productIds: readonly string[],
  signal: AbortSignal,
): Promise<Finding> {
  const [productId = ""] = productIds;
  const question = writeQuestion(options, { reference: "DOCTOR0FINDS0NOTHING", productId });
  const address = question?.address ?? options.getImageUrl;
  const answer = await ask(options, "GetImage", address, question?.parameters ?? {}, signal);
  const error = answer.kind === "picture" ? undefined : answer.error;
  const of = productIds.join(", ");
  switch (error) {
    case "Design Not Found":
      return ok(names.referenceFields, `${of}: the search for our reference is answered.`);
    case "Invalid Search Field":
      return wrong(
        names.referenceFields,
        `${of}: Thales knows no data-capture field "${field}" that can be searched (Invalid Search Field). Correct the name, or have them set it up.`,
      );
    case "Invalid Card Image Id":
    case "Invalid Parameter":
      return wrong(
        names.searchValueParameter,
        `The search does not take our reference in this parameter (${error}). Ask Thales which one it is.`,
      );
    case "Invalid Delivery Image Key":
      return wrong(names.searchUrl, "Another address than that of previews, which does not know their delivery key.");
    default:
      return judgeOthers(options.searchUrl === undefined ? names.getImageUrl : names.searchUrl, "the search", answer);
  }
}

/** GetTemplate is the one call that names a handover key and changes nothing. Undefined: it says nothing about the key. */
async function tryHandoverKey(
  options: ThalesOptions,
  address: string,
  key: string,
  signal: AbortSignal,
): Promise<"known" | "unknown" | Answer> {
  const parameters = { HandoverKey: key, TemplateType: "Print" };
  const answer = await ask(options, "GetTemplate", address, parameters, signal);
  if (answer.kind !== "picture") return answer.error === "Invalid Hand Over Key" ? "unknown" : answer;
  return isForeignPage({ bytes: answer.bytes, contentType: answer.contentType ?? "" }) ? answer : "known";
}

async function tryKeysOf(
  options: ThalesOptions,
  of: "handoverKeys" | "galleryHandoverKeys",
  { productIds, signal, isReached }: Instruments,
): Promise<Finding[]> {
  const variable = names[of];
  const keyed = productIds.filter((id) => valueFor(options[of], id) !== undefined);
  const address = findTemplateUrl(options);
  if (keyed.length === 0 || (address !== undefined && !isReached(address))) return [];
  if (address === undefined)
    return [skipped(variable, `There is no address of GetTemplate, which names these keys. ${tryWithPicture}`)];
  const tried = await Promise.all(
    keyed.map(async (id) => [id, await tryHandoverKey(options, address, options[of]?.[id] ?? "", signal)] as const),
  );
  const listOf = (what: "known" | "unknown"): string =>
    tried.flatMap(([id, answer]) => (answer === what ? [id] : [])).join(", ");
  const [other] = tried.flatMap(([, answer]) => (typeof answer === "string" ? [] : [answer]));
  const checking = of === "handoverKeys" ? "checked (cardholders')" : "unchecked (gallery)";
  return [
    ...(listOf("known") === "" ? [] : [ok(variable, `${listOf("known")}: Thales knows the key.`)]),
    ...(listOf("unknown") === ""
      ? []
      : [
          wrong(
            variable,
            `${listOf("unknown")}: Thales does not know the key (Invalid Hand Over Key). Set that of this product and environment for ${checking} images.`,
          ),
        ]),
    ...(other === undefined ? [] : [judgeTemplate(options, variable, other)]),
  ];
}

/** Card art is no must: without it the designer draws its own, and the keys are tried by a picture. */
function judgeTemplate(options: ThalesOptions, variable: string, answer: Answer): Finding {
  const judged = judgeOthers(names.templateUrl, "GetTemplate", answer);
  if (options.templateUrl !== undefined && judged.verdict === "wrong") return judged;
  const what = answer.kind === "picture" ? "GetTemplate was answered with a web page" : answer.detail;
  return skipped(variable, `${what}, which says nothing about the key. ${tryWithPicture}`);
}

/** Groups products by the field that takes our reference. */
function listFields(options: ThalesOptions, productIds: readonly string[]): [string, string[]][] {
  const fields = new Map<string, string[]>();
  for (const id of productIds) {
    const field = valueFor(options.referenceFields, id);
    if (field !== undefined) fields.set(field, [...(fields.get(field) ?? []), id]);
  }
  return [...fields];
}

/** Previews, then what needs their key too: the search and the handover keys. */
export async function diagnoseImageApi(options: ThalesOptions, instruments: Instruments): Promise<Finding[]> {
  const { productIds, isReached, signal } = instruments;
  if (!isReached(options.getImageUrl)) return [];
  const preview = await tryPreview(options, signal);
  if (preview.verdict !== "ok") return [preview];
  const fields = listFields(options, productIds);
  const searches = isReached(options.searchUrl ?? options.getImageUrl)
    ? fields.map(([field, ids]) => trySearch(options, field, ids, signal))
    : [];
  const without = productIds.filter((id) => valueFor(options.referenceFields, id) === undefined);
  const unsearched =
    without.length === 0
      ? []
      : [
          skipped(
            names.referenceFields,
            `${without.join(", ")}: no field takes our reference, so a picture whose answer is lost cannot be found again. Have Thales set one up.`,
          ),
        ];
  const keys = (["handoverKeys", "galleryHandoverKeys"] as const).map((of) => tryKeysOf(options, of, instruments));
  const found = await Promise.all([...searches.map(async (one) => [await one]), ...keys]);
  return [preview, ...dropRepeated(found.flat()), ...unsearched];
}

/** What several products have in common is one finding. */
function dropRepeated(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    (one, index) => findings.findIndex(({ subject, says }) => subject === one.subject && says === one.says) === index,
  );
}

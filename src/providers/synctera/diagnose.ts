import { randomUUID } from "node:crypto";
import { type Finding, type Instruments, ok, skipped, unchecked, wrong } from "../diagnosis.ts";
import { type Answer, call, parseJson, toJson } from "./call.ts";
import { findCardProduct } from "./send.ts";
import { type SyncteraOptions, syncteraSettings } from "./settings.ts";
import { cardImageList } from "./wire.ts";

const { url, apiKey, cardProducts, webhookSecrets } = syncteraSettings;

/** What an answer says that is not what was asked for: of the key, the address or the service. */
function judgeOthers(answer: Answer, right: string): Finding {
  if (answer.kind === "ok")
    return parseJson(answer.bytes) === undefined
      ? wrong(
          url.variable,
          "Something answers there that is not Synctera (HTTP 200, and no JSON). Correct the address.",
        )
      : unchecked(url.variable, `To ${right} was answered with something else. Ask Synctera.`);
  if (answer.kind === "no-answer") return unchecked(url.variable, `${answer.detail}. Try again.`);
  const { status, detail } = answer;
  if (answer.kind === "error" && status === 401)
    return wrong(apiKey.variable, `${detail}: Synctera does not know the key. Set that of this environment.`);
  if (answer.kind === "error" && status === 403)
    return wrong(apiKey.variable, `${detail}: the key has not the right to ${right}. Have Synctera give it.`);
  if (status >= 500 || status === 408 || status === 429)
    return unchecked(url.variable, `${detail}: the service is not well. Try again.`);
  if (status === 401 || status === 403)
    return wrong(
      url.variable,
      `${detail}: not Synctera but something before it refuses. Is this server's IP address allowed?`,
    );
  return wrong(
    url.variable,
    `${detail}, which Synctera does not say. Correct the address: with its version at the end, such as https://api.synctera.com/v1`,
  );
}

/** By a card image that nothing has: tells the address, the key and its right to read. */
async function tryRead(options: SyncteraOptions, signal: AbortSignal): Promise<Finding> {
  const answer = await call(options, { method: "GET", path: `/cards/images/${randomUUID()}` }, signal);
  if (answer.kind === "error" && answer.status === 404)
    return ok(apiKey.variable, "Address and key are taken, and card images may be read.");
  return judgeOthers(answer, "read card images");
}

/** Of a customer that nothing has. */
async function tryList(options: SyncteraOptions, signal: AbortSignal): Promise<Finding[]> {
  const query = { customer_id: randomUUID() };
  const answer = await call(options, { method: "GET", path: "/cards/images", query }, signal);
  if (answer.kind === "ok" && cardImageList.safeParse(parseJson(answer.bytes)).success) return [];
  // Of a customer that it does not know it may say so.
  if (answer.kind === "error" && [400, 404, 422].includes(answer.status)) return [];
  return [judgeOthers(answer, "list card images")];
}

/** Without a customer and a card product nothing can be made; who may not write is told that first. */
async function tryWrite(options: SyncteraOptions, signal: AbortSignal): Promise<Finding[]> {
  const answer = await call(options, { method: "POST", path: "/cards/images", body: toJson({}) }, signal);
  if (answer.kind === "error" && [400, 422].includes(answer.status))
    return [ok(apiKey.variable, "Card images may be made.")];
  return [judgeOthers(answer, "make card images")];
}

const maxPages = 20;
const ids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Every id in Synctera's list of card products; undefined when it is not to be had. */
async function listCardProducts(
  options: SyncteraOptions,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  const found = new Set<string>();
  let token: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const query = token === undefined ? {} : { page_token: token };
    const answer = await call(options, { method: "GET", path: "/cards/products", query }, signal);
    const list = answer.kind === "ok" ? (parseJson(answer.bytes) as { next_page_token?: unknown } | null) : null;
    if (answer.kind !== "ok" || typeof list !== "object" || list === null) return undefined;
    for (const [id] of JSON.stringify(list).matchAll(ids)) found.add(id.toLowerCase());
    if (typeof list.next_page_token !== "string" || list.next_page_token === "") return found;
    token = list.next_page_token;
  }
  return undefined;
}

async function tryCardProducts(
  options: SyncteraOptions,
  productIds: readonly string[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const named = productIds.filter((id) => findCardProduct(options, id) !== undefined);
  const known = await listCardProducts(options, signal);
  if (known === undefined)
    return [
      skipped(cardProducts.variable, "The list of card products is not to be had. A test picture tries them, too."),
    ];
  const isKnown = (id: string): boolean => known.has(findCardProduct(options, id) ?? "");
  const [good, bad] = [named.filter(isKnown), named.filter((id) => !isKnown(id))];
  return [
    ...(good.length === 0 ? [] : [ok(cardProducts.variable, `${good.join(", ")}: Synctera has the card product.`)]),
    ...(bad.length === 0
      ? []
      : [
          wrong(
            cardProducts.variable,
            `${bad.join(", ")}: Synctera has no card product with this id. Set one of this environment, with custom images.`,
          ),
        ]),
  ];
}

/** Asks for what does not exist, and for what cannot be made. No card image is made. */
export async function diagnoseSynctera(
  options: SyncteraOptions,
  { isReached, productIds, notificationsUrl, signal }: Instruments,
): Promise<readonly Finding[]> {
  const webhooks = skipped(
    webhookSecrets.variable,
    `It is set. Whether Synctera signs with it, only a webhook tells. CARD.IMAGE.UPDATED has to go to ${notificationsUrl}`,
  );
  if (!isReached(options.url)) return [webhooks];
  const read = await tryRead(options, signal);
  if (read.verdict !== "ok") return [read, webhooks];
  const more = await Promise.all([
    tryList(options, signal),
    tryWrite(options, signal),
    tryCardProducts(options, productIds, signal),
  ]);
  return [read, ...more.flat(), webhooks];
}

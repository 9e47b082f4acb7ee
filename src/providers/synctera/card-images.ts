import type { Checkpoint } from "../provider.ts";
import { type Answer, call, parseJson } from "./call.ts";
import type { SyncteraOptions } from "./settings.ts";
import { type CardImage, cardImage, cardImageList } from "./wire.ts";

/** Which card images may be meant: those of this customer for this card product. */
export interface Owner {
  readonly customerId: string;
  readonly cardProductId: string;
}

export type Read<Value> =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "cannot-tell"; readonly detail: string };

export function isOf({ customerId, cardProductId }: Owner, image: CardImage): boolean {
  return image.customer_id === customerId && image.card_product_id === cardProductId;
}

/** The card image in an answer, or undefined for an answer that has none. */
export function readCardImage(answer: Extract<Answer, { kind: "ok" }>): CardImage | undefined {
  return cardImage.safeParse(parseJson(answer.bytes)).data;
}

/** Reads one card image's details. */
export async function readDetails(
  options: SyncteraOptions,
  cardImageId: string,
  signal: AbortSignal,
): Promise<Read<CardImage>> {
  const answer = await call(options, { method: "GET", path: `/cards/images/${cardImageId}` }, signal);
  if (answer.kind !== "ok") return { kind: "cannot-tell", detail: answer.detail };
  const image = readCardImage(answer);
  if (image === undefined) return { kind: "cannot-tell", detail: "a card image's details were answered without them" };
  if (image.id !== cardImageId)
    return { kind: "cannot-tell", detail: "a card image's details were answered with another's" };
  return { kind: "value", value: image };
}

/** A customer has a handful. */
const maxPages = 20;

/** All card images of a customer; what is in the list and belongs to another is left out. */
async function listImages(
  options: SyncteraOptions,
  customerId: string,
  signal: AbortSignal,
): Promise<Read<readonly CardImage[]>> {
  const images = new Map<string, CardImage>();
  const seen = new Set<string>();
  let token: string | null | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const query = { customer_id: customerId, ...(typeof token === "string" && { page_token: token }) };
    const answer = await call(options, { method: "GET", path: "/cards/images", query }, signal);
    if (answer.kind !== "ok") return { kind: "cannot-tell", detail: answer.detail };
    const list = cardImageList.safeParse(parseJson(answer.bytes));
    const found = list.data?.images.map((entry) => cardImage.safeParse(entry).data);
    if (list.data === undefined || found === undefined || found.includes(undefined))
      return { kind: "cannot-tell", detail: "the list of card images is not understood" };
    for (const image of found) if (image?.customer_id === customerId) images.set(image.id, image);
    token = list.data.next_page_token;
    if (token === undefined || token === null || token === "") return { kind: "value", value: [...images.values()] };
    if (seen.has(token)) return { kind: "cannot-tell", detail: "the list of card images goes round in a circle" };
    seen.add(token);
  }
  return { kind: "cannot-tell", detail: `the list of card images has more than ${maxPages} pages` };
}

/** The card images of this owner that wait for their picture and that no submission of ours has. */
export async function listUntracked(
  options: SyncteraOptions,
  owner: Owner,
  checkpoint: Checkpoint,
  signal: AbortSignal,
): Promise<Read<readonly string[]>> {
  const list = await listImages(options, owner.customerId, signal);
  if (list.kind !== "value") return list;
  const empty = list.value.filter((image) => isOf(owner, image) && image.status === "NOT_UPLOADED").map(({ id }) => id);
  const taken = empty.length === 0 ? new Set<string>() : await checkpoint.findTaken(empty);
  return { kind: "value", value: empty.filter((id) => !taken.has(id)) };
}

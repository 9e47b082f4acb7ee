import { createHash, randomUUID } from "node:crypto";
import sharp from "sharp";
import * as z from "zod";
import { findProduct } from "#card/products.ts";
import { type CardImage, rejectionReasons, uuid } from "../wire.ts";
import type { SyncteraEmulatorSettings } from "./config.ts";
import type { Fault } from "./faults.ts";
import type { StoredImage, SyncteraStore } from "./store.ts";
import type { Webhooks } from "./webhooks.ts";

export interface Service {
  readonly settings: SyncteraEmulatorSettings;
  readonly store: SyncteraStore;
  readonly webhooks: Webhooks;
}

/** What a call comes to: a JSON body, or the picture's bytes. */
export interface Result {
  readonly status: number;
  readonly body: object | Uint8Array;
  readonly cardImageId?: string;
}

/** An error as Synctera writes it. */
export function writeError(status: number, code: string, detail: string): Result {
  return { status, body: { code, detail, status } };
}

const notFound = writeError(404, "NOT_FOUND", "There is no such card image");
const badBody = (detail: string) => writeError(400, "BAD_REQUEST_BODY", detail);
const unprocessable = (detail: string) => writeError(422, "UNPROCESSABLE_ENTITY", detail);

const creation = z.object({ customer_id: uuid, card_product_id: uuid });

export async function create({ settings, store }: Service, given: unknown, fault: Fault | null): Promise<Result> {
  const parsed = creation.safeParse(given);
  if (!parsed.success) return badBody("customer_id and card_product_id: expected UUIDs");
  const known = Object.values(settings.cardProducts).map((id) => id.toLowerCase());
  if (!known.includes(parsed.data.card_product_id)) return unprocessable("There is no such card product");
  const customer = fault?.name === "other-customer" ? randomUUID() : parsed.data.customer_id;
  const make = (): CardImage => {
    const image: CardImage = { ...parsed.data, customer_id: customer, id: randomUUID(), status: "NOT_UPLOADED" };
    store.keepImage({ image, createdAt: Date.now(), uploadedAt: null, sha256: null });
    return image;
  };
  const image = make();
  if (fault?.name === "twice" || fault?.name === "twice-lost") make();
  return { status: 201, body: image, cardImageId: image.id };
}

async function findPictureFault(jpeg: Buffer, widthPx: number, heightPx: number): Promise<string | undefined> {
  try {
    const decode = () => sharp(jpeg, { failOn: "warning", limitInputPixels: widthPx * heightPx * 4 });
    const { format, width, height } = await decode().metadata();
    if (format !== "jpeg") return "it is no JPEG";
    if (width !== widthPx || height !== heightPx) return `${width} x ${height} pixels`;
    await decode().raw().toBuffer();
    return undefined;
  } catch {
    return "it does not decode";
  }
}

function findRaster({ settings }: Service, { image }: StoredImage) {
  const [productId = ""] =
    Object.entries(settings.cardProducts).find(([, id]) => id.toLowerCase() === image.card_product_id) ?? [];
  return findProduct(productId);
}

export async function upload(service: Service, id: string, jpeg: Buffer): Promise<Result> {
  const { store, webhooks } = service;
  const stored = store.findImage(id);
  const raster = stored && findRaster(service, stored);
  if (stored === undefined || raster === undefined) return notFound;
  const wrong = await findPictureFault(jpeg, raster.widthPx, raster.heightPx);
  if (wrong !== undefined) return unprocessable(`The image is not acceptable: ${wrong}`);
  // Read again: another upload may have been quicker meanwhile.
  if (store.findImage(id)?.image.status !== "NOT_UPLOADED")
    return unprocessable("Image data has been uploaded already");
  const image: CardImage = { ...stored.image, status: "UNREVIEWED" };
  const sha256 = createHash("sha256").update(jpeg).digest("hex");
  store.keepImage({ ...stored, image, uploadedAt: Date.now(), sha256 }, jpeg);
  await webhooks.tell(image);
  return { status: 200, body: image, cardImageId: id };
}

export function readDetails({ store }: Service, id: string, fault: Fault | null): Result {
  const stored = store.findImage(id);
  if (stored === undefined) return notFound;
  const customer = fault?.name === "other-customer" ? randomUUID() : stored.image.customer_id;
  return { status: 200, body: { ...stored.image, customer_id: customer }, cardImageId: id };
}

export function list({ store }: Service, query: Record<string, unknown>, fault: Fault | null): Result {
  const customer = uuid.safeParse(query.customer_id);
  if (!customer.success) return writeError(400, "BAD_REQUEST_QUERY", "customer_id: expected a UUID");
  const { pageSize, listLagSeconds } = store.readSwitches();
  if (fault?.name === "empty") return { status: 200, body: { images: [] } };
  const visible = store
    .listImages(customer.data)
    .filter(({ createdAt }) => createdAt + listLagSeconds * 1000 <= Date.now())
    .map(({ image }) => image);
  const from = Number(query.page_token ?? 0);
  const images = visible.slice(from, from + pageSize);
  if (fault?.name === "other-customers")
    images.push({ ...(images[0] ?? otherImage), id: randomUUID(), customer_id: randomUUID(), status: "NOT_UPLOADED" });
  const next =
    fault?.name === "repeating-page" ? String(from) : from + pageSize < visible.length && String(from + pageSize);
  return { status: 200, body: { images, ...(next !== false && { next_page_token: next }) } };
}

const otherImage: CardImage = {
  id: randomUUID(),
  customer_id: randomUUID(),
  card_product_id: randomUUID(),
  status: "NOT_UPLOADED",
};

/** The vendor's page "List Card Products". */
export function listCardProducts({ settings }: Service): Result {
  const products = Object.values(settings.cardProducts).map((id) => ({ id: id.toLowerCase(), active: true }));
  return { status: 200, body: { card_products: products } };
}

export function readData({ store }: Service, id: string): Result {
  const data = store.readData(id);
  return data === undefined ? notFound : { status: 200, body: data, cardImageId: id };
}

const decision = z.discriminatedUnion("status", [
  z.object({ status: z.literal("APPROVED") }),
  z.object({
    status: z.literal("REJECTED"),
    rejection_reason: z.enum(rejectionReasons).optional(),
    rejection_memo: z.string().max(1000).optional(),
  }),
]);

/** Where a decision is possible from: an approval may be taken back, a rejection never. */
const mayBecome: Readonly<Record<CardImage["status"], readonly CardImage["status"][]>> = {
  NOT_UPLOADED: [],
  UNREVIEWED: ["APPROVED", "REJECTED"],
  APPROVED: ["REJECTED"],
  REJECTED: [],
};

export async function decide({ store, webhooks }: Service, id: string, given: unknown): Promise<Result> {
  const parsed = decision.safeParse(given);
  if (!parsed.success) return badBody("status: expected APPROVED, or REJECTED with a reason");
  const stored = store.findImage(id);
  if (stored === undefined) return notFound;
  const { status } = stored.image;
  if (!mayBecome[status].includes(parsed.data.status))
    return unprocessable(`A card image that is ${status} cannot become ${parsed.data.status}`);
  const image = { ...stored.image, ...parsed.data } as CardImage;
  store.keepImage({ ...stored, image });
  await webhooks.tell(image);
  return { status: 200, body: image, cardImageId: id };
}

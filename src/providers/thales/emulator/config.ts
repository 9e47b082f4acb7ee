import * as z from "zod";
import { byProduct } from "../../emulator/by-product.ts";

export interface PlatformSettings {
  /** The platform's own folder: database and pictures. Made when it does not exist. */
  readonly folder: string;
  /** Product id -> handover key for pictures that are checked. */
  readonly handoverKeys: Readonly<Record<string, string>>;
  /** Product id -> handover key for pictures of the gallery, which are not. */
  readonly galleryHandoverKeys: Readonly<Record<string, string>>;
  readonly imageDeliveryKey: string;
  /** Key of SetCustomDataCapture; without it every key is wrong. */
  readonly imageInformationKey?: string;
  /** Key of SetImageToPurge; without it every key is wrong. */
  readonly imagePurgeKey?: string;
  /** Data capture fields that exist. The first is the issuer's reference, which the ledger shows. */
  readonly dataCaptureFields: readonly string[];
  /** Where push notifications go; none are sent without it. */
  readonly notifyUrl?: string;
  /** Sent as `x-notification-secret`. */
  readonly notifySecret?: string;
}

const key = z.string().min(1).max(200);
const handoverKeys = byProduct(key).refine(
  (keys) => new Set(Object.values(keys)).size === Object.keys(keys).length,
  "gives two products one key",
);
const fieldNames = z
  .string()
  .transform((text) => text.split(",").map((name) => name.trim()))
  .pipe(z.array(z.string().regex(/^[\w .-]{1,100}$/, "names a field of other characters")).max(50));

const environment = z.object({
  PDS_PORT: z.coerce.number().int().min(0).max(65535),
  PDS_HOST: z.string().min(1).default("127.0.0.1"),
  PDS_DATA: z.string().min(1),
  PDS_HANDOVER_KEYS: handoverKeys,
  PDS_GALLERY_HANDOVER_KEYS: handoverKeys.default({}),
  PDS_IMAGE_DELIVERY_KEY: key,
  PDS_IMAGE_INFORMATION_KEY: key.optional(),
  PDS_IMAGE_PURGE_KEY: key.optional(),
  PDS_DATA_CAPTURE_FIELDS: fieldNames.default([]),
  PDS_NOTIFY_URL: z.url({ protocol: /^https?$/ }).optional(),
  PDS_NOTIFY_SECRET: key.optional(),
});

export interface PlatformConfig extends PlatformSettings {
  readonly host: string;
  readonly port: number;
}

/** Reads the PDS_* variables. Throws an Error that names the variable that is wrong and never repeats its value. */
export function readConfig(variables: NodeJS.ProcessEnv): PlatformConfig {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${String(issue?.path[0])}: ${issue?.message}`);
  }
  const { PDS_NOTIFY_URL, PDS_NOTIFY_SECRET, ...values } = parsed.data;
  if (PDS_NOTIFY_URL !== undefined && PDS_NOTIFY_SECRET === undefined) {
    throw new Error("PDS_NOTIFY_SECRET: is needed with PDS_NOTIFY_URL");
  }
  const checked = new Set(Object.values(values.PDS_HANDOVER_KEYS));
  if (Object.values(values.PDS_GALLERY_HANDOVER_KEYS).some((each) => checked.has(each)))
    throw new Error("PDS_GALLERY_HANDOVER_KEYS: has a key of PDS_HANDOVER_KEYS");
  return {
    host: values.PDS_HOST,
    port: values.PDS_PORT,
    folder: values.PDS_DATA,
    handoverKeys: values.PDS_HANDOVER_KEYS,
    galleryHandoverKeys: values.PDS_GALLERY_HANDOVER_KEYS,
    imageDeliveryKey: values.PDS_IMAGE_DELIVERY_KEY,
    dataCaptureFields: values.PDS_DATA_CAPTURE_FIELDS,
    ...(values.PDS_IMAGE_INFORMATION_KEY === undefined
      ? {}
      : { imageInformationKey: values.PDS_IMAGE_INFORMATION_KEY }),
    ...(values.PDS_IMAGE_PURGE_KEY === undefined ? {} : { imagePurgeKey: values.PDS_IMAGE_PURGE_KEY }),
    ...(PDS_NOTIFY_URL === undefined ? {} : { notifyUrl: PDS_NOTIFY_URL }),
    ...(PDS_NOTIFY_SECRET === undefined ? {} : { notifySecret: PDS_NOTIFY_SECRET }),
  };
}

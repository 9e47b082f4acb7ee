import * as z from "zod";
import { byProduct } from "../../emulator/by-product.ts";

export interface SyncteraEmulatorSettings {
  /** The emulator's own folder: its database. Made when it does not exist. */
  readonly folder: string;
  readonly apiKey: string;
  /** Product of ours -> id of the card product. */
  readonly cardProducts: Readonly<Record<string, string>>;
  /** Where webhooks go; none are sent without it. */
  readonly webhookUrl?: string;
  /** One or two: while a secret is changed, a webhook is signed with both. */
  readonly webhookSecrets: readonly string[];
}

const cardProducts = byProduct(z.guid());

const environment = z.object({
  SYNCTERA_PORT: z.coerce.number().int().min(0).max(65535),
  SYNCTERA_HOST: z.string().min(1).default("127.0.0.1"),
  SYNCTERA_DATA: z.string().min(1),
  SYNCTERA_API_KEY: z.string().min(1).max(500),
  SYNCTERA_CARD_PRODUCTS: cardProducts,
  SYNCTERA_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  SYNCTERA_WEBHOOK_SECRET: z
    .string()
    .transform((text) => text.split(","))
    .default([]),
});

/** Reads the SYNCTERA_* variables. Throws an Error that names the variable that is wrong and never repeats its value. */
export function readConfig(variables: NodeJS.ProcessEnv) {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${String(issue?.path[0])}: ${issue?.message}`);
  }
  const { data } = parsed;
  if (data.SYNCTERA_WEBHOOK_URL !== undefined && data.SYNCTERA_WEBHOOK_SECRET.length === 0)
    throw new Error("SYNCTERA_WEBHOOK_SECRET: is needed with SYNCTERA_WEBHOOK_URL");
  const settings: SyncteraEmulatorSettings = {
    folder: data.SYNCTERA_DATA,
    apiKey: data.SYNCTERA_API_KEY,
    cardProducts: data.SYNCTERA_CARD_PRODUCTS,
    webhookSecrets: data.SYNCTERA_WEBHOOK_SECRET,
    ...(data.SYNCTERA_WEBHOOK_URL !== undefined && { webhookUrl: data.SYNCTERA_WEBHOOK_URL }),
  };
  return { host: data.SYNCTERA_HOST, port: data.SYNCTERA_PORT, settings };
}

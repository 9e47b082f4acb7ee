import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import sharp from "sharp";
import type { SendOrder } from "../../../provider.ts";
import { createMemoryCheckpoints } from "../../../testing/memory-checkpoint.ts";
import { createSyncteraProvider } from "../../adapter.ts";
import type { SyncteraOptions } from "../../settings.ts";
import type { CardImage } from "../../wire.ts";
import { buildSynctera } from "../app.ts";
import type { SyncteraEmulatorSettings } from "../config.ts";
import type { FaultInput } from "../faults.ts";
import type { CallLine, StoredImage, WebhookLine } from "../store.ts";
import { signWebhook } from "../webhooks.ts";

export const testApiKey = "CANARY-API-KEY";
export const testWebhookSecret = "CANARY-WEBHOOK-SECRET";
export const testCardProducts = {
  "photo-landscape": "10000000-0000-4000-8000-000000000001",
  "photo-portrait": "10000000-0000-4000-8000-000000000002",
} as const;

export interface TestSynctera {
  readonly app: FastifyInstance;
  close(): Promise<void>;
  addFault(payload: FaultInput): Promise<void>;
  setSwitches(payload: object): Promise<void>;
  images(): Promise<StoredImage[]>;
  ledger(): Promise<{ calls: CallLine[]; webhooks: WebhookLine[] }>;
}

/** Synctera's emulator with a folder of its own, which `close` removes. */
export async function openTestSynctera(settings: Partial<SyncteraEmulatorSettings> = {}): Promise<TestSynctera> {
  const folder = await mkdtemp(join(tmpdir(), "synctera-"));
  const app = await buildSynctera({
    folder,
    apiKey: testApiKey,
    cardProducts: testCardProducts,
    webhookSecrets: [testWebhookSecret],
    ...settings,
  });
  const ask = async (method: "PUT" | "POST", url: string, payload: object): Promise<void> => {
    const reply = await app.inject({ method, url, payload });
    if (reply.statusCode !== 200) throw new Error(reply.body);
  };
  return {
    app,
    addFault: (payload) => ask("POST", "/sandbox/faults", payload),
    setSwitches: (payload) => ask("PUT", "/sandbox/switches", payload),
    images: async () => (await app.inject("/sandbox/images")).json<{ images: StoredImage[] }>().images,
    ledger: async () => (await app.inject("/sandbox/ledger")).json(),
    async close() {
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** For a platform at this origin. */
export function syncteraOptions(origin: string): SyncteraOptions {
  return {
    url: `${origin}/v1`,
    apiKey: testApiKey,
    cardProducts: testCardProducts,
    webhookSecrets: [testWebhookSecret],
    signatureHeader: "synctera-signature",
    timestampHeader: "request-timestamp",
    signedSeparator: ".",
    webhookToleranceSeconds: 300,
  };
}

export function syncteraAt(origin: string, options: Partial<SyncteraOptions> = {}) {
  return createSyncteraProvider({ ...syncteraOptions(origin), ...options });
}

export const newCustomer = (): string => randomUUID();

const noise = { type: "gaussian", mean: 128, sigma: 50 } as const;
export const makePng = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#000", noise } })
    .blur(4)
    .png()
    .toBuffer();
export const sha256 = (given: Uint8Array) => createHash("sha256").update(given).digest("hex");

/** New submissions of this picture, each with a checkpoint and a customer of its own. */
export function makeOrders(bytes: Uint8Array) {
  const checkpoints = createMemoryCheckpoints();
  let count = 0;
  const make = (change: Partial<SendOrder> = {}): SendOrder => {
    count += 1;
    return {
      reference: "REFERENCE0REFERENCE0",
      attempt: 1,
      cardholderId: newCustomer(),
      productId: "photo-landscape",
      pixelOrigin: "cardholder",
      bytes,
      mediaType: "image/png",
      checkpoint: checkpoints.of(String(count)),
      ...change,
    };
  };
  return { make, checkpoints };
}

/** A card image as Synctera tells of it. */
export const makeImage = (id: string, change: Partial<CardImage> = {}): CardImage => ({
  id,
  customer_id: newCustomer(),
  card_product_id: testCardProducts["photo-landscape"],
  status: "APPROVED",
  ...change,
});
export const signed = (body: string) => ({ headers: signWebhook([testWebhookSecret], body, Date.now()), body });

import { randomUUID } from "node:crypto";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import type { SubmissionRecord } from "#contracts/submission.ts";
import { buildSynctera } from "#providers/synctera/emulator/app.ts";
import type { CallLine, StoredImage } from "#providers/synctera/emulator/store.ts";
import { toJpeg } from "#providers/synctera/to-jpeg.ts";
import { buildPlatform } from "#providers/thales/emulator/app.ts";
import { sha256Of } from "#server/testing/picture.ts";
import type { ToldVerdict } from "./fault-decisions.ts";
import type { PlatformImage } from "./ledgers.ts";

export interface FaultSettings {
  /** Chance of each fault in each call. */
  readonly chance: number;
  readonly seed: number;
  /** What its search, or its list, lags behind. */
  readonly lagSeconds: number;
  /** Whether it tells what becomes of its pictures. */
  readonly notifies: boolean;
}

/** An emulator with all its faults, as the run needs it. */
export interface FaultPlatform {
  /** The product that it makes. */
  readonly product: string;
  /** What the server has to be told of it. */
  readonly env: Readonly<Record<string, string>>;
  /** Of a cardholder whom nobody has heard of. */
  newCardholder(): string;
  /** SHA-256 (hex) of what it stores when it is sent this picture. */
  storedSha256(picture: Uint8Array): Promise<string>;
  /** What a submission and its pictures here have in common. */
  markOf(record: SubmissionRecord): string;
  /** Faults begin, or none is new any more. */
  setCruel(isOn: boolean): Promise<void>;
  readImages(): Promise<PlatformImage[]>;
  /** By image id, where the issuer decides. */
  readVerdicts?(): Promise<Map<string, ToldVerdict>>;
  close(): Promise<void>;
}

async function setSwitches(app: FastifyInstance, payload: object): Promise<void> {
  const { statusCode, body } = await app.inject({ method: "PUT", url: "/sandbox/switches", payload });
  if (statusCode !== 200) throw new Error(`switches: ${statusCode} ${body}`);
}

/** Thales' emulator for photo-landscape. */
export async function startThales(folder: string, serverUrl: string, faults: FaultSettings): Promise<FaultPlatform> {
  const product = "photo-landscape";
  const field = "Reference";
  const keys = { handover: "handover-key-of-the-run", delivery: "delivery-key-of-the-run", information: randomUUID() };
  const notifySecret = "notification-secret-of-the-run";
  const app = await buildPlatform({
    folder: path.join(folder, "thales"),
    handoverKeys: { [product]: keys.handover },
    galleryHandoverKeys: {},
    imageDeliveryKey: keys.delivery,
    imageInformationKey: keys.information,
    dataCaptureFields: [field],
    ...(faults.notifies && { notifyUrl: `${serverUrl}/v1/platform/thales/notifications`, notifySecret }),
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  await setSwitches(app, {
    review: { mode: "accept", delaySeconds: 0.2 },
    imageApi: { searchDelaySeconds: faults.lagSeconds },
  });
  // A search that will never find a picture which is there tells a lie, and nobody can see through it.
  // Nor can an answer be seen through that gives another picture's id, as long as nobody is told which is whose.
  const never = faults.notifies ? {} : { SendImage: { "repeated-id": 0, "repeated-id-stored": 0 } };
  const chances = { Index: { "search-never": 0 }, ...never };
  const { chance, seed } = faults;
  return {
    product,
    env: {
      FULLBLEED_THALES_SOAP_URL: `${url}/PDS/ImageUpload.asmx`,
      FULLBLEED_THALES_GET_IMAGE_URL: `${url}/ImageAPI/GetImage`,
      FULLBLEED_THALES_HANDOVER_KEYS: JSON.stringify({ [product]: keys.handover }),
      FULLBLEED_THALES_REFERENCE_FIELDS: JSON.stringify({ [product]: field }),
      FULLBLEED_THALES_IMAGE_DELIVERY_KEY: keys.delivery,
      FULLBLEED_THALES_IMAGE_INFORMATION_KEY: keys.information,
      FULLBLEED_THALES_NOTIFICATION_SECRET: notifySecret,
    },
    newCardholder: () => `c-${randomUUID()}`,
    storedSha256: async (picture) => sha256Of(picture),
    markOf: ({ reference }) => reference,
    setCruel: (on) => setSwitches(app, { cruel: { on, seed, chance, chances, longestSeconds: 4 } }),
    async readImages() {
      const images: PlatformImage[] = [];
      for (;;) {
        const before = images.at(-1)?.cardImageId;
        const query = new URLSearchParams({ limit: "1000", ...(before !== undefined && { before }) });
        const answer = await app.inject(`/sandbox/images?${query.toString()}`);
        const page = answer.json<{ images: (Omit<PlatformImage, "mark"> & { reference: string | null })[] }>().images;
        images.push(...page.map(({ reference, ...image }) => ({ ...image, mark: reference ?? "" })));
        if (page.length < 1000) return images;
      }
    },
    close: () => app.close(),
  };
}

/** Synctera's emulator for photo-portrait. */
export async function startSynctera(folder: string, serverUrl: string, faults: FaultSettings): Promise<FaultPlatform> {
  const product = "photo-portrait";
  const secret = "webhook-secret-of-the-run";
  const apiKey = "synctera-key-of-the-run";
  const cardProducts = { [product]: randomUUID() };
  const app = await buildSynctera({
    folder: path.join(folder, "synctera"),
    apiKey,
    cardProducts,
    webhookSecrets: [secret],
    ...(faults.notifies && { webhookUrl: `${serverUrl}/v1/platform/synctera/notifications` }),
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  await setSwitches(app, { listLagSeconds: faults.lagSeconds });
  // That it does not know a customer is no fault that could be made good.
  const chances = { Create: { "error-422": 0 } };
  const { chance, seed } = faults;
  return {
    product,
    env: {
      FULLBLEED_SYNCTERA_URL: `${url}/v1`,
      FULLBLEED_SYNCTERA_API_KEY: apiKey,
      FULLBLEED_SYNCTERA_CARD_PRODUCTS: JSON.stringify(cardProducts),
      FULLBLEED_SYNCTERA_WEBHOOK_SECRET: secret,
    },
    newCardholder: () => randomUUID(),
    storedSha256: async (picture) => sha256Of(await toJpeg(picture)),
    markOf: ({ cardholderId }) => cardholderId,
    setCruel: (on) => setSwitches(app, { cruel: { on, seed, chance, chances, longestSeconds: 4 } }),
    async readImages() {
      const { images } = (await app.inject("/sandbox/images")).json<{ images: StoredImage[] }>();
      return images.flatMap(({ image, sha256, uploadedAt }) =>
        sha256 === null || uploadedAt === null
          ? []
          : {
              cardImageId: image.id,
              mark: image.customer_id,
              sha256,
              receivedAt: uploadedAt,
              // Its details tell at once.
              searchableFrom: uploadedAt,
              notifications: [],
            },
      );
    },
    async readVerdicts() {
      const { images } = (await app.inject("/sandbox/images")).json<{ images: StoredImage[] }>();
      const { calls } = (await app.inject("/sandbox/ledger")).json<{ calls: CallLine[] }>();
      const done = calls.filter(({ method, cardImageId }) => method === "Decide" && cardImageId !== null);
      const byImage = Map.groupBy(done, ({ cardImageId }) => cardImageId);
      const writesOf = (id: string) => new Set(byImage.get(id)?.map(({ idempotencyKey }) => idempotencyKey)).size;
      return new Map(
        images.map(({ image: { id, status, rejection_reason: reason = null, rejection_memo: memo = null } }) => [
          id,
          { status, reason, memo, writes: writesOf(id) },
        ]),
      );
    },
    close: () => app.close(),
  };
}

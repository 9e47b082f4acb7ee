import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import sharp, { type Sharp } from "sharp";
import { listenLocally } from "#providers/testing/listen.ts";
import { thalesDefaults } from "#providers/thales/defaults.ts";
import { escapeXml } from "#providers/xml.ts";
import { buildPlatform } from "../app.ts";
import type { PlatformSettings } from "../config.ts";

export const testKeys = { "photo-landscape": "CANARY-KEY-L", "photo-portrait": "CANARY-KEY-P" } as const;
export const testDeliveryKey = "CANARY-DELIVERY-KEY";

export interface TestPlatform {
  readonly app: FastifyInstance;
  readonly folder: string;
  close(): Promise<void>;
}

/** A platform with a folder of its own, which `close` removes. */
export async function openTestPlatform(settings: Partial<PlatformSettings> = {}): Promise<TestPlatform> {
  const folder = settings.folder ?? (await mkdtemp(join(tmpdir(), "platform-")));
  const keys = { handoverKeys: testKeys, imageDeliveryKey: testDeliveryKey };
  const app = await buildPlatform({ ...keys, ...settings, folder });
  const close = async () => {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { app, folder, close };
}

/** Sends a picture for photo-landscape over SOAP, with data capture if there is any. Answers the card image id. */
export async function sendPicture({ app }: TestPlatform, image: Uint8Array, dataCapture?: string): Promise<string> {
  const [method, capture] =
    dataCapture === undefined
      ? ["SendImage", ""]
      : ["SendImageWithDataCapture", `<DataCapture>${escapeXml(dataCapture)}</DataCapture>`];
  const { namespace } = thalesDefaults;
  const call =
    `<${method} xmlns="${namespace}"><Image>${Buffer.from(image).toString("base64")}</Image>` +
    `<handoverKey>${testKeys["photo-landscape"]}</handoverKey>${capture}</${method}>`;
  const reply = await app.inject({
    method: "POST",
    url: "/PDS/ImageUpload.asmx",
    headers: { "content-type": "text/xml; charset=utf-8", soapaction: `"${namespace}${method}"` },
    payload: `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>${call}</soap:Body></soap:Envelope>`,
  });
  const [, cardImageId] = /<CardImageID>(.+)<\/CardImageID>/.exec(reply.body) ?? [];
  if (cardImageId === undefined) throw new Error(`the platform has no picture: ${reply.body}`);
  return cardImageId;
}

const noise = { type: "gaussian", mean: 128, sigma: 50 } as const;

/** An RGB picture in which everything is noise, so that no two pixels are alike by design. */
export function makeNoise(width: number, height: number): Sharp {
  return sharp({ create: { width, height, channels: 3, background: "#000", noise } });
}

export interface NotificationListener {
  readonly url: string;
  readonly heard: { headers: http.IncomingHttpHeaders; body: Record<string, unknown> }[];
  close(): void;
}

/** The issuer's end of the notifications; `statusOf` decides the answer to the nth one, counted from 0. */
export async function listenForNotifications(statusOf: (nth: number) => number): Promise<NotificationListener> {
  const heard: NotificationListener["heard"] = [];
  const server = http.createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    request.on("end", () => {
      heard.push({ headers: request.headers, body: JSON.parse(text) as Record<string, unknown> });
      response.writeHead(statusOf(heard.length - 1)).end();
    });
  });
  const url = `${await listenLocally(server)}/notifications`;
  return { url, heard, close: () => server.close() };
}

/** Waits until `probe` answers something; fails after 15 seconds. */
export async function eventually<Value>(
  probe: () => Value | undefined | false | Promise<Value | undefined | false>,
): Promise<Value> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("It did not happen in time");
}

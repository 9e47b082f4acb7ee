import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import sharp, { type Sharp } from "sharp";
import { listenLocally } from "../../../testing/listen.ts";
import { thalesDefaults } from "../../defaults.ts";
import { escapeXml } from "../../../xml.ts";
import { buildPlatform } from "../app.ts";
import type { PlatformSettings } from "../config.ts";
import type { FaultInput } from "../faults.ts";
import type { Evidence } from "../rows.ts";
import type { SwitchesChange } from "../switches.ts";

export const testKeys = { "photo-landscape": "CANARY-KEY-L", "photo-portrait": "CANARY-KEY-P" } as const;
export const testGalleryKeys = { "photo-landscape": "CANARY-GALLERY-L" } as const;
export const testInformationKey = "c0ffee00-0000-4000-8000-0000000CANAR";
export const testPurgeKey = "decade00-0000-4000-8000-0000000CANAR";
export const testDeliveryKey = "CANARY-DELIVERY-KEY";

export interface TestPlatform {
  readonly app: FastifyInstance;
  readonly folder: string;
  close(): Promise<void>;
}

/** A platform with a folder of its own, which `close` removes. */
export async function openTestPlatform(settings: Partial<PlatformSettings> = {}): Promise<TestPlatform> {
  const folder = settings.folder ?? (await mkdtemp(join(tmpdir(), "platform-")));
  const app = await buildPlatform({
    handoverKeys: testKeys,
    galleryHandoverKeys: testGalleryKeys,
    imageDeliveryKey: testDeliveryKey,
    imageInformationKey: testInformationKey,
    imagePurgeKey: testPurgeKey,
    dataCaptureFields: ["Ref", "Branch"],
    ...settings,
    folder,
  });
  const close = async () => {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { app, folder, close };
}

/** Posts a call of a SOAP method with these parameters, already escaped, to the platform without a connection. */
export function callSoap({ app }: TestPlatform, method: string, parameters: Readonly<Record<string, string>>) {
  const { namespace } = thalesDefaults;
  const content = Object.entries(parameters).map(([name, value]) => `<${name}>${value}</${name}>`);
  return app.inject({
    method: "POST",
    url: "/PDS/ImageUpload.asmx",
    headers: { "content-type": "text/xml; charset=utf-8", soapaction: `"${namespace}${method}"` },
    payload:
      `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>` +
      `<${method} xmlns="${namespace}">${content.join("")}</${method}></soap:Body></soap:Envelope>`,
  });
}

/** Sends a picture for photo-landscape over SOAP, with data capture if there is any. Answers the card image id. */
export async function sendPicture(
  platform: TestPlatform,
  image: Uint8Array,
  dataCapture?: string,
  handoverKey: string = testKeys["photo-landscape"],
): Promise<string> {
  const method = dataCapture === undefined ? "SendImage" : "SendImageWithDataCapture";
  const reply = await callSoap(platform, method, {
    Image: Buffer.from(image).toString("base64"),
    handoverKey,
    ...(dataCapture === undefined ? {} : { DataCapture: escapeXml(dataCapture) }),
  });
  const [, cardImageId] = /<CardImageID>(.+)<\/CardImageID>/.exec(reply.body) ?? [];
  if (cardImageId === undefined) throw new Error(`the platform has no picture: ${reply.body}`);
  return cardImageId;
}

/** Sets a switch. */
export async function setSwitches({ app }: TestPlatform, payload: SwitchesChange): Promise<void> {
  const reply = await app.inject({ method: "PUT", url: "/sandbox/switches", payload });
  if (reply.statusCode !== 200) throw new Error(reply.body);
}

/** Adds a fault for the next calls. */
export async function addFault({ app }: TestPlatform, payload: FaultInput): Promise<void> {
  const reply = await app.inject({ method: "POST", url: "/sandbox/faults", payload });
  if (reply.statusCode !== 200) throw new Error(reply.body);
}

export async function clearFaults({ app }: TestPlatform): Promise<void> {
  await app.inject({ method: "DELETE", url: "/sandbox/faults" });
}

/** What the ledger says of one call. */
export interface LedgerLine {
  readonly method: string;
  readonly fault: string | null;
  readonly httpStatus: number | null;
  readonly resultCode: number | null;
  readonly answeredId: string | null;
  readonly cardImageId: string | null;
  readonly sha256: string | null;
  readonly reference: string | null;
  readonly evidence: Evidence | null;
  readonly note: string | null;
}

/** Oldest first. */
export async function readLedger({ app }: TestPlatform): Promise<LedgerLine[]> {
  return (await app.inject("/sandbox/ledger?limit=5000")).json<{ calls: LedgerLine[] }>().calls;
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

/** Waits until `probe` answers something; fails after 45 seconds. */
export async function eventually<Value>(
  probe: () => Value | undefined | false | Promise<Value | undefined | false>,
): Promise<Value> {
  const deadline = Date.now() + 45_000;
  while (Date.now() < deadline) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("It did not happen in time");
}

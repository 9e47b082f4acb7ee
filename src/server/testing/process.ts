import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { listenLocally } from "#providers/testing/listen.ts";
import { testEnv } from "./env.ts";
import { writeBuild } from "./folder.ts";
import { sha256Of } from "./picture.ts";

export interface LedgerPlatform {
  readonly url: string;
  /** SHA-256 of every picture that arrived whole, in order, whether or not the answer was taken. */
  readonly ledger: string[];
  /** Awaited twice in a call: before its body is read, and before it is answered. */
  pause: (moment: PlatformMoment) => Promise<void>;
  /** Told the head of each call. */
  onRequest: (headers: IncomingMessage["headers"]) => void;
  close(): void;
}

export type PlatformMoment = "called" | "has the picture";

function imageIdOf(sha256: string): string {
  return `${sha256.slice(0, 8)}-${sha256.slice(8, 12)}-4${sha256.slice(13, 16)}-8${sha256.slice(17, 20)}-${sha256.slice(20, 32)}`;
}

/** A SendImage service that writes down what it gets and answers success after up to `slowestMs`. */
export async function startLedgerPlatform(slowestMs: number): Promise<LedgerPlatform> {
  const ledger: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pieces: Buffer[] = [];
    platform.onRequest(request.headers);
    await platform.pause("called");
    try {
      for await (const piece of request) pieces.push(piece as Buffer);
    } catch {
      return;
    }
    const [, image] = /<Image>([^<]+)<\/Image>/.exec(Buffer.concat(pieces).toString("latin1")) ?? [];
    if (image === undefined) throw new Error("SendImage was called without a picture");
    const sha256 = sha256Of(Buffer.from(image, "base64"));
    ledger.push(sha256);
    await platform.pause("has the picture");
    await sleep(Math.random() * slowestMs);
    response.setHeader("content-type", "text/xml");
    response.end(
      `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><SendImageResponse xmlns="http://tempuri.org/"><SendImageResult><CardImageID>${imageIdOf(sha256)}</CardImageID><ClientID>1</ClientID><ErrorCode>0</ErrorCode></SendImageResult></SendImageResponse></s:Body></s:Envelope>`,
    );
  };
  const server = createServer((request, response) => void answer(request, response));
  const platform: LedgerPlatform = {
    url: await listenLocally(server),
    ledger,
    pause: async () => {},
    onRequest: () => {},
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return platform;
}

export interface ServerProcess {
  readonly url: string;
  readonly databasePath: string;
  readonly child: ChildProcess;
  /** SIGKILL: the server has no chance to write anything down. */
  kill(): Promise<void>;
}

async function untilReady(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  child.stderr?.on("data", (text: Buffer) => said.push(text.toString()));
  if (child.stdout === null) throw new Error("the server has no stdout");
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    const entry = JSON.parse(line) as { msg?: string; at?: string };
    if (entry.msg === "ready" && entry.at !== undefined) return entry.at;
  }
  throw new Error(`the server ended before it was ready:\n${said.join("\n")}`);
}

/** As it is built and shipped. */
export const serverProgram = path.join(import.meta.dirname, "../../../dist/server/main.js");

/** The real program, in a process of its own, on data that outlives it. `wrapper` is a program, with its arguments, that becomes it. */
export async function startServerProcess(
  folder: string,
  platformUrl: string,
  more: Readonly<Record<string, string>> = {},
  wrapper: readonly string[] = [],
): Promise<ServerProcess> {
  const dist = path.join(folder, "dist");
  await writeBuild(dist);
  const data = path.join(folder, "data");
  const env = {
    ...testEnv,
    PATH: process.env.PATH,
    FULLBLEED_DATA: data,
    FULLBLEED_DIST: dist,
    FULLBLEED_LEASE_SECONDS: "1",
    FULLBLEED_THALES_SOAP_URL: `${platformUrl}/soap`,
    FULLBLEED_THALES_GET_IMAGE_URL: `${platformUrl}/images`,
    ...more,
  };
  const command = [...wrapper, process.execPath, serverProgram];
  const child = spawn(command[0] ?? "", command.slice(1), { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit");
  const url = await untilReady(child);
  child.stdout?.resume();
  return {
    url,
    child,
    databasePath: path.join(data, "fullbleed.sqlite"),
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

import http from "node:http";
import type net from "node:net";
import { onTestFinished } from "vitest";
import { listenLocally } from "../../testing/listen.ts";
import { createThalesProvider } from "../adapter.ts";
import type { ThalesOptions } from "../options.ts";

/** Listens until the running test is over. Answers where, as an origin. */
export async function listen(server: net.Server): Promise<string> {
  onTestFinished(() => {
    if (server instanceof http.Server) server.closeAllConnections();
    server.close();
  });
  return listenLocally(server);
}

export interface Heard {
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A server that reads every request to its end and answers it with `answer`. */
export async function serve(answer: (response: http.ServerResponse) => void): Promise<{ url: string; heard: Heard[] }> {
  const heard: Heard[] = [];
  const url = await listen(
    http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        heard.push({ url: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks) });
        answer(response);
      });
    }),
  );
  return { url, heard };
}

/** A provider whose platform is at this origin. */
export function providerAt(url: string, options: Partial<ThalesOptions> = {}) {
  return createThalesProvider({
    soapUrl: `${url}/soap`,
    getImageUrl: `${url}/ImageAPI/GetImage`,
    handoverKeys: { "photo-landscape": "CANARY-HANDOVER-KEY" },
    imageDeliveryKey: "CANARY-DELIVERY-KEY",
    notificationSecret: "CANARY-SECRET",
    ...options,
  });
}

import { once } from "node:events";
import { createServer } from "node:http";
import { listenLocally } from "./listen.ts";

export interface SilentPlatform {
  readonly url: string;
  /** Resolves when the next request has been read to its end. */
  heard(): Promise<unknown>;
  close(): void;
}

/** A platform that reads everything and never answers. */
export async function startSilentPlatform(): Promise<SilentPlatform> {
  const server = createServer((request) => void request.resume().on("end", () => server.emit("heard")));
  return {
    url: await listenLocally(server),
    heard: () => once(server, "heard"),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

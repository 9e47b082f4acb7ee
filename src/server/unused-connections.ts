import type { Socket } from "node:net";
import type { App } from "./parts.ts";

/**
 * Call before the app listens. Gives a function that ends every connection on which nothing is being answered.
 * Browsers open connections ahead of need; to Node one that has said nothing yet, or half a header, counts as busy,
 * and would hold up a server that stops.
 */
export function watchConnections(app: App): () => void {
  const requests = new Map<Socket, number>();
  const count = (socket: Socket, change: 1 | -1): void => {
    const before = requests.get(socket);
    if (before !== undefined) requests.set(socket, before + change);
  };
  app.server.on("connection", (socket) => {
    requests.set(socket, 0);
    socket.once("close", () => requests.delete(socket));
  });
  app.server.on("request", ({ socket }, response) => {
    count(socket, 1);
    response.once("close", () => count(socket, -1));
  });
  return () => {
    for (const [socket, running] of requests) if (running === 0) socket.destroy();
  };
}

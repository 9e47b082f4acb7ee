import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";

export interface Route {
  readonly method: string;
  readonly url: string;
}

/** What one request is on the wire. `body` is empty where the method has none. */
export interface Message {
  readonly head: string;
  readonly body: Buffer;
}

export function writeMessage({ method, url: path }: Route, headers: Record<string, string>, body: Buffer): Message {
  const length = /^(POST|PUT|PATCH)$/.test(method) ? { "content-length": `${body.byteLength}` } : {};
  const lines = Object.entries({ host: "x", ...headers, ...length }).map(([name, value]) => `${name}: ${value}\r\n`);
  return {
    head: `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`,
    body: "content-length" in length ? body : Buffer.alloc(0),
  };
}

/** What has been sent of a message when its connection is lost. */
export const moments: Readonly<Record<string, (message: Message) => Buffer[]>> = {
  "in the middle of the headers": ({ head }) => [Buffer.from(head.slice(0, head.length / 2))],
  "just after the headers": ({ head }) => [Buffer.from(head)],
  "in the middle of the body": ({ head, body }) => [Buffer.from(head), body.subarray(0, body.byteLength / 2)],
  "after the last byte": ({ head, body }) => [Buffer.from(head), body],
};

/** Ways to lose a connection. */
export const endings: Readonly<Record<string, (socket: Socket) => unknown>> = {
  reset: (socket) => socket.resetAndDestroy(),
  "half closed": (socket) => socket.end(),
};

/** A connection to this server on which so much has been sent. */
export async function openConnection(url: string, ...pieces: (string | Buffer)[]): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => {});
  for (const piece of pieces) socket.write(piece);
  return socket;
}

/** The one answer on a connection that is closed after it, with its JSON. */
export async function readAnswer(socket: Socket): Promise<{ status: number; type: string; body: string }> {
  const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
  return {
    status: Number(head.split(" ")[1]),
    type: /^content-type: (.*)$/im.exec(head)?.[1] ?? "",
    body: body.slice(body.indexOf("{"), body.lastIndexOf("}") + 1),
  };
}

/** Resolves once the buffers on the way of an unread answer are full, and nothing more of it is taken. */
export async function comeToRest(sockets: readonly Socket[]): Promise<void> {
  const countTaken = (): number =>
    sockets.reduce((sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength, 0);
  let still = 0;
  for (let before = -1; still < 10; before = countTaken()) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    still = countTaken() === before ? still + 1 : 0;
  }
}

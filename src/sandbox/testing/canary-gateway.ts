import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { listenLocally } from "#providers/testing/listen.ts";

/** A request that the server has sent out, as it came. */
export interface Outgoing {
  /** Host and port. */
  readonly to: string;
  readonly method: string;
  readonly url: string;
  /** Names and values, a line each. */
  readonly head: string;
  readonly body: Buffer;
}

/** What becomes of a request: it goes on to where it was sent, or something that stands between answers it. */
type Mood = "pass" | "echo" | "redirect" | "hang" | "cut";

function writeHead(headers: readonly string[]): string {
  return headers.flatMap((text, index) => (index % 2 === 0 ? [`${text}: ${headers[index + 1] ?? ""}`] : [])).join("\n");
}

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

/** The page of a tactless gateway: all that it was sent, as it is, escaped and in Base64. */
function writePage({ method, url, head, body }: Outgoing): string {
  const all = `${method} ${url}\n${head}\n\n${body.subarray(0, 4_000).toString("latin1")}`;
  return `<html><h1>Error</h1><pre>${escapeHtml(all)}</pre><!--${all}--><i>${Buffer.from(all).toString("base64")}</i></html>`;
}

/** Of a header's value: what was sent, on one line. */
const inHeader = (text: string): string => text.replaceAll(/[^\x21-\x7e]+/g, " ").slice(0, 4_000);

/**
 * A forward proxy that the server has to go through, and behind it a gateway that writes down every request and answers as told.
 * Its own address is somebody's endpoint: what is sent there is answered with 204.
 */
export async function startGateway() {
  const outgoing: Outgoing[] = [];
  /** What each CONNECT said. */
  const tunnels: string[] = [];
  const sockets = new Set<Socket>();
  const state = { moods: new Map<string, Mood>(), refusesTunnels: false, own: "" };

  const answer = (one: Outgoing, request: IncomingMessage, response: ServerResponse): void => {
    const mood = state.moods.get(one.to) ?? "pass";
    if (mood === "hang") return;
    if (mood === "cut") {
      request.socket.resetAndDestroy();
      return;
    }
    if (mood === "echo") {
      const sent = inHeader(`${one.url} ${one.head}`);
      response.writeHead(500, {
        "content-type": "text/html",
        "x-request": sent,
        "www-authenticate": `Basic realm="${sent}"`,
      });
      response.end(writePage(one));
      return;
    }
    if (mood === "redirect") {
      response.writeHead(307, { location: `http://${state.own}/elsewhere?${inHeader(one.url)}` }).end(writePage(one));
      return;
    }
    if (one.to === state.own) {
      response.writeHead(204).end();
      return;
    }
    const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(one.to) ?? [];
    const onward = httpRequest({ host, port, method: one.method, path: one.url, headers: request.headers });
    onward.on("response", (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
      reply.pipe(response);
    });
    onward.on("error", () => request.socket.destroy());
    onward.end(one.body);
  };

  const gateway = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const { method = "", url = "", headers, rawHeaders } = request;
    const one = { to: headers.host ?? "", method, url, head: writeHead(rawHeaders), body };
    outgoing.push(one);
    answer(one, request, response);
  });
  gateway.on("connection", (socket) => sockets.add(socket));
  gateway.on("connect", (request: IncomingMessage, socket: Socket) => {
    const { rawHeaders, url = "" } = request;
    const head = `CONNECT ${url}\n${writeHead(rawHeaders)}`;
    tunnels.push(head);
    socket.on("error", () => {});
    if (!state.refusesTunnels) {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      gateway.emit("connection", socket);
      return;
    }
    const page = writePage({ to: url, method: "CONNECT", url, head, body: Buffer.alloc(0) });
    socket.end(`HTTP/1.1 407 ${inHeader(head).slice(0, 200)}\r\nx-request: ${inHeader(head)}\r\n\r\n${page}`);
  });
  state.own = new URL(await listenLocally(gateway)).host;

  return {
    host: state.own,
    outgoing,
    tunnels,
    /** From now on, for what is sent to this host and port. */
    setMood: (to: string, mood: Mood) => state.moods.set(to, mood),
    refuseTunnels: (refuses: boolean) => (state.refusesTunnels = refuses),
    close() {
      gateway.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

export type Gateway = Awaited<ReturnType<typeof startGateway>>;

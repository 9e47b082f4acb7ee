import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import type { FastifyReply } from "fastify";
import { Problem, problems } from "#contracts/problem.ts";
import type { App } from "./parts.ts";
import { whenReaderGone } from "./routes/reader-gone.ts";

/** Once answered, a request may go on sending for so long: time to read the answer before the connection closes. */
const lingerMs = 3_000;

function closeUnlessComplete(request: IncomingMessage): void {
  if (request.complete) return;
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, lingerMs).unref();
  request.once("close", () => clearTimeout(timer));
}

/** More than the largest picture has, so that no honest upload is cut off before it has read its answer. */
const lingerBytes = 16 * 1024 * 1024;
const lookEveryMs = 50;

/** After an early refusal Node reads and drops the body without a limit of its own. */
function closeWhenTooMuch(request: IncomingMessage): void {
  if (request.complete) return;
  const { socket } = request;
  const mostBytes = socket.bytesRead + lingerBytes;
  const timer = setInterval(() => {
    if (!request.complete && socket.bytesRead > mostBytes) socket.destroy();
    if (request.complete || socket.destroyed) clearInterval(timer);
  }, lookEveryMs).unref();
}

/**
 * For a request that is refused because there is too much to do: no more of it is read. Whoever reads while he sends has the
 * answer at once; others have it when all that they send has room in the network's buffers, and otherwise find the connection
 * closed and send again, as they would have to anyway. Nothing else can follow on such a connection.
 */
function leaveRestUnread({ socket }: IncomingMessage, reply: FastifyReply): void {
  void reply.header("connection", "close");
  // Node would destroy it at once, and unread bytes would make the kernel take our answer back.
  socket.destroySoon = () => {
    socket.end();
    // Node begins to read the rest in this very turn.
    setImmediate(() => socket.pause());
    setTimeout(() => socket.destroy(), lingerMs).unref();
  };
}

/**
 * A connection that ends with its answer, as nginx has them to the server, Node would destroy as soon as the answer is written: what comes
 * meanwhile would make the kernel take our answer back, and the proxy tell the browser of a failure of its own (502). So the answer is
 * followed by our end, and by the connection's once all has come or nothing is waited for any more.
 */
function closeAfterRest(request: IncomingMessage, reply: FastifyReply): void {
  // Fastify ends a kept connection too once it has refused a body.
  if (reply.raw.shouldKeepAlive && reply.getHeader("connection") !== "close") return;
  const { socket } = request;
  const { destroySoon } = socket;
  socket.destroySoon = () => {
    if (request.complete) return destroySoon.call(socket);
    socket.end();
    request.once("end", () => destroySoon.call(socket));
    const timer = setTimeout(() => socket.destroy(), lingerMs).unref();
    socket.once("close", () => clearTimeout(timer));
  };
}

const adviceIfSlow = "Try again over a better connection.";

/** What a body has to bring in each window of time. */
export interface Pace {
  readonly windowMs: number;
  readonly bytes: number;
}

/** 4 kB/s on average, which the worst mobile network gives (GPRS); 20 s let a lift or a change of cells pass. */
const slowestPace: Pace = { windowMs: 20_000, bytes: 80_000 };

/** Calls `tell` once a whole window has brought less than the pace asks for. Gives a function that stops watching. */
function watchPace(request: IncomingMessage, { windowMs, bytes }: Pace, tell: () => void): () => void {
  const { socket } = request;
  let before = socket.bytesRead;
  const timer = setInterval(() => {
    const came = socket.bytesRead - before;
    before = socket.bytesRead;
    if (came < bytes && !request.complete) tell();
  }, windowMs);
  return () => clearInterval(timer);
}

/**
 * Ends every request whose body has not arrived `seconds` after its headers, or that falls behind the slowest pace, with
 * body-too-slow, whatever reads the body: whoever cannot make it learns so soon, and holds nothing meanwhile.
 * What is left of a body when its request has been answered is read and thrown away, up to 16 MB: unread bytes would make
 * the kernel reset the connection under our answer.
 */
export function limitBodyTime(app: App, seconds: number, pace: Pace = slowestPace): void {
  app.addHook("onSend", async (request, reply) => {
    if (request.raw.complete) return;
    if (reply.statusCode === problems.overloaded.status) leaveRestUnread(request.raw, reply);
    else {
      closeAfterRest(request.raw, reply);
      reply.raw.once("finish", () => closeWhenTooMuch(request.raw));
    }
  });
  app.addHook("preParsing", async (request, reply, payload) => {
    const gone = whenReaderGone(reply);
    gone.throwIfAborted();
    const body = new PassThrough();
    const giveUp = (why: unknown): void => {
      payload.unpipe(body);
      payload.resume();
      body.destroy(why as Error);
    };
    const tooSlow = (expected: string) =>
      giveUp(new Problem("body-too-slow", { detail: `${expected} ${adviceIfSlow}` }));
    const timer = setTimeout(() => tooSlow(`The body must arrive within ${seconds} seconds.`), seconds * 1000);
    const stopWatching = watchPace(request.raw, pace, () => {
      tooSlow(`At least ${pace.bytes / 1000} kB of the body must arrive in ${pace.windowMs / 1000} seconds.`);
    });
    // Whoever reads the body hears of it too; a body that nobody reads must not end the process.
    body.on("error", () => {});
    body.once("close", () => {
      clearTimeout(timer);
      stopWatching();
    });
    gone.addEventListener("abort", () => giveUp(gone.reason), { once: true });
    reply.raw.once("finish", () => closeUnlessComplete(request.raw));
    return payload.pipe(body);
  });
}

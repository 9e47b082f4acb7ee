import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import type { App } from "./parts.ts";

const pieceBytes = 64 * 1024;

/** Whose answers make room: those of the issuer that has most, and of its sessions the one that has most. */
interface Owner {
  readonly issuerId: string;
  readonly sessionId: string;
}

interface Answer {
  readonly owner: Owner;
  readonly bytes: number;
  readonly end: () => void;
}

const sum = (some: Iterable<Answer>): number => Array.from(some).reduce((total, { bytes }) => total + bytes, 0);

/** Those of the one, by this part of their owners, who has most. */
function findLargestShare(answers: Iterable<Answer>, part: keyof Owner): readonly Answer[] {
  const shares = [...Map.groupBy(answers, ({ owner }) => owner[part]).values()];
  return shares.reduce((one, other) => (sum(other) > sum(one) ? other : one), []);
}

/**
 * Answers that are whole in memory while they are being read: at most `mostBytes`. Room is made by ending an answer of the issuer,
 * and of its session, that has most: the one of which nothing has been read for longest.
 */
export function createUnreadAnswers(mostBytes: number) {
  /** The one that has been left alone for longest first. */
  const answers = new Set<Answer>();
  const makeRoom = (): void => {
    while (sum(answers) > mostBytes) {
      const [ended] = findLargestShare(findLargestShare(answers, "issuerId"), "sessionId");
      if (ended === undefined) return;
      answers.delete(ended);
      ended.end();
    }
  };
  function* cut(answer: Answer, bytes: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < bytes.byteLength; at += pieceBytes) {
      if (answers.delete(answer)) answers.add(answer);
      yield bytes.subarray(at, at + pieceBytes);
    }
  }
  return {
    /** What to send in place of the bytes, which count for the owner until the reply's connection has taken them all. */
    hold(reply: FastifyReply, owner: Owner, bytes: Uint8Array): Readable {
      const answer: Answer = { owner, bytes: bytes.byteLength, end: () => reply.raw.destroy() };
      answers.add(answer);
      for (const over of ["finish", "close"]) reply.raw.once(over, () => answers.delete(answer));
      makeRoom();
      void reply.header("content-length", bytes.byteLength);
      return Readable.from(cut(answer, bytes), { objectMode: false, highWaterMark: pieceBytes });
    },
  };
}

/** What the connection has handed to the network so far. */
function countTaken({ socket }: ServerResponse): number {
  return socket === null ? 0 : socket.bytesWritten - socket.writableLength;
}

/**
 * Closes the connection of an answer of which nothing more has been taken for `mostMs` although there is more: whatever is
 * streamed goes on in pieces of 64 kB, so whoever reads a few kilobytes a second is served. Node's own timeout counts any byte.
 */
export function limitReadingTime(app: App, mostMs: number): void {
  const reading = new Map<ServerResponse, { taken: number; at: number }>();
  app.server.on("request", (_request, response: ServerResponse) => {
    reading.set(response, { taken: 0, at: Date.now() });
    response.once("close", () => reading.delete(response));
  });
  const look = setInterval(() => {
    for (const [response, last] of reading) {
      const taken = countTaken(response);
      const waits = (response.socket?.writableLength ?? 0) > 0;
      if (!waits || taken !== last.taken) reading.set(response, { taken, at: Date.now() });
      else if (Date.now() - last.at >= mostMs) response.destroy();
    }
  }, mostMs / 4).unref();
  app.addHook("onClose", async () => clearInterval(look));
}

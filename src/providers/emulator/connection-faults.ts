import type { FastifyReply, FastifyRequest } from "fastify";
import type { Lifetime } from "./lifetime.ts";

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a gateway on the way puts in the place of an answer. */
export function writePage(status: number): HttpReply {
  const body = Buffer.from(
    `<!DOCTYPE html><html><head><title>${status}</title></head><body><h1>The gateway</h1></body></html>`,
  );
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body };
}

/** Resets the connection, whatever was to come. */
export function breakConnection(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.resetAndDestroy();
  return reply;
}

/** Resets the connection once so many bytes of the request's body have been read, or at its end. */
export function cutRequest(request: FastifyRequest, reply: FastifyReply, bytes: number): FastifyReply {
  reply.hijack();
  let left = bytes;
  const end = () => request.raw.socket.resetAndDestroy();
  request.raw.on("data", (part: Buffer) => {
    left -= part.byteLength;
    if (left <= 0) end();
  });
  request.raw.on("end", end).on("error", () => undefined);
  return reply;
}

function toWire({ status, headers, body }: HttpReply): Buffer {
  const lines = [`HTTP/1.1 ${status} ${status === 200 ? "OK" : "Error"}`, "connection: close"];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  lines.push(`content-length: ${body.byteLength}`, "", "");
  return Buffer.concat([Buffer.from(lines.join("\r\n"), "latin1"), body]);
}

/** Sends so many bytes of the answer, head and body, and ends the connection; none: resets it. */
export function cutReply(request: FastifyRequest, reply: FastifyReply, answer: HttpReply, bytes: number): FastifyReply {
  const whole = toWire(answer);
  if (bytes === 0) return breakConnection(request, reply);
  reply.hijack();
  const { socket } = request.raw;
  socket.write(whole.subarray(0, Math.min(bytes, whole.byteLength - 1)), () => socket.destroy());
  return reply;
}

/** How long a caller may go on writing to somebody who does not read. */
const unreadSeconds = 2;

/** Answers while the request is still arriving and never reads the rest of it. */
export async function answerUnread(
  lifetime: Lifetime,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: HttpReply,
): Promise<FastifyReply> {
  reply.hijack();
  const { socket } = request.raw;
  socket.write(toWire(answer));
  await lifetime.hold(unreadSeconds, request);
  socket.destroy();
  return reply;
}

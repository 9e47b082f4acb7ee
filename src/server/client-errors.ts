import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { Problem } from "#contracts/problem.ts";
import { detailsOf } from "#contracts/problem-details.ts";

function toProblem(code: string | undefined): Problem {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return new Problem("body-too-slow", { detail: "The request did not arrive in time." });
  if (code === "HPE_HEADER_OVERFLOW") return new Problem("bad-request", { detail: "The headers are too large." });
  return new Problem("bad-request", { detail: "This is not HTTP as we know it." });
}

/** Answers what never became a request: late or oversized headers, broken HTTP. For fastify's `clientErrorHandler`. */
export function createClientErrorAnswer(headers: Readonly<Record<string, string>>) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return (error: NodeJS.ErrnoException, socket: Socket): void => answerClientError(error, socket, lines);
}

function answerClientError(error: NodeJS.ErrnoException, socket: Socket, lines: readonly string[]): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = toProblem(error.code);
  const body = JSON.stringify(detailsOf(problem));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...lines,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

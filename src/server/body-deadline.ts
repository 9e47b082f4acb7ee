import { PassThrough } from "node:stream";
import { Problem } from "#contracts/problem.ts";
import type { App } from "./parts.ts";

/** Ends every request whose body has not arrived `seconds` after its headers with body-too-slow, whatever reads the body. */
export function limitBodyTime(app: App, seconds: number): void {
  app.addHook("preParsing", async (_request, _reply, payload) => {
    const body = new PassThrough();
    const timer = setTimeout(() => {
      payload.unpipe(body);
      // Read on and throw away: unread bytes would make the kernel reset the connection under our answer.
      payload.resume();
      body.destroy(new Problem("body-too-slow", { detail: `The body must arrive within ${seconds} seconds.` }));
    }, seconds * 1000);
    body.once("close", () => clearTimeout(timer));
    payload.once("error", (error: Error) => body.destroy(error));
    // Once it has ended, what is still buffered belongs to a reader that may come a little later.
    payload.once("close", () => {
      if (!payload.readableEnded) body.destroy();
    });
    return payload.pipe(body);
  });
}

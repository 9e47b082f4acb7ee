// The other side of the uploads: a started server, and requests to it whose answers are timed.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { join } from "node:path";
import { enterSession } from "#server/testing/issuer.ts";
import type { Question, Reply, Role } from "./server.ts";

/** One upload, ready to be sent. */
export interface Shipment {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

export interface Target {
  readonly url: string;
  ask(question: Question): Promise<Reply>;
  /** Uploads of these pictures, in turn, each of another cardholder. */
  prepare(pictures: readonly Buffer[], count: number): Promise<readonly Shipment[]>;
  stop(): Promise<void>;
}

export interface Outcome {
  readonly status: number;
  /** Milliseconds from the request to the end of its answer, and when that was. */
  readonly ms: number;
  readonly at: number;
}

function ask(child: ChildProcess, question: Question): Promise<Reply> {
  const reply = once(child, "message").then(([message]) => message as Reply);
  child.send(question);
  return reply;
}

const boundary = "----bench";

function prepareForm(url: string, picture: Buffer): Shipment {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="picture"; filename="card.png"\r\nContent-Type: image/png\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), picture, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { url: `${url}/upload`, headers: { "content-type": `multipart/form-data; boundary=${boundary}` }, body };
}

async function preparePicture(url: string, picture: Buffer): Promise<Shipment> {
  const frame = await enterSession(url);
  const headers = frame.headersFor(picture, await frame.putDesign());
  return { url: `${url}/v1/sessions/${frame.sessionId}/submissions`, headers, body: picture };
}

export async function startServer(role: Role): Promise<Target> {
  const child = fork(join(import.meta.dirname, "server.ts"), [role], { serialization: "advanced" });
  const exited = once(child, "exit");
  const [url] = (await once(child, "message")) as [string];
  return {
    url,
    ask: (question) => ask(child, question),
    prepare: async (pictures, count) => {
      const shipments: Shipment[] = [];
      for (let index = 0; index < count; index += 1) {
        const picture = pictures[index % pictures.length] as Buffer;
        shipments.push(
          role === "baseline" || role === "bystander" ? prepareForm(url, picture) : await preparePicture(url, picture),
        );
      }
      return shipments;
    },
    async stop() {
      child.disconnect();
      await exited;
    },
  };
}

/** Sends one; a refusal that comes before everything is sent ends the sending, as fetch does it. */
export function send(agent: Agent, { url, headers, body }: Shipment): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const startedAt = performance.now();
  const length = { "content-length": `${body.byteLength}` };
  const request = httpRequest(url, { method: "POST", agent, headers: { ...headers, ...length } }, (response) => {
    response.resume().once("end", () => {
      const at = performance.now();
      resolve({ status: response.statusCode ?? 0, ms: at - startedAt, at });
      if (response.statusCode !== 202) request.destroy();
    });
  });
  request.on("error", reject);
  request.end(body);
  return promise;
}

/** All of them by so many clients, each of which sends the next as soon as its last is answered. */
export async function sendAll(shipments: readonly Shipment[], clients: number): Promise<readonly Outcome[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const outcomes: Outcome[] = [];
  const left = shipments.values();
  const work = async (): Promise<void> => {
    for (const shipment of left) outcomes.push(await send(agent, shipment));
  };
  await Promise.all(Array.from({ length: clients }, work));
  agent.destroy();
  return outcomes;
}

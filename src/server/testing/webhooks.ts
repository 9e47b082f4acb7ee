import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { expect } from "vitest";
import type { IssuerEvent, WebhookEndpoint, WebhookEndpointSecret } from "#contracts/webhook.ts";
import { listenLocally } from "#providers/testing/listen.ts";
import { recordEvent } from "../state/transition.ts";
import { createWebhookCourier, type WebhookCourier, type WebhookPolicy } from "../webhooks/courier.ts";
import { openTestApp } from "./app.ts";
import { asIssuer } from "./env.ts";
import { makeSessionRow, makeSubmissionRow } from "./rows.ts";

export interface Received {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: IssuerEvent;
}

export interface Receiver {
  readonly url: string;
  /** What arrived whole, in order, whatever was answered. */
  readonly received: Received[];
  /** Answers; 204 unless a test says otherwise. */
  answer: (received: Received, response: ServerResponse) => void;
  close(): void;
}

/** An issuer's endpoint. */
export async function startReceiver(answer?: Receiver["answer"]): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join("");
    const { headers } = request;
    const one = { id: String(headers["webhook-id"]), headers, body, event: JSON.parse(body) as IssuerEvent };
    receiver.received.push(one);
    receiver.answer(one, response);
  });
  const receiver: Receiver = {
    url: `${await listenLocally(server)}/hooks`,
    received: [],
    answer: answer ?? ((_received, response) => void response.writeHead(204).end()),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return receiver;
}

export const answering =
  (status: number, headers: Record<string, string> = {}, body = ""): Receiver["answer"] =>
  (_received, response) =>
    void response.writeHead(status, headers).end(body);

interface Called<Answer> {
  readonly status: number;
  readonly body: Answer;
}

/** The whole app over a real database, couriers of webhooks with a clock that the test owns, and endpoints on this machine. */
export async function openWebhookBench(env: Record<string, string> = {}) {
  const server = await openTestApp({ env: { FULLBLEED_WEBHOOK_NETWORKS: "127.0.0.0/8", ...env } });
  const { store, notifier } = server.parts;
  const receivers: Receiver[] = [];
  const couriers: WebhookCourier[] = [];
  let sequence = 0;
  await store
    .insertInto("sessions")
    .values(makeSessionRow({ id: "ses" }))
    .execute();
  await store
    .insertInto("submissions")
    .values(makeSubmissionRow({ id: "sub", session_id: "ses" }))
    .execute();

  async function receive(answer?: Receiver["answer"]): Promise<Receiver> {
    const receiver = await startReceiver(answer);
    receivers.push(receiver);
    return receiver;
  }

  async function call<Answer>(
    method: "GET" | "POST" | "PATCH" | "DELETE",
    path: string,
    payload?: object,
  ): Promise<Called<Answer>> {
    const response = await server.app.inject({
      method,
      url: `/v1/webhook-endpoints${path}`,
      headers: asIssuer,
      ...(payload !== undefined && { payload }),
    });
    return { status: response.statusCode, body: (response.body === "" ? null : response.json()) as Answer };
  }

  async function register(url: string): Promise<WebhookEndpointSecret> {
    const { status, body } = await call<WebhookEndpointSecret>("POST", "", { url });
    expect(status).toBe(201);
    return body;
  }

  return {
    server,
    receive,
    call,
    register,
    async look(id: string): Promise<WebhookEndpoint> {
      return (await call<WebhookEndpoint>("GET", `/${id}`)).body;
    },
    /** So many events, all of one submission. */
    async happen(count: number): Promise<void> {
      for (let n = 0; n < count; n += 1) {
        sequence += 1;
        const row = await store
          .updateTable("submissions")
          .set({ sequence, updated_at: server.parts.now() })
          .where("id", "=", "sub")
          .returningAll()
          .executeTakeFirstOrThrow();
        await store
          .transaction()
          .execute((trx) => recordEvent(trx, row, row.state, { cause: "not-sent", actor: "system" }));
        notifier.announce("sub");
      }
    },
    start(policy: Partial<WebhookPolicy> = {}, parts = server.parts): WebhookCourier {
      const courier = createWebhookCourier({
        ...parts,
        policy: { pollMs: 20, graceMs: 50, random: () => 0.5, ...policy },
      });
      couriers.push(courier);
      courier.start();
      return courier;
    },
    async close(): Promise<void> {
      for (const courier of couriers) await courier.stop();
      for (const receiver of receivers) receiver.close();
      await server.close();
    },
  };
}

export type WebhookBench = Awaited<ReturnType<typeof openWebhookBench>>;

export const seqsOf = ({ received }: Receiver): number[] => received.map(({ event }) => event.seq);

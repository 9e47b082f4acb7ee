import * as z from "zod/mini";
import {
  pingResult,
  type WebhookEndpoint,
  webhookEndpoint,
  webhookEndpointPage,
  webhookEndpointSecret,
} from "#contracts/webhook.ts";
import { type Client, createClient, type Surroundings, UsageError, when } from "./cli-client.ts";

export const webhooksHelp = `  fullbleed webhooks [list]             the webhook endpoints, and how far each has been told
  fullbleed webhooks create URL         one more; its secret is shown this once
  fullbleed webhooks rotate ENDPOINT    another secret, shown this once; the old one is good for a while
  fullbleed webhooks replay ENDPOINT    events are delivered again, from --from or --since on
  fullbleed webhooks ping ENDPOINT      post a test, and see what comes of it
  fullbleed webhooks enable | disable | delete ENDPOINT`;

interface Values {
  readonly from?: string | undefined;
  readonly since?: string | undefined;
}

interface Said {
  readonly answer: unknown;
  readonly lines: readonly string[];
}

function write(one: WebhookEndpoint): string {
  const state = one.disabledBecause === null ? "enabled" : `disabled (${one.disabledBecause})`;
  const told = `told ${one.deliveredSeq} of ${one.lastSeq}`;
  const next = one.failedTries > 0 && one.nextTryAt !== null ? `next try ${when(one.nextTryAt)}` : "";
  const givenUp = one.givenUp.length === 0 ? "" : `given up: ${one.givenUp.map(({ seq }) => seq).join(", ")}`;
  const words = [one.webhookEndpointId, state, told, one.url, next, one.lastError ?? "", givenUp];
  return words.filter((word) => word !== "").join("  ");
}

function readFrom({ from, since }: Values): { fromSeq: number } | { since: number } {
  if (from !== undefined && /^\d{1,15}$/.test(from) && since === undefined) return { fromSeq: Number(from) };
  const time = from === undefined ? Date.parse(since ?? "") : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError("replay needs --from SEQ or --since TIME, such as 2026-12-02T10:00Z.");
  return { since: time };
}

async function act(ask: Client, command: string, id: string, values: Values): Promise<Said> {
  const path = `webhook-endpoints/${encodeURIComponent(id)}`;
  switch (command) {
    case "rotate": {
      const answer = await ask(webhookEndpointSecret, `${path}/rotate`, {});
      return { answer, lines: [write(answer), answer.secret] };
    }
    case "replay": {
      const answer = await ask(webhookEndpoint, `${path}/replay`, readFrom(values));
      return { answer, lines: [write(answer)] };
    }
    case "ping": {
      const answer = await ask(pingResult, `${path}/ping`, {});
      return { answer, lines: [answer.delivered ? "taken" : `not taken: ${answer.error}`] };
    }
    case "enable":
    case "disable": {
      const answer = await ask(webhookEndpoint, path, { enabled: command === "enable" }, "PATCH");
      return { answer, lines: [write(answer)] };
    }
    default:
      await ask(z.undefined(), path, undefined, "DELETE");
      return { answer: null, lines: ["deleted"] };
  }
}

const commands = ["rotate", "replay", "ping", "enable", "disable", "delete"];

/** `fullbleed webhooks …`: what the server answers, and lines that say it. Throws UsageError and Refused. */
export async function runWebhooks(surroundings: Surroundings, words: readonly string[], values: Values): Promise<Said> {
  const [command = "list", subject, ...more] = words;
  const known = command === "list" ? subject === undefined : subject !== undefined && more.length === 0;
  if (command !== "list" && command !== "create" && !commands.includes(command))
    throw new UsageError(`There is no command webhooks ${command}.`);
  if (!known || subject === "")
    throw new UsageError(
      command === "list"
        ? "webhooks list takes nothing more."
        : `webhooks ${command} takes one ${command === "create" ? "address" : "endpoint's id"}.`,
    );
  if (command === "replay") readFrom(values);
  const ask = createClient(surroundings);
  if (command === "list") {
    const answer = await ask(webhookEndpointPage, "webhook-endpoints?limit=100");
    return { answer, lines: answer.webhookEndpoints.map(write) };
  }
  if (command !== "create") return act(ask, command, subject ?? "", values);
  const answer = await ask(webhookEndpointSecret, "webhook-endpoints", { url: subject });
  return { answer, lines: [write(answer), answer.secret] };
}

import { execFile } from "node:child_process";
import path from "node:path";
import { expect } from "vitest";
import type { WebhookEndpointPage } from "#contracts/webhook.ts";
import { sendOne } from "#server/testing/issuer.ts";
import {
  ask,
  enter,
  keep,
  noisyPicture,
  patience,
  untilState,
  untilTried,
  type Walk,
  type walkWell,
} from "./canary-walk.ts";

const hostOf = (url: string): string => new URL(url).host;

async function sendAnother(walk: Walk, productId: string): Promise<string> {
  const picture = noisyPicture(productId);
  walk.later.push(picture);
  return (await sendOne(await enter(walk, productId), picture)).submissionId;
}

const arrived = (walk: Walk, before: number) =>
  expect.poll(() => walk.gateway.outgoing.length, patience).toBeGreaterThan(before);

/** Platforms, endpoints and the proxy that throw back what they were sent, send elsewhere, hang or break off, and a server that is killed. */
export async function walkThroughFaults(
  walk: Walk,
  { frame, submissionId }: Awaited<ReturnType<typeof walkWell>>,
): Promise<void> {
  const { demo, gateway } = walk;
  const platform = hostOf(demo.platformUrl);

  for (const host of [platform, hostOf(demo.bankUrl), gateway.host]) gateway.setMood(host, "echo");
  const echoed = await sendAnother(walk, "photo-portrait");
  await untilTried(walk, echoed);
  await frame.get(`/v1/submissions/${submissionId}/preview`);
  await frame.get(`/v1/sessions/${frame.sessionId}/template`);
  await ask(walk, `submissions/${submissionId}/preview`);
  await ask(walk, `submissions/${echoed}/history`);
  const readError = async () => {
    const page = (await (await ask(walk, "webhook-endpoints")).json()) as WebhookEndpointPage;
    return page.webhookEndpoints.map(({ lastError }) => lastError).find((one) => one !== null);
  };
  await expect.poll(readError, patience).toContain("500");

  gateway.setMood(platform, "redirect");
  await untilTried(walk, await sendAnother(walk, "photo-wide-bleed"));
  await ask(walk, `submissions/${submissionId}/preview`);
  gateway.setMood(platform, "cut");
  await ask(walk, `submissions/${submissionId}/preview`);
  gateway.refuseTunnels(true);
  await ask(walk, `submissions/${submissionId}/preview`);
  gateway.refuseTunnels(false);

  gateway.setMood(platform, "hang");
  const before = gateway.outgoing.length;
  const hanging = await sendAnother(walk, "photo-fine");
  await arrived(walk, before);
  await demo.processes.server.restart();
  await untilTried(walk, hanging);
  for (const host of [platform, hostOf(demo.bankUrl), gateway.host]) gateway.setMood(host, "pass");
  await untilState(walk, echoed, /approved|in-review|accepted|held/);
}

/** A cardholder who is deleted: whether, then really, everywhere. */
export async function walkToTheEnd(walk: Walk, { submissionId }: Awaited<ReturnType<typeof walkWell>>): Promise<void> {
  const { reason, operator: by, cardholder } = walk.marks;
  await ask(walk, `submissions/${submissionId}/purge`, { reason, by });
  expect((await ask(walk, `cardholders/${cardholder}/purge`, { reason, by, confirm: true })).status).toBe(200);
  await untilState(walk, submissionId, /^purged$/);
  await ask(walk, `cardholders/${cardholder}/export`);
}

const rooms = path.join(import.meta.dirname, "..", "..");

/** Runs one of the server's programs and keeps what it prints. Resolves to its exit code. */
async function run(
  walk: Walk,
  name: string,
  file: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<number> {
  return new Promise((resolve) => {
    const surroundings = {
      PATH: process.env.PATH ?? "",
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      ...env,
    };
    const child = execFile(
      process.execPath,
      [path.join(rooms, file), ...args],
      { env: surroundings },
      (_, out, err) => {
        keep(walk, `stdout of ${name}`, out);
        keep(walk, `stderr of ${name}`, err);
        resolve(child.exitCode ?? -1);
      },
    );
  });
}

/** The operator's command line, and a server whose settings are all wrong. */
export async function walkAtTheDesk(walk: Walk, submissionId: string, dataFolder: string): Promise<void> {
  const { marks, demo } = walk;
  const { secrets } = marks;
  const right = { FULLBLEED_URL: demo.designerUrl, FULLBLEED_ISSUER_KEY: secrets.issuerKey };
  const cli = "server/cli.ts";
  const wrongKey = { ...right, FULLBLEED_ISSUER_KEY: `${secrets.issuerKey}x` };
  const codes = await Promise.all([
    run(walk, "fullbleed show", cli, ["show", submissionId], right),
    run(walk, "fullbleed with a wrong key", cli, ["list"], wrongKey),
    run(walk, "a start with wrong settings", "server/main.ts", [], {
      FULLBLEED_PORT: "0",
      FULLBLEED_DATA: path.join(dataFolder, "never"),
      FULLBLEED_PUBLIC_URL: demo.designerUrl,
      FULLBLEED_PROVIDER: "thales",
      FULLBLEED_ISSUER_NAME: "Bank",
      FULLBLEED_ISSUER_KEY: `${secrets.issuerKey} `,
      FULLBLEED_THALES_HANDOVER_KEYS: JSON.stringify({ unknown: Object.values(secrets.handoverKeys)[0] }),
      FULLBLEED_THALES_PURGE_KEYS: `{"${secrets.imagePurgeKey}"`,
      FULLBLEED_THALES_IMAGE_DELIVERY_KEY: secrets.imageDeliveryKey.repeat(20),
      FULLBLEED_THALES_NOTIFICATION_SECRET: secrets.notificationSecret.repeat(20),
      FULLBLEED_OUTBOUND_PROXY: `ftp://${marks.proxyUser}:${encodeURIComponent(marks.proxyPassword)}@proxy.example`,
      FULLBLEED_OUTBOUND_CLIENT_KEY_PASSPHRASE: marks.passphrase.repeat(200),
    }),
  ]);
  expect(codes).toEqual([0, 1, 1]);
}

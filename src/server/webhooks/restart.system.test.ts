import { expect, onTestFinished, test } from "vitest";
import type { SubmissionRecord } from "#contracts/submission.ts";
import type { WebhookEndpoint, WebhookEndpointSecret } from "#contracts/webhook.ts";
import { asIssuer } from "../testing/env.ts";
import { makeTestFolder } from "../testing/folder.ts";
import { enterSession, sendOne } from "../testing/issuer.ts";
import { makePicture } from "../testing/picture.ts";
import { startLedgerPlatform, startServerProcess } from "../testing/process.ts";
import { answering, seqsOf, startReceiver } from "../testing/webhooks.ts";

test("a server that is killed while a webhook is on its way loses none: the next posts it again, under the same id", async () => {
  const folder = await makeTestFolder();
  const platform = await startLedgerPlatform(10);
  const receiver = await startReceiver(() => {});
  onTestFinished(() => {
    platform.close();
    receiver.close();
  });
  const env = { FULLBLEED_WEBHOOK_NETWORKS: "127.0.0.0/8", FULLBLEED_WEBHOOK_TIMEOUT_SECONDS: "60" };
  let server = await startServerProcess(folder, platform.url, env);
  onTestFinished(() => server.kill());
  const response = await fetch(`${server.url}/v1/webhook-endpoints`, {
    method: "POST",
    headers: { ...asIssuer, "content-type": "application/json" },
    body: JSON.stringify({ url: receiver.url }),
  });
  const { webhookEndpointId: id } = (await response.json()) as WebhookEndpointSecret;
  const look = async <Answer>(path: string): Promise<Answer> => {
    const found = await fetch(`${server.url}/v1/${path}`, { headers: asIssuer });
    return (await found.json()) as Answer;
  };
  const { submissionId } = await sendOne(await enterSession(server.url), makePicture());
  // Killed in the middle of a send, the picture would be in doubt for longer than this test lasts.
  const state = async () => (await look<SubmissionRecord>(`submissions/${submissionId}`)).state;
  await expect.poll(state).toBe("accepted");
  await expect.poll(() => seqsOf(receiver)).toEqual([1]);
  await server.kill();
  receiver.answer = answering(204);
  server = await startServerProcess(folder, platform.url, env);
  const isTold = () => receiver.received.some(({ event }) => event.data.state === "accepted");
  await expect.poll(isTold).toBe(true);
  const [first, again] = receiver.received;
  expect(again).toMatchObject({ id: first?.id, body: first?.body });
  expect(seqsOf(receiver).slice(1)).toEqual(Array.from({ length: seqsOf(receiver).length - 1 }, (_, n) => n + 1));
  const nextTryAt = async () => (await look<WebhookEndpoint>(`webhook-endpoints/${id}`)).nextTryAt;
  await expect.poll(nextTryAt).toBeNull();
});

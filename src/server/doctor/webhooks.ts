import { skipped } from "#providers/diagnosis.ts";
import { type Outbound } from "#providers/fresh-fetch.ts";
import type { Config } from "../config.ts";
import { createAddressGuard } from "../webhooks/addresses.ts";
import { checkAddresses } from "./addresses.ts";
import type { Section } from "./doctor.ts";

const onlyAPing = "Whether they take what happens, only npx fullbleed webhooks ping ENDPOINT tells.";

/** Whether the endpoints of the file of issuers are reached, as webhooks go. Nothing is posted. */
export async function checkWebhooks(
  config: Pick<Config, "issuers" | "webhookNetworks">,
  { proxy, ca }: Outbound,
  now: () => number,
  limit: () => AbortSignal,
  whole: AbortSignal,
): Promise<Section[]> {
  const addresses = config.issuers.flatMap(({ id, webhooks }) =>
    webhooks.map(({ url }) => ({ variable: `${id}, webhooks`, url })),
  );
  if (addresses.length === 0) return [];
  const { lookup } = createAddressGuard(config.webhookNetworks);
  const outbound = { ...(proxy && { proxy }), ...(ca && { ca }), lookup };
  const { findings } = await checkAddresses(addresses, outbound, now, limit, whole);
  return [
    {
      title: "Webhook endpoints of the file of issuers",
      findings: [...findings.filter(({ subject }) => subject !== "clock"), skipped("webhooks", onlyAPing)],
    },
  ];
}

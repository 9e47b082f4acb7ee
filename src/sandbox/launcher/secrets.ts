import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { products } from "#card/products.ts";

const secret = z.string().min(1).default(makeSecret);
const handoverKeys = z.object(Object.fromEntries(products.map(({ id }) => [id, secret])));
const demoSecrets = z.object({
  issuerKey: secret,
  handoverKeys: handoverKeys.prefault({}),
  imageDeliveryKey: secret,
  notificationSecret: secret,
});

/** What the programs of the demo share. */
export type DemoSecrets = z.infer<typeof demoSecrets>;

/** 256 bits at random, in 43 characters that need no escaping anywhere. */
function makeSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** The secrets kept in this folder; what is missing is made at random and kept, readable by the owner alone. */
export function keepSecrets(dataFolder: string): DemoSecrets {
  const file = join(dataFolder, "secrets.json");
  const secrets = demoSecrets.parse(readIfThere(file));
  writeFileSync(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}

function readIfThere(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { products } from "#card/products.ts";

/** Locked through SQLite, because every system releases such a lock when its holder is killed. Also marks a folder as the demo's. */
const lockFile = "launcher.lock";

/** The folder holds something that no demo put there. */
export class ForeignFolder extends Error {
  constructor(path: string) {
    super(`${path} holds other things than the demo's data. Name an empty folder, or one that does not exist yet.`);
  }
}

function refuseForeign(path: string): void {
  if (!existsSync(path) || existsSync(join(path, lockFile)) || readdirSync(path).length === 0) return;
  throw new ForeignFolder(path);
}

/** A data folder that belongs to this process until `release`, or until the process ends, however it ends. */
interface LockedFolder {
  readonly release: () => void;
}

/** Locks a data folder, made when it is missing. Undefined while another demo runs in it. Throws ForeignFolder. */
export function lockFolder(path: string): LockedFolder | undefined {
  refuseForeign(path);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(path, lockFile));
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch {
    lock.close();
    return undefined;
  }
  return {
    release() {
      if (lock.isOpen) lock.close();
    },
  };
}

/** Deletes a data folder. False, and nothing deleted, while a demo runs in it. Throws ForeignFolder, nothing deleted. */
export function clearFolder(path: string): boolean {
  const locked = lockFolder(path);
  if (locked === undefined) return false;
  locked.release();
  rmSync(path, { recursive: true, force: true });
  return true;
}

const secret = z.string().min(1).default(makeSecret);
const byProduct = <Value extends z.ZodType>(value: Value) =>
  z.object(Object.fromEntries(products.map(({ id }) => [id, value])));
const handoverKeys = byProduct(secret);
const id = z.guid().default(() => randomUUID());
const demoSecrets = z.object({
  issuerKey: secret,
  handoverKeys: handoverKeys.prefault({}),
  galleryHandoverKeys: handoverKeys.prefault({}),
  imageDeliveryKey: secret,
  imageInformationKey: id,
  imagePurgeKey: id,
  notificationSecret: secret,
  secondIssuerKey: secret,
  syncteraApiKey: secret,
  syncteraWebhookSecret: secret,
  syncteraCardProducts: byProduct(id).prefault({}),
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

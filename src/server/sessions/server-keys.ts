import { randomBytes } from "node:crypto";
import type { ServerKeyTable } from "../store/secrets-schema.ts";
import type { Store } from "../store/schema.ts";

/** A key of 256 bits that all processes of an installation share; made by the first of them that needs it. */
export async function keepServerKey(store: Store, name: ServerKeyTable["name"]): Promise<Buffer> {
  const made = { name, value: randomBytes(32).toString("base64url") };
  await store
    .insertInto("server_keys")
    .values(made)
    .onConflict((conflict) => conflict.column("name").doNothing())
    .execute();
  const kept = await store.selectFrom("server_keys").select("value").where("name", "=", name).executeTakeFirstOrThrow();
  return Buffer.from(kept.value, "base64url");
}

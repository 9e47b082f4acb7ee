import { sql } from "kysely";
import type { Store } from "../store/schema.ts";

/** Every row of every table, as JSON. */
export async function readAll(store: Store): Promise<string> {
  const tables = await sql<{ name: string }>`select name from sqlite_master where type = 'table'`.execute(store);
  const rows = await Promise.all(
    tables.rows.map(async ({ name }) => [name, (await sql`select * from ${sql.table(name)}`.execute(store)).rows]),
  );
  return JSON.stringify(rows, null, 1);
}

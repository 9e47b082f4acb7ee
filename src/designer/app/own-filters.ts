import type { OwnFilter, Product } from "#card/products.ts";
import { type ColourTable, unpackTable } from "#design/colour-table.ts";
import { addFilters } from "#design/filters/filters.ts";
import type { ImageWorker } from "#image/image-worker.ts";
import type { Transport } from "../api/request.ts";

/** The designer opens all the same, without those that are not there by then. */
const timeoutMs = 10_000;

async function load({ fetch, baseUrl }: Transport, { address }: OwnFilter): Promise<ColourTable | null> {
  try {
    const answer = await fetch(baseUrl + address, { signal: AbortSignal.timeout(timeoutMs), credentials: "omit" });
    return answer.ok ? unpackTable(await answer.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

/** Loads the issuer's own filters for page and worker. Gives the product with those that are there. Never rejects. */
export async function loadOwnFilters(
  product: Product,
  transport: Transport,
  worker: Pick<ImageWorker, "addFilters">,
): Promise<Product> {
  const { ownFilters = [], ...others } = product;
  if (ownFilters.length === 0) return product;
  const loaded = await Promise.all(
    ownFilters.map(async (filter) => ({ filter, table: await load(transport, filter) })),
  );
  const there = loaded.flatMap(({ filter, table }) => (table === null ? [] : [{ filter, table }]));
  const tables = new Map(there.map(({ filter, table }) => [filter.id, table]));
  addFilters(tables);
  worker.addFilters(tables);
  return { ...others, ownFilters: there.map(({ filter }) => filter) };
}

import type { OwnFilter, Product } from "#card/products.ts";
import { type ColourTable, unpackTable } from "#design/colour-table.ts";
import { addFilters } from "#design/filters/filters.ts";
import type { NeedFilters } from "#image/client.ts";
import type { ImageWorker } from "#image/image-worker.ts";
import { abortable, type Transport } from "../api/request.ts";
import { loadFile } from "./load-file.ts";

async function readTable(answer: Response): Promise<ColourTable | null> {
  return unpackTable(await answer.arrayBuffer());
}

type Offering = Pick<Product, "ownFilters">;

/** Waits for some of them. `offer` begins to load those that the issuer has added in mid-visit. */
export type OwnFilters = NeedFilters & { readonly offer: (now: Offering) => void };

/**
 * Begins to load the issuer's own filters, for page and worker. Gives what waits for some of them, once they are needed: those that
 * could not be loaded are tried again then. It rejects where one cannot be had, after half a minute at most.
 */
export function loadOwnFilters(
  first: Offering,
  transport: Transport,
  worker: Pick<ImageWorker, "addFilters">,
): OwnFilters {
  let ownFilters: readonly OwnFilter[] = [];
  const loading = new Map<string, { readonly address: string; readonly loaded: Promise<void> }>();
  const begin = async ({ id, address }: OwnFilter): Promise<void> => {
    const tables = new Map([[id, await loadFile(transport, address, readTable)]]);
    const newer = loading.get(id);
    // The issuer may have given it another table meanwhile.
    if (newer !== undefined && newer.address !== address) return newer.loaded;
    addFilters(tables);
    worker.addFilters(tables);
  };
  const need = (filter: OwnFilter): Promise<void> => {
    const before = loading.get(filter.id);
    if (before?.address === filter.address) return before.loaded;
    const now = { address: filter.address, loaded: begin(filter) };
    loading.set(filter.id, now);
    now.loaded.catch(() => {
      if (loading.get(filter.id) === now) loading.delete(filter.id);
    });
    return now.loaded;
  };
  const offer = (now: Offering): void => {
    ownFilters = now.ownFilters ?? [];
    for (const filter of ownFilters) void need(filter);
  };
  offer(first);
  const waitFor: NeedFilters = async (ids, signal) => {
    const needed = ownFilters.filter(({ id }) => ids.includes(id));
    if (needed.length > 0) await abortable(Promise.all(needed.map(need)), signal);
  };
  return Object.assign(waitFor, { offer });
}

import type { Product } from "#card/products.ts";
import { type ColourTable, cubeOf } from "../colour-table.ts";
import { bright } from "./bright.ts";
import { cool } from "./cool.ts";
import { film } from "./film.ts";
import { type Filter, filterOf } from "./filter.ts";
import { mono } from "./mono.ts";
import { monoWarm } from "./mono-warm.ts";
import { printLift } from "./print-lift.ts";
import { soft } from "./soft.ts";
import { vivid } from "./vivid.ts";
import { warm } from "./warm.ts";

/** The filters that every issuer has, by the id that designs name them by, in the order in which they are offered. A new one is its file and a line here. */
export const filters = {
  "print-lift": printLift,
  bright,
  warm,
  cool,
  vivid,
  soft,
  film,
  mono,
  "mono-warm": monoWarm,
} as const satisfies Readonly<Record<string, Filter>>;

export type FilterId = keyof typeof filters;

export const filterIds = Object.keys(filters) as readonly FilterId[];

/** The ids of the filters that a product offers, in the order in which they are shown. An id that nobody knows is left out. */
export function listFilters({
  features,
  ownFilters = [],
}: Pick<Product, "features" | "ownFilters">): readonly string[] {
  const all: readonly string[] = [...filterIds, ...ownFilters.map(({ id }) => id)];
  const offered = features?.filters ?? true;
  return typeof offered === "boolean" ? (offered ? all : []) : all.filter((id) => offered.includes(id));
}

export function isFilterId(id: string): id is FilterId {
  return Object.hasOwn(filters, id);
}

const issuersOwn = new Map<string, Filter>();

/** Has `findFilter` know the issuer's own filters, by the ids that designs name them by: for as long as the page, or its worker, lasts. */
export function addFilters(tables: ReadonlyMap<string, ColourTable>): void {
  for (const [id, table] of tables) issuersOwn.set(id, filterOf(cubeOf(table)));
}

/** The filter that designs name by this id; undefined where there is none. */
export function findFilter(id: string): Filter | undefined {
  return isFilterId(id) ? filters[id] : issuersOwn.get(id);
}

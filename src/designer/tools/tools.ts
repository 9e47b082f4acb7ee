import type { Product } from "#card/products.ts";
import { listFilters } from "#design/filters/filters.ts";
import { AdjustPanel } from "./adjust/Panel.tsx";
import { FiltersPanel } from "./filters/Panel.tsx";
import { LightPanel } from "./light/Panel.tsx";
import { PhotoPanel } from "./photo/Panel.tsx";

/** What can be changed, in the order of the tabs. A new one is its folder, its texts and a line here; with `isOffered` it is not on every product. */
export const tools = [
  { id: "photo", labelId: "design.tab.photo", icon: "photo", Panel: PhotoPanel },
  { id: "adjust", labelId: "design.tab.adjust", icon: "adjust", Panel: AdjustPanel },
  { id: "light", labelId: "design.tab.light", icon: "light", Panel: LightPanel },
  { id: "filters", labelId: "design.tab.filters", icon: "filters", Panel: FiltersPanel, isOffered: offersFilters },
] as const;

function offersFilters(product: Product): boolean {
  return listFilters(product).length > 0;
}

/** Those that a product offers. */
export function toolsOf(product: Product): readonly (typeof tools)[number][] {
  return tools.filter((tool) => !("isOffered" in tool) || tool.isOffered(product));
}

export type ToolId = (typeof tools)[number]["id"];

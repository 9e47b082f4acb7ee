import type { ReactNode } from "react";
import type { Product } from "#card/products.ts";
import type { VectorElement } from "#design/elements.ts";
import { listFilters } from "#design/filters/filters.ts";
import { isOffered } from "#design/offered.ts";
import { listTemplates } from "#design/templates/templates.ts";
import type { MessageId } from "../locales/en.ts";
import type { IconName } from "../ui/Icon.tsx";
import { AdjustPanel } from "./adjust/Panel.tsx";
import { FiltersPanel } from "./filters/Panel.tsx";
import { LightPanel } from "./light/Panel.tsx";
import { PhotoPanel } from "./photo/Panel.tsx";
import { ShapesPanel } from "./shapes/Panel.tsx";
import { StickersPanel } from "./stickers/Panel.tsx";
import { TemplatesPanel } from "./templates/Panel.tsx";
import { TextPanel } from "./text/Panel.tsx";
import type { ToolPanelProps } from "./tool.ts";

interface Tool {
  readonly id: string;
  readonly labelId: MessageId;
  readonly icon: IconName;
  readonly Panel: (props: ToolPanelProps) => ReactNode;
  /** Whether it is on this product; without one it is on all of them. */
  readonly isOffered?: (product: Product) => boolean;
  /** The elements that are changed here: it is on the products that offer these. */
  readonly kind?: VectorElement["kind"];
}

/** What can be changed, in the order of the tabs. A new one is its folder, its texts and a line here. */
const tools = [
  { id: "photo", labelId: "design.tab.photo", icon: "photo", Panel: PhotoPanel },
  { id: "adjust", labelId: "design.tab.adjust", icon: "adjust", Panel: AdjustPanel },
  { id: "light", labelId: "design.tab.light", icon: "light", Panel: LightPanel },
  { id: "filters", labelId: "design.tab.filters", icon: "filters", Panel: FiltersPanel, isOffered: offersFilters },
  {
    id: "templates",
    labelId: "design.tab.templates",
    icon: "templates",
    Panel: TemplatesPanel,
    isOffered: offersTemplates,
  },
  { id: "text", labelId: "design.tab.text", icon: "text", Panel: TextPanel, kind: "text" },
  { id: "stickers", labelId: "design.tab.stickers", icon: "sticker", Panel: StickersPanel, kind: "sticker" },
  { id: "shapes", labelId: "design.tab.shapes", icon: "shapes", Panel: ShapesPanel, kind: "shape" },
] as const satisfies readonly Tool[];

function offersTemplates(product: Product): boolean {
  return listTemplates(product).length > 0;
}

function offersFilters(product: Product): boolean {
  return listFilters(product).length > 0;
}

/** Those that a product offers. */
export function toolsOf(product: Product): readonly (typeof tools)[number][] {
  return tools.filter((tool: Tool) =>
    tool.kind === undefined ? (tool.isOffered?.(product) ?? true) : isOffered({ kind: tool.kind }, product),
  );
}

/** The tool in which such an element is changed; undefined where there is none. */
export function toolOfKind(kind: VectorElement["kind"]): ToolId | undefined {
  return tools.find((tool) => "kind" in tool && tool.kind === kind)?.id;
}

export type ToolId = (typeof tools)[number]["id"];

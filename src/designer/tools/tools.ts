import type { ReactNode } from "react";
import type { Product, ProductFeatures } from "#card/products.ts";
import type { VectorElement } from "#design/elements.ts";
import type { MessageId } from "../locales/en.ts";
import type { IconName } from "../ui/Icon.tsx";
import { AdjustPanel } from "./adjust/Panel.tsx";
import { LightPanel } from "./light/Panel.tsx";
import { PhotoPanel } from "./photo/Panel.tsx";
import { ShapesPanel } from "./shapes/Panel.tsx";
import type { ToolPanelProps } from "./tool.ts";

interface Tool {
  readonly id: string;
  readonly labelId: MessageId;
  readonly icon: IconName;
  readonly Panel: (props: ToolPanelProps) => ReactNode;
  /** Only where the product offers it; without one it is always there. */
  readonly feature?: keyof ProductFeatures;
  /** The elements that are changed here. */
  readonly kind?: VectorElement["kind"];
}

/** What can be changed, in the order of the tabs. A new one is its folder, its texts and a line here. */
export const tools = [
  { id: "photo", labelId: "design.tab.photo", icon: "photo", Panel: PhotoPanel },
  { id: "adjust", labelId: "design.tab.adjust", icon: "adjust", Panel: AdjustPanel },
  { id: "light", labelId: "design.tab.light", icon: "light", Panel: LightPanel },
  { id: "shapes", labelId: "design.tab.shapes", icon: "shapes", Panel: ShapesPanel, feature: "shapes", kind: "shape" },
] as const satisfies readonly Tool[];

/** The tools of this product. */
export function toolsOf({ features }: Pick<Product, "features">): readonly (typeof tools)[number][] {
  return tools.filter((tool) => !("feature" in tool) || features?.[tool.feature] === true);
}

/** The tool in which such an element is changed; undefined where there is none. */
export function toolOfKind(kind: VectorElement["kind"]): ToolId | undefined {
  return tools.find((tool) => "kind" in tool && tool.kind === kind)?.id;
}

export type ToolId = (typeof tools)[number]["id"];

import type { Product } from "#card/products.ts";
import { AdjustPanel } from "./adjust/Panel.tsx";
import { LightPanel } from "./light/Panel.tsx";
import { PhotoPanel } from "./photo/Panel.tsx";
import { StickersPanel } from "./stickers/Panel.tsx";

/** What can be changed, in the order of the tabs. A new one is its folder, its texts and a line here. */
const tools = [
  { id: "photo", labelId: "design.tab.photo", icon: "photo", Panel: PhotoPanel },
  { id: "adjust", labelId: "design.tab.adjust", icon: "adjust", Panel: AdjustPanel },
  { id: "light", labelId: "design.tab.light", icon: "light", Panel: LightPanel },
  { id: "stickers", labelId: "design.tab.stickers", icon: "sticker", Panel: StickersPanel, feature: "stickers" },
] as const;

export type ToolId = (typeof tools)[number]["id"];

/** Those of the tools that this product offers. */
export function toolsOf({ features }: Product): readonly (typeof tools)[number][] {
  return tools.filter((tool) => !("feature" in tool) || features?.[tool.feature] === true);
}

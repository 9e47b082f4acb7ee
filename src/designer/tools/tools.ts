import { AdjustPanel } from "./adjust/Panel.tsx";
import { LightPanel } from "./light/Panel.tsx";
import { PhotoPanel } from "./photo/Panel.tsx";

/** What can be changed, in the order of the tabs. A new one is its folder, its texts and a line here. */
export const tools = [
  { id: "photo", labelId: "design.tab.photo", icon: "photo", Panel: PhotoPanel },
  { id: "adjust", labelId: "design.tab.adjust", icon: "adjust", Panel: AdjustPanel },
  { id: "light", labelId: "design.tab.light", icon: "light", Panel: LightPanel },
] as const;

export type ToolId = (typeof tools)[number]["id"];

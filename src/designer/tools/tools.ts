import { AdjustPanel } from "./adjust/Panel.tsx";
import { PhotoPanel } from "./photo/Panel.tsx";

/** What can be changed, in the order of the tabs. A new one is its folder, its texts and a line here. */
export const tools = [
  { id: "photo", labelId: "design.tab.photo", Panel: PhotoPanel },
  { id: "adjust", labelId: "design.tab.adjust", Panel: AdjustPanel },
] as const;

export type ToolId = (typeof tools)[number]["id"];

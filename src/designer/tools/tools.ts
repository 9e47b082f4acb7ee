import type { Product } from "#card/products.ts";
import type { VectorElement } from "#design/elements.ts";
import { listFilters } from "#design/filters/filters.ts";
import { isOffered, offersGrounds } from "#design/offered.ts";
import { listTemplates } from "#design/templates/templates.ts";
import { AdjustPanel } from "./adjust/Panel.tsx";
import { DrawingPanel } from "./drawing/Panel.tsx";
import { FiltersPanel } from "./filters/Panel.tsx";
import { GroundPanel } from "./ground/Panel.tsx";
import { LightPanel } from "./light/Panel.tsx";
import { PhotoPanel } from "./photo/Panel.tsx";
import { ShapesPanel } from "./shapes/Panel.tsx";
import { StickersPanel } from "./stickers/Panel.tsx";
import { TemplatesPanel } from "./templates/Panel.tsx";
import { TextPanel } from "./text/Panel.tsx";
import type { Tool } from "./tool.ts";
import { laterIcons } from "../ui/later-icons.ts";

/** What can be changed, in the order of the tabs: first what is shown first. A new one is its folder, an import and a line here, and a line in `texts.ts`. */
const tools = [
  { id: "photo", labelId: "design.tab.photo", icon: "photo", Panel: PhotoPanel, photo: "needed" },
  {
    id: "ground",
    labelId: "design.tab.ground",
    icon: laterIcons.ground,
    Panel: GroundPanel,
    isOffered: offersGrounds,
    photo: "none",
  },
  { id: "adjust", labelId: "design.tab.adjust", icon: laterIcons.adjust, Panel: AdjustPanel, photo: "needed" },
  { id: "light", labelId: "design.tab.light", icon: laterIcons.light, Panel: LightPanel, photo: "needed" },
  {
    id: "filters",
    labelId: "design.tab.filters",
    icon: laterIcons.filters,
    Panel: FiltersPanel,
    isOffered: offersFilters,
    photo: "needed",
  },
  {
    id: "templates",
    labelId: "design.tab.templates",
    icon: laterIcons.templates,
    Panel: TemplatesPanel,
    isOffered: offersTemplates,
  },
  { id: "text", labelId: "design.tab.text", icon: laterIcons.text, Panel: TextPanel, kind: "text" },
  { id: "stickers", labelId: "design.tab.stickers", icon: laterIcons.sticker, Panel: StickersPanel, kind: "sticker" },
  { id: "shapes", labelId: "design.tab.shapes", icon: laterIcons.shapes, Panel: ShapesPanel, kind: "shape" },
  { id: "drawing", labelId: "design.tab.drawing", icon: laterIcons.pencil, Panel: DrawingPanel, kind: "drawing" },
] as const satisfies readonly Tool[];

function offersTemplates(product: Product): boolean {
  return listTemplates(product).length > 0;
}

function offersFilters(product: Product): boolean {
  return listFilters(product).length > 0;
}

/** Those that a product offers on a card with a photo, or without one. */
export function toolsOf(product: Product, hasPhoto: boolean): readonly (typeof tools)[number][] {
  const isOfUse = ({ photo }: Tool): boolean => photo === undefined || (photo === "needed") === hasPhoto;
  return tools.filter(
    (tool: Tool) =>
      isOfUse(tool) &&
      (tool.kind === undefined ? (tool.isOffered?.(product) ?? true) : isOffered({ kind: tool.kind }, product)),
  );
}

/** The one that is shown first: the photo's own. */
export const firstTool = tools[0];

/** The tool in which such an element is changed; undefined where there is none. */
export function toolOfKind(kind: VectorElement["kind"]): ToolId | undefined {
  return tools.find((tool) => "kind" in tool && tool.kind === kind)?.id;
}

export type ToolId = (typeof tools)[number]["id"];

import type { IconPath } from "./Icon.tsx";

/** Icons of the screens after the first, drawn as those are. */
export const laterIcons = {
  undo: { name: "undo", path: "M8.5 5 4 9.5 8.5 14M4 9.5h10a5.25 5.25 0 0 1 0 10.5H9" },
  redo: { name: "redo", path: "M15.5 5 20 9.5 15.5 14M20 9.5H10A5.25 5.25 0 0 0 10 20h5" },
  minus: { name: "minus", path: "M5 12h14" },
  plus: { name: "plus", path: "M12 5v14M5 12h14" },
  "turn-right": { name: "turn-right", path: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.4M20 4.5v4.9h-4.9" },
  "turn-left": { name: "turn-left", path: "M4.5 12a7.5 7.5 0 1 0 2.2-5.3L4 9.4M4 4.5v4.9h4.9" },
  flip: { name: "flip", path: "M12 3.5v17M9 7.5 3.5 17H9zM15 7.5l5.5 9.5H15z" },
  fit: { name: "fit", path: "M4 8.5V4h4.5M15.5 4H20v4.5M20 15.5V20h-4.5M8.5 20H4v-4.5" },
  adjust: {
    name: "adjust",
    path: "M3.5 8h8M17.5 8h3M17.5 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0M3.5 16h3M12.5 16h8M12.5 16a3 3 0 1 1-6 0 3 3 0 0 1 6 0",
  },
  ground: { name: "ground", path: "M3.5 5.5h17v13h-17zM3.5 14.5l9-9M5.5 18.5l13-13M11.5 18.5l9-9" },
  towards: { name: "towards", path: "M4 12h15.5M13.5 6l6 6-6 6" },
  light: {
    name: "light",
    path: "M12 16.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4M12 2.8v1.7M12 19.5v1.7M2.8 12h1.7M19.5 12h1.7M5.5 5.5l1.2 1.2M17.3 17.3l1.2 1.2M5.5 18.5l1.2-1.2M17.3 6.7l1.2-1.2",
  },
  templates: { name: "templates", path: "M3.5 4.5h17v15h-17zM7 8h10v8H7z" },
  text: { name: "text", path: "M5 7V5h14v2M12 5v14M9 19h6" },
  "align-start": { name: "align-start", path: "M4 6h16M4 12h9M4 18h13" },
  "align-centre": { name: "align-centre", path: "M4 6h16M7.5 12h9M5.5 18h13" },
  "align-end": { name: "align-end", path: "M4 6h16M11 12h9M7 18h13" },
  shapes: { name: "shapes", path: "M3.5 4h8v8h-8zM16.2 20.5a4.3 4.3 0 1 0 0-8.6 4.3 4.3 0 0 0 0 8.6M17 3l3.5 6h-7z" },
  pencil: {
    name: "pencil",
    path: "m4 20 1.2-4.6L16.4 4.2a1.9 1.9 0 0 1 2.7 0l.7.7a1.9 1.9 0 0 1 0 2.7L8.6 18.8zM14.5 6l3.5 3.5",
  },
  marker: { name: "marker", path: "m9 14.5 1.5-5L18 2.5 21.5 6l-7 7.5zM9 14.5 6.5 17H4.5v3h15M11.5 9l3.5 3.5" },
  brush: {
    name: "brush",
    path: "M20.5 3.5c-4 1.5-8 5-10 9l2 2c4-2 7-6 8-11M10 13c-3 0-4.5 1.5-4.5 4 0 1.5-.8 2.5-2 3 4.5 1.2 9 .2 9-4",
  },
  eraser: {
    name: "eraser",
    path: "M9 20 3.8 14.800a1.6 1.6 0 0 1 0-2.300L12.5 3.800a1.6 1.6 0 0 1 2.3 0l5.4 5.400a1.6 1.6 0 0 1 0 2.300L11.5 20zM8 8.300l7.7 7.700M9 20h11.5",
  },
  move: {
    name: "move",
    path: "M12 3v18M3 12h18M9.5 5.5 12 3l2.5 2.500M9.5 18.5 12 21l2.5-2.500M5.5 9.5 3 12l2.5 2.500M18.5 9.5 21 12l-2.5 2.5",
  },
  forward: { name: "forward", path: "M9 3.5h11.5V15H9zM5.5 9H3.5v11.5H15v-2" },
  backward: { name: "backward", path: "M3.5 9H15v11.5H3.5zM9 5.5v-2h11.5V15h-2" },
  bin: { name: "bin", path: "M4.5 6.5h15M9.5 6.5v-3h5v3M6.5 6.5l.9 14h9.2l.9-14M10.2 10.5v6M13.8 10.5v6" },
  filters: {
    name: "filters",
    path: "M12 13.5a4.8 4.8 0 1 0 0-9.6 4.8 4.8 0 0 0 0 9.6M8.4 20.1a4.8 4.8 0 1 0 0-9.6 4.8 4.8 0 0 0 0 9.6M15.6 20.1a4.8 4.8 0 1 0 0-9.6 4.8 4.8 0 0 0 0 9.6",
  },
  sticker: {
    name: "sticker",
    path: "M20 13V7a3 3 0 0 0-3-3H7a3 3 0 0 0-3 3v10a3 3 0 0 0 3 3h6zM20 13h-4a3 3 0 0 0-3 3v4",
  },
} as const satisfies Readonly<Record<string, IconPath>>;

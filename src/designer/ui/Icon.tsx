import type { ReactNode } from "react";

/** Drawn on a 24 x 24 grid, stroke only. */
const iconPaths = {
  check: "m5 12.5 4.5 4.5L19 7.5",
  undo: "M8.5 5 4 9.5 8.5 14M4 9.5h10a5.25 5.25 0 0 1 0 10.5H9",
  redo: "M15.5 5 20 9.5 15.5 14M20 9.5H10A5.25 5.25 0 0 0 10 20h5",
  minus: "M5 12h14",
  plus: "M12 5v14M5 12h14",
  "turn-right": "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.4M20 4.5v4.9h-4.9",
  "turn-left": "M4.5 12a7.5 7.5 0 1 0 2.2-5.3L4 9.4M4 4.5v4.9h4.9",
  flip: "M12 3.5v17M9 7.5 3.5 17H9zM15 7.5l5.5 9.5H15z",
  fit: "M4 8.5V4h4.5M15.5 4H20v4.5M20 15.5V20h-4.5M8.5 20H4v-4.5",
  photo: "M4 5.5h16v13H4zM4 15.5l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.2v.1",
  adjust: "M3.5 8h8M17.5 8h3M17.5 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0M3.5 16h3M12.5 16h8M12.5 16a3 3 0 1 1-6 0 3 3 0 0 1 6 0",
  ground: "M3.5 5.5h17v13h-17zM3.5 14.5l9-9M5.5 18.5l13-13M11.5 18.5l9-9",
  towards: "M4 12h15.5M13.5 6l6 6-6 6",
  light:
    "M12 16.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4M12 2.8v1.7M12 19.5v1.7M2.8 12h1.7M19.5 12h1.7M5.5 5.5l1.2 1.2M17.3 17.3l1.2 1.2M5.5 18.5l1.2-1.2M17.3 6.7l1.2-1.2",
  templates: "M3.5 4.5h17v15h-17zM7 8h10v8H7z",
  text: "M5 7V5h14v2M12 5v14M9 19h6",
  "align-start": "M4 6h16M4 12h9M4 18h13",
  "align-centre": "M4 6h16M7.5 12h9M5.5 18h13",
  "align-end": "M4 6h16M11 12h9M7 18h13",
  shapes: "M3.5 4h8v8h-8zM16.2 20.5a4.3 4.3 0 1 0 0-8.6 4.3 4.3 0 0 0 0 8.6M17 3l3.5 6h-7z",
  pencil: "m4 20 1.2-4.6L16.4 4.2a1.9 1.9 0 0 1 2.7 0l.7.7a1.9 1.9 0 0 1 0 2.7L8.6 18.8zM14.5 6l3.5 3.5",
  marker: "m9 14.5 1.5-5L18 2.5 21.5 6l-7 7.5zM9 14.5 6.5 17H4.5v3h15M11.5 9l3.5 3.5",
  brush: "M20.5 3.5c-4 1.5-8 5-10 9l2 2c4-2 7-6 8-11M10 13c-3 0-4.5 1.5-4.5 4 0 1.5-.8 2.5-2 3 4.5 1.2 9 .2 9-4",
  eraser:
    "M9 20 3.8 14.800a1.6 1.6 0 0 1 0-2.300L12.5 3.800a1.6 1.6 0 0 1 2.3 0l5.4 5.400a1.6 1.6 0 0 1 0 2.300L11.5 20zM8 8.300l7.7 7.700M9 20h11.5",
  move: "M12 3v18M3 12h18M9.5 5.5 12 3l2.5 2.500M9.5 18.5 12 21l2.5-2.500M5.5 9.5 3 12l2.5 2.500M18.5 9.5 21 12l-2.5 2.5",
  forward: "M9 3.5h11.5V15H9zM5.5 9H3.5v11.5H15v-2",
  backward: "M3.5 9H15v11.5H3.5zM9 5.5v-2h11.5V15h-2",
  bin: "M4.5 6.5h15M9.5 6.5v-3h5v3M6.5 6.5l.9 14h9.2l.9-14M10.2 10.5v6M13.8 10.5v6",
  filters:
    "M12 13.5a4.8 4.8 0 1 0 0-9.6 4.8 4.8 0 0 0 0 9.6M8.4 20.1a4.8 4.8 0 1 0 0-9.6 4.8 4.8 0 0 0 0 9.6M15.6 20.1a4.8 4.8 0 1 0 0-9.6 4.8 4.8 0 0 0 0 9.6",
  sticker: "M20 13V7a3 3 0 0 0-3-3H7a3 3 0 0 0-3 3v10a3 3 0 0 0 3 3h6zM20 13h-4a3 3 0 0 0-3 3v4",
  back: "M14.5 5 8 12l6.5 7",
  camera: "M4 8h3.6l1.6-2.5h5.6L16.4 8H20v11H4zM12 16.3a3.1 3.1 0 1 0 0-6.2 3.1 3.1 0 0 0 0 6.2",
  send: "M20.5 3.5 10.5 13.5M20.5 3.5 14 20.5l-3.5-7-7-3.5z",
  warning: "M12 4 2.8 19.5h18.4zM12 10v4.2M12 16.9v.1",
  problem: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M12 8v4.8M12 15.8v.1",
  info: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M12 11.2V16M12 8.1v.1",
  close: "M6 6l12 12M18 6 6 18",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  share: "M12 14.5V3.5M8 7l4-3.8L16 7M7 10.5H5v10h14v-10h-2",
  lock: "M6 10.5h12v9H6zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5",
} as const;

export type IconName = keyof typeof iconPaths;

/** Of an icon that is needed in one place alone. */
export interface IconPath {
  readonly path: string;
}

interface IconProps {
  readonly name: IconName | IconPath;
  /** CSS pixels, 20 unless told. */
  readonly size?: number;
  readonly className?: string | undefined;
}

/** A picture beside words, never instead of them: hidden from screen readers. */
export function Icon({ name, size = 20, className }: IconProps): ReactNode {
  return (
    <svg
      aria-hidden="true"
      data-icon={typeof name === "string" ? name : undefined}
      className={className}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={typeof name === "string" ? iconPaths[name] : name.path} />
    </svg>
  );
}

import type { ReactNode } from "react";

/** Drawn on a 24 x 24 grid, stroke only: those of the first screen. What is on later ones alone is in `later-icons.ts`. */
const iconPaths = {
  check: "m5 12.5 4.5 4.5L19 7.5",
  photo: "M4 5.5h16v13H4zM4 15.5l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.2v.1",
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

/** Of an icon that the first screen has not. */
export interface IconPath {
  readonly name?: string;
  readonly path: string;
}

export type IconName = keyof typeof iconPaths | IconPath;

interface IconProps {
  readonly name: IconName;
  /** CSS pixels, 20 unless told. */
  readonly size?: number;
  readonly className?: string | undefined;
}

/** A picture beside words, never instead of them: hidden from screen readers. */
export function Icon({ name, size = 20, className }: IconProps): ReactNode {
  return (
    <svg
      aria-hidden="true"
      data-icon={typeof name === "string" ? name : name.name}
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

import type { enDesign } from "./en-design.ts";

export const arDesign = {} as const satisfies Record<keyof typeof enDesign, string>;

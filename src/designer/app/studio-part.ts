import { createPart } from "./part.ts";

/** All that comes after the first screen, and the work behind it. */
export const studioPart = createPart(
  "What comes after the first screen",
  async () => (await import("./studio.ts")).studio,
);

import { arDesign } from "./ar-design.ts";
import type { MessageId } from "./en.ts";

export const ar = {
  ...arDesign,
  "app.title": "صمّم بطاقتك",
} as const satisfies Record<MessageId, string>;

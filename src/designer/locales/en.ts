import { enDesign } from "./en-design.ts";

/** Every text of the designer: ICU messages by id. This file is the source; the issuer may override any of them. */
export const en = {
  ...enDesign,
  "app.title": "Design your card",
} as const;

export type MessageId = keyof typeof en;

import type { FrameOptions } from "#contracts/frame-messages.ts";
import type { Changes } from "./options.ts";

/** The options that go into the frame, as plain data: whatever cannot be posted is left behind here. */
export function plainOptions({ locale, messages, theme }: Changes): FrameOptions {
  return JSON.parse(JSON.stringify({ locale, messages, theme }));
}

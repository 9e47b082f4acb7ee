import type { DesignerEvent } from "#contracts/frame-messages.ts";
import type { Options } from "./options.ts";

const remembered = 1000;

/** Delivers each event once, whatever the page's callback does. */
export function createTell(onEvent: Options["onEvent"]): (event: DesignerEvent) => void {
  const seen = new Set<string>();
  return (event) => {
    if (seen.has(event.eventId)) return;
    seen.add(event.eventId);
    if (seen.size > remembered) for (const oldest of [...seen].slice(0, 1)) seen.delete(oldest);
    try {
      onEvent?.(event);
    } catch (error) {
      reportError(error);
    }
  };
}

import type { CDPSession } from "@playwright/test";
import type { BankPage } from "./bank-page.ts";

/** For `Network.emulateNetworkConditions`: nothing in the way. */
export const unthrottled = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 } as const;

/** The designer's network, to be throttled apart from the bank page's: its frame is a process of its own. */
export async function networkOf({ page, demo }: BankPage): Promise<CDPSession> {
  const frame = page.frames().find((each) => each.url().startsWith(demo.designerUrl));
  if (frame === undefined) throw new Error("the designer is not on the page");
  return page.context().newCDPSession(frame);
}

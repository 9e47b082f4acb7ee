import { type Finding, type Instruments, skipped } from "../diagnosis.ts";
import { diagnoseImageApi } from "./diagnose-image-api.ts";
import { diagnoseSoap } from "./diagnose-soap.ts";
import type { ThalesOptions } from "./options.ts";
import { thalesSettings } from "./settings.ts";

/** Asks the platform after pictures that cannot exist. SendImage is never called. */
export async function diagnoseThales(options: ThalesOptions, instruments: Instruments): Promise<readonly Finding[]> {
  const found = await Promise.all([diagnoseSoap(options, instruments), diagnoseImageApi(options, instruments)]);
  const notifications = skipped(
    thalesSettings.notificationSecret.variable,
    `It is set. Whether Thales sends it, in the header ${thalesSettings.notificationHeader.variable}, only a notification tells. It has to go to ${instruments.notificationsUrl}`,
  );
  return [...found.flat(), notifications];
}

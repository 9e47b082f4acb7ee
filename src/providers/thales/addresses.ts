import type { PlatformAddress } from "../diagnosis.ts";
import type { Values } from "../setting.ts";
import { thalesSettings } from "./settings.ts";

const { soapUrl, getImageUrl, setDataCaptureUrl, purgeUrl, searchUrl, templateUrl } = thalesSettings;
const settings = { soapUrl, getImageUrl, setDataCaptureUrl, purgeUrl, searchUrl, templateUrl };

/** All addresses that the settings have. */
export function listAddresses(values: Partial<Values<typeof settings>>): PlatformAddress[] {
  return Object.entries(settings).flatMap(([name, { variable }]) => {
    const url = values[name as keyof typeof settings];
    return url === undefined ? [] : [{ variable, url }];
  });
}

import { defineProvider } from "../definition.ts";
import { syncteraSettings } from "./settings.ts";

export const synctera = defineProvider({
  name: "synctera",
  settings: syncteraSettings,
  async create(values, fetch) {
    const { createSyncteraProvider } = await import("./adapter.ts");
    return createSyncteraProvider({ ...values, fetch });
  },
  addresses: ({ url }) => [{ variable: syncteraSettings.url.variable, url }],
  async diagnose(values, instruments) {
    const { diagnoseSynctera } = await import("./diagnose.ts");
    return diagnoseSynctera({ ...values, fetch: instruments.fetch }, instruments);
  },
});

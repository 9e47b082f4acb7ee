import { defineProvider } from "../definition.ts";
import { syncteraSettings } from "./settings.ts";

export const synctera = defineProvider({
  name: "synctera",
  settings: syncteraSettings,
  async create(values, fetch) {
    const { createSyncteraProvider } = await import("./adapter.ts");
    return createSyncteraProvider({ ...values, fetch });
  },
});

import { defineProvider } from "../definition.ts";
import { createSyncteraProvider } from "./adapter.ts";
import { syncteraSettings } from "./settings.ts";

export const synctera = defineProvider({
  name: "synctera",
  settings: syncteraSettings,
  create: (values, fetch) => createSyncteraProvider({ ...values, fetch }),
});

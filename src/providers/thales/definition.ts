import { defineProvider } from "../definition.ts";
import { leaveOutAbsent } from "../setting.ts";
import { listAddresses } from "./addresses.ts";
import { thalesSettings } from "./settings.ts";

export const thales = defineProvider({
  name: "thales",
  settings: thalesSettings,
  async create(values, fetch) {
    const { createThalesProvider } = await import("./adapter.ts");
    return createThalesProvider({ ...leaveOutAbsent(values), fetch });
  },
  addresses: (values) => listAddresses(values),
  async diagnose(values, instruments) {
    const { diagnoseThales } = await import("./diagnose.ts");
    return diagnoseThales({ ...leaveOutAbsent(values), fetch: instruments.fetch }, instruments);
  },
});

import { defineProvider } from "../definition.ts";
import { leaveOutAbsent } from "../setting.ts";
import { createThalesProvider } from "./adapter.ts";
import { thalesSettings } from "./settings.ts";

export const thales = defineProvider({
  name: "thales",
  settings: thalesSettings,
  create: (values, fetch) => createThalesProvider({ ...leaveOutAbsent(values), fetch }),
});

import { synctera } from "./synctera/definition.ts";
import { thales } from "./thales/definition.ts";

/** The card platforms that an installation can choose from. */
export const providers = [thales, synctera] as const;

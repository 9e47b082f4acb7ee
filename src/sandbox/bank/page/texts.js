import { ar } from "./texts/ar.js";
import { de } from "./texts/de.js";
import { en } from "./texts/en.js";
import { es } from "./texts/es.js";
import { fr } from "./texts/fr.js";

/** What the page says whichever bank's it is. English is also in the page itself, for the moment before the script runs. */
export const texts = { en, de, fr, es, ar };

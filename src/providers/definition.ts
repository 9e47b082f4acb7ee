import type { Finding, Instruments, PlatformAddress } from "./diagnosis.ts";
import type { Provider } from "./provider.ts";
import type { Settings, Values } from "./setting.ts";

/** What the server is told of a provider: all else is its own. */
export interface ProviderDefinition<All extends Settings = Settings> {
  /** Kept with every submission: it never changes. */
  readonly name: string;
  readonly settings: All;
  /**
   * The provider with these values, calling its platform with `fetch`. What it is made of is imported here and not before, so that
   * the settings can be read where the rest does not load.
   */
  create(values: Values<All>, fetch: typeof globalThis.fetch): Promise<Provider>;
  /** Where `diagnose` calls the platform. */
  addresses?(values: Values<All>): readonly PlatformAddress[];
  /**
   * Finds out with calls that change nothing, and without any picture, whether the platform takes these settings: for `fullbleed
   * doctor`. One mistake is one finding, the first that explains the others. Left out: only a test picture tells.
   */
  diagnose?(values: Values<All>, instruments: Instruments): Promise<readonly Finding[]>;
}

/** Only for its type. */
export function defineProvider<All extends Settings>(definition: ProviderDefinition<All>): ProviderDefinition<All> {
  return definition;
}

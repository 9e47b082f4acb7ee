import type { ProviderDefinition } from "#providers/definition.ts";
import { providers } from "#providers/providers.ts";
import { readSettings, type Settings, type Source, secretsOf, type Values } from "#providers/setting.ts";
import { settings } from "./settings.ts";

/** A card platform that this installation has, with the values of its settings. */
export interface Platform {
  readonly definition: ProviderDefinition;
  readonly values: Values<Settings>;
}

export type Config = Values<typeof settings> & { readonly platforms: readonly Platform[] };

/** Thrown by {@link readConfig}; the message is for the operator and holds no value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** One that makes no product any more is still there for what was sent to it, as long as its settings are. */
function isNamed({ name, settings: own }: ProviderDefinition, makers: Config["makers"], source: Source): boolean {
  const isMaker = Object.values(makers).includes(name);
  return isMaker || Object.values(own).some(({ variable }) => (source[variable] ?? "") !== "");
}

/**
 * The server's settings from its environment; an empty variable counts as absent.
 * Throws one ConfigError that names every missing or wrong variable and what is expected, never a value.
 */
export function readConfig(env: Source): Config {
  const { values, wrong } = readSettings(settings, env);
  const named = providers.filter((definition) => isNamed(definition, values.makers ?? {}, env));
  const read = named.map((definition: ProviderDefinition) => ({
    definition,
    ...readSettings(definition.settings, env),
  }));
  const all = [...wrong, ...read.flatMap((platform) => platform.wrong)];
  if (all.length > 0)
    throw new ConfigError(
      `The server cannot start with this configuration:\n${all.map((line) => `  ${line}`).join("\n")}`,
    );
  return {
    ...values,
    platforms: read.map((platform) => ({ definition: platform.definition, values: platform.values })),
  };
}

/** Names that look like ours and are not: most likely misspelt. */
export function findUnknownVariables(env: Source): string[] {
  const known = new Set(listVariables());
  return Object.keys(env).filter((name) => name.startsWith("FULLBLEED_") && !known.has(name));
}

/** The names of all variables that the server reads, those of every provider too. */
function listVariables(): string[] {
  const all: readonly Settings[] = [settings, ...providers.map((definition) => definition.settings)];
  return all.flatMap((each) => Object.values(each).map(({ variable }) => variable));
}

/** Shorter ones (of a proxy, say) would be found in texts that know nothing of them. */
const leastSecret = 4;

/** Every secret in the configuration, for keeping them out of logs and answers. */
export function listSecrets(config: Config): string[] {
  const ofPlatforms = config.platforms.flatMap(({ definition, values }) => secretsOf(definition.settings, values));
  return [...secretsOf(settings, config), ...ofPlatforms].filter((secret) => secret.length >= leastSecret);
}

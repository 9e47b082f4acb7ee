import type * as z from "zod";
import type { Setting } from "./setting-kinds.ts";
import { settings } from "./settings.ts";

export type Config = { readonly [Name in keyof typeof settings]: z.output<(typeof settings)[Name]["schema"]> };

/** Thrown by {@link readConfig}; the message is for the operator and holds no value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * The server's settings from its environment; an empty variable counts as absent.
 * Throws one ConfigError that names every missing or wrong variable and what is expected, never a value.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const wrong: string[] = [];
  const entries = Object.entries<Setting>(settings).map(([name, { variable, schema, expected }]) => {
    const text = env[variable] === "" ? undefined : env[variable];
    const result = schema.safeParse(text);
    if (!result.success)
      wrong.push(`  ${variable} is ${text === undefined ? "missing" : "not valid"}: expected ${expected}.`);
    return [name, result.data] as const;
  });
  if (wrong.length > 0) throw new ConfigError(`The server cannot start with this configuration:\n${wrong.join("\n")}`);
  return Object.fromEntries(entries) as Config;
}

/** Names that look like ours and are not: most likely misspelt. */
export function findUnknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(listVariables());
  return Object.keys(env).filter((name) => name.startsWith("FULLBLEED_") && !known.has(name));
}

/** The names of all variables that the server reads. */
export function listVariables(): string[] {
  return Object.values(settings).map(({ variable }) => variable);
}

/** Shorter ones (of a proxy, say) would be found in texts that know nothing of them. */
const leastSecret = 4;

/** Every secret in the configuration, for keeping them out of logs and answers. */
export function listSecrets(config: Config): string[] {
  const names = Object.entries<Setting>(settings).filter(([, { secret }]) => secret === true);
  const secrets = names.flatMap(([name]) => {
    const value: unknown = config[name as keyof Config] ?? [];
    return typeof value === "string" ? [value] : Object.values(value as Record<string, string>);
  });
  return secrets.filter((secret) => secret.length >= leastSecret);
}

import { access } from "node:fs/promises";
import path from "node:path";
import { type Config, ConfigError } from "./config.ts";

/** Throws ConfigError when there is no built designer in the folder for it. */
export async function requireBuild({ distFolder }: Pick<Config, "distFolder">): Promise<void> {
  for (const file of ["designer/index.html", "embed/card-designer.js"]) {
    await access(path.join(distFolder, file)).catch(() => {
      throw new ConfigError(`FULLBLEED_DIST has no ${file}: the designer has not been built. Run npm run build.`);
    });
  }
}

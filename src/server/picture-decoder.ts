import { ConfigError } from "./config.ts";

/**
 * Loads sharp, which has a binary of its own for each kind of machine, and narrows what this process decodes to the platform's
 * previews: PNG and JPEG. To be called before anything that imports sharp is loaded. Throws ConfigError.
 */
export async function prepareDecoder(): Promise<void> {
  const { default: sharp } = await import("sharp").catch((cause: unknown) => {
    const machine = `${process.platform}-${process.arch}`;
    const advice = "Install the packages on this machine again, with the optional ones: npm ci --include=optional.";
    throw new ConfigError(
      `The server cannot start: sharp, which decodes pictures, does not load on ${machine}. ${advice}`,
      {
        cause,
      },
    );
  });
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: ["VipsForeignLoadPng", "VipsForeignLoadJpeg"] });
}

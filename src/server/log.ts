import { type DestinationStream, type Logger, pino } from "pino";
import { type Scrub, scrubJson } from "./scrub.ts";

/**
 * JSON lines on stdout (or `destination`). Field names that hold secrets are redacted, and each finished line is scrubbed,
 * since secrets also arrive inside the texts of other people's errors.
 */
export function createLog(options: { level: string; scrub: Scrub; destination?: DestinationStream }): Logger {
  const target = options.destination ?? pino.destination({ dest: 1, sync: true });
  const names = ["authorization", "cookie", "token", "clientSecret", "handoverKey", "url"];
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: names.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[redacted]" },
    },
    { write: (line: string) => target.write(`${scrubJson(line, options.scrub)}\n`) },
  );
}

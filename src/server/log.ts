import { type DestinationStream, type Logger, pino } from "pino";
import { type Scrub, scrubJson } from "./scrub.ts";

/** Kept while they cannot be written; what comes then is dropped. */
const maxWaitingBytes = 1024 * 1024;

/** A full disk must not end the server because its log is on it too. */
function openStdout(): DestinationStream {
  const stdout = pino.destination({ dest: 1, sync: true, maxLength: maxWaitingBytes });
  stdout.on("error", () => {});
  return stdout;
}

export interface LogOptions {
  readonly level: string;
  readonly scrub: Scrub;
  readonly destination?: DestinationStream;
  /** What each line says besides. */
  readonly mixin?: (() => object) | undefined;
  /** Told the level of each line. */
  readonly count?: ((level: string) => void) | undefined;
}

/**
 * JSON lines on stdout (or `destination`). Field names that hold secrets are redacted, and each finished line is scrubbed,
 * since secrets also arrive inside the texts of other people's errors.
 */
export function createLog(options: LogOptions): Logger {
  const target = options.destination ?? openStdout();
  const names = ["authorization", "dpop", "cookie", "token", "clientSecret", "handoverKey", "url"];
  return pino(
    {
      level: options.level,
      base: null,
      ...(options.mixin && { mixin: options.mixin }),
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: {
        logMethod(args, write, level) {
          options.count?.(pino.levels.labels[level] ?? "");
          write.apply(this, args);
        },
      },
      redact: { paths: names.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[redacted]" },
    },
    { write: (line: string) => target.write(`${scrubJson(line, options.scrub)}\n`) },
  );
}

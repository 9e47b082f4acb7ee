import { describeCause } from "#contracts/describe-cause.ts";
import { describeForeign } from "../api/describe-foreign.ts";
import type { ForeignAnswer } from "../api/request.ts";
import { addTrace } from "../api/trace.ts";

export type ReportedCode = "crashed" | "not-loaded" | "foreign-answer" | "unexpected";

/** More than this is one failure again and again. */
const maxReports = 20;

/** The same foreign answer to the same call is told no more often, and `maxReports` times at most. */
const foreignPauseMs = 60_000;

interface Report {
  readonly code: ReportedCode;
  /** For developers, where there is more to say than what the cardholder reads. */
  readonly detail?: string;
  readonly cause: string | undefined;
}

/** Failures outside the flow, on their way to the issuer's page. */
export interface ProblemReports {
  /** The same failure with the same cause counts once. */
  report(code: Exclude<ReportedCode, "foreign-answer">, error: unknown): void;
  /** Something on the way has answered in the server's place. */
  readonly reportForeign: (answer: ForeignAnswer) => void;
  /** Hears every report, those included that came before anyone listened. */
  deliver(listener: (report: Report) => void): void;
}

export function createProblemReports(): ProblemReports {
  const known = new Map<string, Report>();
  const foreign = new Map<string, { readonly count: number; readonly at: number }>();
  let deliver: ((report: Report) => void) | null = null;
  return {
    reportForeign(answer) {
      const detail = describeForeign(answer);
      const told = foreign.get(detail);
      const now = performance.now();
      if (told === undefined && foreign.size >= maxReports) return;
      if (told !== undefined && (told.count >= maxReports || now < told.at + foreignPauseMs)) return;
      foreign.set(detail, { count: (told?.count ?? 0) + 1, at: now });
      const report = { code: "foreign-answer", detail, cause: addTrace(answer, answer.message) } as const;
      if (deliver === null) known.set(`foreign-answer ${detail}`, report);
      else deliver(report);
    },
    report(code, error) {
      const report = { code, cause: describeCause(error) };
      const key = `${code} ${report.cause ?? ""}`;
      if (known.has(key) || (code === "unexpected" && known.size >= maxReports)) return;
      known.set(key, report);
      deliver?.(report);
    },
    deliver(listener) {
      deliver = listener;
      for (const report of known.values()) listener(report);
    },
  };
}

/** Stopped work, and layouts that the browser measures again in its next frame, are no failures. */
function isHarmless(error: unknown): boolean {
  if (error instanceof DOMException) return error.name === "AbortError";
  return typeof error === "string" && error.startsWith("ResizeObserver loop");
}

/** Reports what nobody has caught, for as long as the page lives or until the returned function is called. */
export function watchForErrors(frame: Window, report: (error: unknown) => void): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const onError = (error: unknown): void => {
    if (!isHarmless(error)) report(error);
  };
  frame.addEventListener("error", ({ error, message }) => onError((error as unknown) ?? message), { signal });
  frame.addEventListener("unhandledrejection", ({ reason }) => onError(reason as unknown), { signal });
  return () => listening.abort();
}

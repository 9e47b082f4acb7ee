import { describeCause } from "#contracts/describe-cause.ts";

export type ReportedCode = "crashed" | "not-loaded" | "unexpected";

/** More than this is one failure again and again. */
const maxReports = 20;

interface Report {
  readonly code: ReportedCode;
  readonly cause: string | undefined;
}

/** Failures outside the flow, on their way to the issuer's page. */
export interface ProblemReports {
  /** The same failure with the same cause counts once. */
  report(code: ReportedCode, error: unknown): void;
  /** Hears every report, those included that came before anyone listened. */
  deliver(listener: (report: Report) => void): void;
}

export function createProblemReports(): ProblemReports {
  const known = new Map<string, Report>();
  let deliver: ((report: Report) => void) | null = null;
  return {
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

import { Component, type ReactNode, useState } from "react";
import { markGoOn } from "../drafts/draft-mark.ts";
import { useText } from "../locales/text.tsx";
import { Button } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import { announce, useAnnounced } from "../ui/LiveRegion.tsx";
import { Progress } from "../ui/Progress.tsx";
import styles from "./App.module.css";
import type { ClosedReason } from "./start.ts";

const mayHelp: ReadonlySet<ClosedReason> = new Set([
  "no-answer",
  "refused",
  "foreign-answer",
  "no-connection",
  "not-loaded",
  "crashed",
]);

/** When there is nothing to design here and now: what happened, and where to go. */
export function Closed({ reason }: { readonly reason: ClosedReason }): ReactNode {
  const t = useText();
  const title = t(`closed.${reason}.title`);
  const help = t(`closed.${reason}.help`);
  useAnnounced(`${title}. ${help}`);
  return (
    <main className={styles.closed}>
      <Icon name={reason === "not-framed" ? "lock" : "info"} size={32} />
      <h1>{title}</h1>
      <p>{help}</p>
      {mayHelp.has(reason) && <Retry label={t("closed.retry")} />}
      {reason === "gone-elsewhere" && <Retry label={t("notice.open-elsewhere.go-on")} onPress={markGoOn} />}
    </main>
  );
}

/** Reloads the designer once its server can be reached; until then this page beats the browser's own error page. */
function Retry({ label, onPress }: { readonly label: string; readonly onPress?: () => void }): ReactNode {
  const t = useText();
  const [state, setState] = useState<"quiet" | "asking" | "unreachable">("quiet");
  const retry = async (): Promise<void> => {
    if (state === "asking") return;
    setState("asking");
    onPress?.();
    if (await reloadIfReachable()) return;
    setState("unreachable");
    announce(t("closed.unreachable"));
  };
  return (
    <>
      <Button variant="primary" onClick={() => void retry()}>
        {label}
      </Button>
      {state === "asking" && <Progress late label={t("closed.asking")} fraction={null} />}
      {state === "unreachable" && <p>{t("closed.unreachable")}</p>}
    </>
  );
}

/** A part of the designer that is loaded on demand failed to load. */
export class NotLoaded extends Error {
  override name = "NotLoaded";
}

interface CrashBoundaryProps {
  readonly children: ReactNode;
  readonly onCrash?: ((reason: "crashed" | "not-loaded", error: unknown) => void) | undefined;
}

function crashReason(error: unknown): "crashed" | "not-loaded" {
  return error instanceof NotLoaded ? "not-loaded" : "crashed";
}

/** Shows the closed page with its way on, instead of nothing, when rendering fails. */
export class CrashBoundary extends Component<CrashBoundaryProps, { readonly reason: ClosedReason | null }> {
  override state = { reason: null };

  static getDerivedStateFromError(error: unknown): { readonly reason: ClosedReason } {
    return { reason: crashReason(error) };
  }

  override componentDidCatch(error: unknown): void {
    this.props.onCrash?.(crashReason(error), error);
  }

  override render(): ReactNode {
    const { reason } = this.state;
    return reason === null ? this.props.children : <Closed reason={reason} />;
  }
}

const timeoutMs = 10_000;

/** Loads the page anew if its server answers within 10 s; otherwise the page stays and the answer is false. */
export async function reloadIfReachable(
  address: string = location.href,
  reload = (): void => location.reload(),
): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const { status } = await fetch(address, { method: "HEAD", cache: "no-store", signal });
    // A gateway's error while the server is down is no page to load.
    if (status >= 500) return false;
  } catch {
    return false;
  }
  reload();
  return true;
}

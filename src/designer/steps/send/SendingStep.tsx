import { type ReactNode, useSyncExternalStore } from "react";
import type { FlowState } from "../../flow/flow-state.ts";
import { useSession } from "../../flow/use-session.tsx";
import { useText } from "../../locales/text.tsx";
import { Button } from "../../ui/Button.tsx";
import { useAnnounced } from "../../ui/LiveRegion.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { Workspace } from "../../ui/Workspace.tsx";
import { PreviewCard } from "../PreviewCard.tsx";
import { StepHeading } from "../StepHeading.tsx";
import styles from "./SendingStep.module.css";

interface SendingStepProps {
  readonly state: Extract<FlowState, { step: "sending" }>;
}

/** Sending the picture, and finding out whether it has arrived when no answer comes. */
export function SendingStep({ state }: SendingStepProps): ReactNode {
  const t = useText();
  const { flow, product } = useSession();
  const { cancelling, unconfirmed, sentFraction, waitsForPage } = state;
  const label = useLabel(state);
  const sends = unconfirmed === null && !cancelling && !waitsForPage;
  const [title, lead] = texts[unconfirmed ?? (waitsForPage ? "bank" : "none")];
  useAnnounced(unconfirmed === null ? null : `${t(title)}. ${t(lead)}`);
  useAnnounced(sends || unconfirmed === "unresolved" ? null : label);
  const panel = (
    <>
      {/* At the end the Cancel button goes, and with it the focus: a new heading takes it. */}
      <StepHeading key={unconfirmed === "unresolved" ? "end" : "on"} takesFocus lead={t(lead)}>
        {t(title)}
      </StepHeading>
      {unconfirmed !== "unresolved" && (
        <Progress label={label} fraction={sends && sentFraction < 1 ? sentFraction : null} />
      )}
    </>
  );
  // Not `disabled`, which would take the focus from the button that has just been pressed.
  const actions = (
    <Button
      wide
      className={styles.cancel}
      aria-disabled={cancelling}
      onClick={cancelling ? undefined : flow.cancelSending}
    >
      {t("sending.cancel")}
    </Button>
  );
  return (
    <Workspace
      product={product}
      stage={<PreviewCard picture={state.picture} />}
      panel={panel}
      actions={unconfirmed === "unresolved" ? undefined : actions}
    />
  );
}

const texts = {
  bank: ["sending.asking-title", "sending.asking-lead"],
  none: ["sending.title", "sending.lead"],
  asking: ["sending.checking-title", "sending.checking-lead"],
  unresolved: ["sending.lost-title", "sending.lost-lead"],
} as const;

function useLabel({ cancelling, unconfirmed, sentFraction, waitsForPage }: SendingStepProps["state"]): string {
  const t = useText();
  const online = useSyncExternalStore(subscribeToConnection, () => navigator.onLine);
  if (unconfirmed !== null && !online) return t("sending.offline");
  if (cancelling) return t("sending.cancelling");
  if (unconfirmed !== null) return t("sending.checking");
  if (waitsForPage) return t("sending.asking");
  if (sentFraction >= 1) return t("sending.arriving");
  return t("sending.progress", { fraction: Math.floor(sentFraction * 100) / 100 });
}

function subscribeToConnection(onChange: () => void): () => void {
  for (const type of ["online", "offline"]) addEventListener(type, onChange);
  return () => {
    for (const type of ["online", "offline"]) removeEventListener(type, onChange);
  };
}

import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import { useText } from "../locales/text.tsx";
import { announce } from "../ui/LiveRegion.tsx";
import { Button } from "../ui/Button.tsx";
import { Progress } from "../ui/Progress.tsx";
import { Workspace } from "../ui/Workspace.tsx";
import type { FlowState } from "./machine.ts";
import { PreviewCard } from "./PreviewCard.tsx";
import styles from "./PreviewStep.module.css";
import sendingStyles from "./SendingStep.module.css";
import { StepHeading } from "./StepHeading.tsx";
import { useDesigner } from "./use-flow.ts";

interface SendingStepProps {
  readonly state: Extract<FlowState, { step: "sending" }>;
}

/** The picture on its way to the server, and the asking after it when no answer comes. */
export function SendingStep({ state }: SendingStepProps): ReactNode {
  const t = useText();
  const { flow } = useDesigner();
  const { cancelling, doubt, sentFraction } = state;
  const label = useLabel(state);
  const sends = doubt === null && !cancelling;
  const [title, lead] = texts[doubt ?? "none"];
  useAnnounced(doubt === null ? null : `${t(title)}. ${t(lead)}`);
  useAnnounced(sends || doubt === "lost" ? null : label);
  const panel = (
    <>
      <div className={styles.head}>
        {/* At the end the button is gone that may have had the focus. */}
        <StepHeading key={doubt === "lost" ? "end" : "on"} takesFocus>
          {t(title)}
        </StepHeading>
        <p>{t(lead)}</p>
      </div>
      {doubt !== "lost" && <Progress label={label} fraction={sends && sentFraction < 1 ? sentFraction : null} />}
    </>
  );
  // Not `disabled`, which would take the focus away from who has just pressed it.
  const actions = (
    <Button
      wide
      className={sendingStyles.cancel}
      aria-disabled={cancelling}
      onClick={cancelling ? undefined : flow.cancelSending}
    >
      {t("sending.cancel")}
    </Button>
  );
  return (
    <Workspace
      stage={<PreviewCard url={state.picture.url} />}
      panel={panel}
      actions={doubt === "lost" ? undefined : actions}
    />
  );
}

const texts = {
  none: ["sending.title", "sending.lead"],
  asking: ["sending.checking-title", "sending.checking-lead"],
  lost: ["sending.lost-title", "sending.lost-lead"],
} as const;

function useLabel({ cancelling, doubt, sentFraction }: SendingStepProps["state"]): string {
  const t = useText();
  const online = useSyncExternalStore(subscribeToLine, () => navigator.onLine);
  if (doubt !== null && !online) return t("sending.offline");
  if (cancelling) return t("sending.cancelling");
  if (doubt !== null) return t("sending.checking");
  if (sentFraction >= 1) return t("sending.arriving");
  return t("sending.progress", { fraction: Math.floor(sentFraction * 100) / 100 });
}

function subscribeToLine(onChange: () => void): () => void {
  for (const type of ["online", "offline"]) addEventListener(type, onChange);
  return () => {
    for (const type of ["online", "offline"]) removeEventListener(type, onChange);
  };
}

/** Says each new text; null says nothing. */
function useAnnounced(text: string | null): void {
  useEffect(() => {
    if (text !== null) announce(text);
  }, [text]);
}

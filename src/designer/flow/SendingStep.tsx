import type { ReactNode } from "react";
import { useText } from "../locales/text.tsx";
import { Button } from "../ui/Button.tsx";
import { Progress } from "../ui/Progress.tsx";
import { Workspace } from "../ui/Workspace.tsx";
import type { FlowState } from "./machine.ts";
import { PreviewCard } from "./PreviewCard.tsx";
import styles from "./PreviewStep.module.css";
import { StepHeading } from "./StepHeading.tsx";
import { useDesigner } from "./use-flow.ts";

interface SendingStepProps {
  readonly state: Extract<FlowState, { step: "sending" }>;
}

/** The picture on its way to the server; it can be stopped until the server has said that it has it. */
export function SendingStep({ state }: SendingStepProps): ReactNode {
  const t = useText();
  const { flow } = useDesigner();
  const { cancelling, sentFraction } = state;
  const label = cancelling
    ? t("sending.cancelling")
    : sentFraction >= 1
      ? t("sending.arriving")
      : t("sending.progress", { fraction: Math.floor(sentFraction * 100) / 100 });
  const panel = (
    <>
      <div className={styles.head}>
        <StepHeading takesFocus>{t("sending.title")}</StepHeading>
        <p>{t("sending.lead")}</p>
      </div>
      <Progress label={label} fraction={cancelling || sentFraction >= 1 ? null : sentFraction} />
    </>
  );
  const actions = (
    <Button wide disabled={cancelling} onClick={flow.cancelSending}>
      {t("sending.cancel")}
    </Button>
  );
  return <Workspace stage={<PreviewCard url={state.picture.url} />} panel={panel} actions={actions} />;
}

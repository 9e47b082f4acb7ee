import { type ComponentProps, createElement, type ReactNode, useEffect, useState } from "react";
import type { FlowState, FlowStep } from "../flow/machine.ts";
import { useFlowState, useSession } from "../flow/use-session.ts";
import { useText } from "../locales/text.tsx";
import { DesignSkeleton } from "../steps/design/DesignSkeleton.tsx";
import type { DesignStep } from "../steps/design/DesignStep.tsx";
import { FollowStep } from "../steps/follow/FollowStep.tsx";
import { NoticeCallout } from "../steps/NoticeCallout.tsx";
import { PickStep } from "../steps/pick/PickStep.tsx";
import { PreviewStep } from "../steps/preview/PreviewStep.tsx";
import { leaveToHeading, StepHeading } from "../steps/StepHeading.tsx";
import { SendingStep } from "../steps/send/SendingStep.tsx";
import { Button } from "../ui/Button.tsx";
import { classNames } from "../ui/class-names.ts";
import { announce } from "../ui/LiveRegion.tsx";
import { Progress } from "../ui/Progress.tsx";
import styles from "./App.module.css";
import { NotLoaded } from "./Closed.tsx";
import { useFlowAnnouncements } from "./flow-announcements.ts";
import { Header } from "./Header.tsx";
import { usePhotoIntake } from "./use-photo-intake.ts";

// Konva is not needed before there is a photo.
let loadedStep: typeof DesignStep | undefined;
async function loadDesignStep(): Promise<typeof DesignStep> {
  try {
    return (loadedStep = (await import("../steps/design/DesignStep.tsx")).DesignStep);
  } catch (cause) {
    // Browsers cache a failed import, so only a reload can try again; there is no design to lose yet.
    throw new NotLoaded("The design step was not loaded.", { cause });
  }
}

/** The design step, once it is there: at once, where Suspense would hold it back for 300 ms. */
function LoadedDesignStep(props: ComponentProps<typeof DesignStep>): ReactNode {
  const [step, setStep] = useState(() => loadedStep);
  const [failure, setFailure] = useState<{ readonly error: unknown }>();
  useEffect(() => {
    if (step !== undefined) return;
    loadDesignStep().then(
      (loaded) => setStep(() => loaded),
      (error: unknown) => setFailure({ error }),
    );
  }, [step]);
  if (failure !== undefined) throw failure.error;
  return step === undefined ? <ToolsLoading /> : createElement(step, props);
}

/** The designer proper: header, the step the cardholder is in, and photos from everywhere. */
export function Designer(): ReactNode {
  const { flow, issuerName } = useSession();
  const state = useFlowState();
  const takesPhotos = state.step === "pick" || state.step === "design";
  const intake = usePhotoIntake(flow, takesPhotos);
  const isFirst = useIsFirstStep(state.step);
  useFlowAnnouncements();
  useEffect(() => void loadDesignStep().catch(() => {}), []);
  return (
    <div {...intake.rootProps} className={classNames(intake.isOver && styles.over)}>
      <input {...intake.inputProps} />
      <Header
        issuerName={issuerName}
        step={state.step}
        finished={state.step === "follow" && state.submission.state === "approved"}
      />
      <main className={styles.work}>
        <Step state={state} isFirst={isFirst} intake={intake} />
      </main>
    </div>
  );
}

/** True until the step changes for the first time. */
function useIsFirstStep(step: FlowStep): boolean {
  const [firstStep] = useState(step);
  const [moved, setMoved] = useState(false);
  if (!moved && step !== firstStep) setMoved(true);
  return !moved && step === firstStep;
}

interface StepProps {
  readonly state: FlowState;
  readonly isFirst: boolean;
  readonly intake: ReturnType<typeof usePhotoIntake>;
}

function Step({ state, isFirst, intake }: StepProps): ReactNode {
  switch (state.step) {
    case "pick":
      return (
        <PickStep
          state={state}
          isFirst={isFirst}
          isOver={intake.isOver}
          onBrowse={intake.browse}
          onFiles={intake.take}
        />
      );
    case "design":
      return <Design state={state} onBrowse={intake.browse} />;
    case "preview":
      return <PreviewStep state={state} />;
    case "sending":
      return <SendingStep state={state} />;
    case "follow":
      return <FollowStep state={state} isFirst={isFirst} />;
  }
}

interface DesignProps {
  readonly state: Extract<FlowState, { step: "design" }>;
  readonly onBrowse: () => void;
}

function Design({ state, onBrowse }: DesignProps): ReactNode {
  const t = useText();
  const { flow, issuerName } = useSession();
  const { opening, renderedFraction, notice } = state;
  const busy = opening ? "pick.opening" : renderedFraction !== null ? "preview.rendering" : null;
  return (
    <>
      <div className="visually-hidden">
        <StepHeading takesFocus>{t("design.title")}</StepHeading>
      </div>
      {busy !== null && (
        <div className={styles.busy}>
          <Progress
            label={t(busy)}
            fraction={renderedFraction}
            action={
              <Button ref={leaveToHeading} variant="quiet" onClick={opening ? flow.stopOpening : flow.stopRendering}>
                {t("pick.cancel")}
              </Button>
            }
          />
        </div>
      )}
      <div className={styles.notice}>
        <NoticeCallout notice={notice} />
      </div>
      <LoadedDesignStep
        onPreview={() => void flow.showPreview()}
        onPickAnother={onBrowse}
        issuerName={issuerName}
        onStageFailed={flow.reportStageFailure}
      />
    </>
  );
}

/** Loading that is over sooner goes without saying. */
const lateMs = 400;

/** The shape of the design step, and what it waits for. */
function ToolsLoading(): ReactNode {
  const text = useText()("loading.title");
  useEffect(() => {
    const timer = setTimeout(() => announce(`${text}.`), lateMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <>
      <div className={styles.busy}>
        <Progress label={text} fraction={null} />
      </div>
      <DesignSkeleton />
    </>
  );
}

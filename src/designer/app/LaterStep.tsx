import { type ComponentProps, memo, type ReactNode, useCallback, useEffect, useState } from "react";
import { type FlowState, isReturning } from "../flow/flow-state.ts";
import { mayStartAgain } from "../flow/machine.ts";
import { useFlowState, useSession } from "../flow/use-session.tsx";
import { useText } from "../locales/text.tsx";
import { DesignSkeleton } from "../steps/design/DesignSkeleton.tsx";
import { FollowStep } from "../steps/follow/FollowStep.tsx";
import { NoticeCallout } from "../steps/NoticeCallout.tsx";
import { BelowRejection } from "../steps/RejectionStrip.tsx";
import { PreviewStep } from "../steps/preview/PreviewStep.tsx";
import { leaveToHeading, StepHeading } from "../steps/StepHeading.tsx";
import { SendingStep } from "../steps/send/SendingStep.tsx";
import { DesignStoreProvider } from "../store/use-design-store.tsx";
import { Button } from "../ui/Button.tsx";
import { classNames } from "../ui/class-names.ts";
import { announce } from "../ui/LiveRegion.tsx";
import { Progress } from "../ui/Progress.tsx";
import styles from "./App.module.css";
import type { DropZone } from "./DropZone.tsx";
import { Kept } from "./Kept.tsx";
import { createPart } from "./part.ts";

/** Konva is not needed before there is a photo. */
export const designStepPart = createPart("The design step", () => import("../steps/design/DesignStep.tsx"));

const dropZonePart = createPart("The drop zone", () => import("./DropZone.tsx"));

/** The drop zone, which comes last: the plain one does the same until then, and without it. */
export function LaterDropZone(props: ComponentProps<typeof DropZone>): ReactNode {
  const { value } = designStepPart.useLoaded();
  return value !== undefined && <LoadedDropZone {...props} />;
}

function LoadedDropZone(props: ComponentProps<typeof DropZone>): ReactNode {
  const { value } = dropZonePart.useLoaded();
  return value !== undefined && <value.DropZone {...props} />;
}

interface LaterStepProps {
  readonly state: FlowState;
  readonly isFirst: boolean;
  readonly onBrowse: () => void;
}

/** Every step but the first, during which the next is made ready. */
export function LaterStep(props: LaterStepProps): ReactNode {
  return (
    <DesignStoreProvider store={useSession().design}>
      <Step {...props} />
    </DesignStoreProvider>
  );
}

function Step({ state, isFirst, onBrowse }: LaterStepProps): ReactNode {
  const { flow } = useSession();
  if (state.step === "follow" && !isReturning(state))
    return (
      <>
        <FollowStep state={state} isFirst={isFirst} />
        {mayStartAgain(state.submission) && flow.isDraftKept() && <Kept />}
      </>
    );
  return (
    <BelowRejection state={state}>
      {isReturning(state) && <Returning isFirst={isFirst} />}
      <Design state={state} onBrowse={onBrowse} />
      {state.step === "preview" && <PreviewStep state={state} />}
      {state.step === "sending" && <SendingStep state={state} />}
    </BelowRejection>
  );
}

/** The shape of the design that was not accepted, until that is open. */
function Returning({ isFirst }: { readonly isFirst: boolean }): ReactNode {
  const t = useText();
  return (
    <>
      <div className="visually-hidden">
        <StepHeading takesFocus={!isFirst}>{t("design.title")}</StepHeading>
      </div>
      <div className={styles.busy}>
        <Progress late label={t("rejection.opening")} fraction={null} />
      </div>
      <DesignSkeleton kept={<Kept />} />
    </>
  );
}

interface DesignProps {
  readonly state: FlowState;
  readonly onBrowse: () => void;
}

/**
 * The design step. Unseen it stands there before there is a photo, so that a photo finds all but itself drawn up, and beside the
 * preview, so that the way back finds everything as it was left.
 */
function Design({ state, onBrowse }: DesignProps): ReactNode {
  const { flow } = useSession();
  const isShown = state.step === "design";
  return (
    <>
      {isShown && <DesignHead state={state} />}
      <div className={classNames(!isShown && styles.unseen)} inert={!isShown}>
        <Tools isShown={isShown} onBrowse={onBrowse} />
      </div>
      {state.step === "pick" && flow.isDraftKept() && <Kept />}
    </>
  );
}

/** What is said of the step: its heading, what is being done, and what has come of that. */
function DesignHead({ state }: { readonly state: Extract<FlowState, { step: "design" }> }): ReactNode {
  const t = useText();
  const { flow } = useSession();
  return (
    <>
      <div className="visually-hidden">
        <StepHeading takesFocus>{t("design.title")}</StepHeading>
      </div>
      {state.opening && (
        <div className={styles.busy}>
          <Progress
            late
            label={t("pick.opening")}
            fraction={null}
            action={
              <Button ref={leaveToHeading} variant="quiet" onClick={flow.stopOpening}>
                {t("pick.cancel")}
              </Button>
            }
          />
        </div>
      )}
    </>
  );
}

function DesignNotice({ isBrief }: { readonly isBrief: boolean }): ReactNode {
  const state = useFlowState();
  return state.step === "design" && <NoticeCallout notice={state.notice} isBrief={isBrief} />;
}

const showNotice = (isBrief: boolean): ReactNode => <DesignNotice isBrief={isBrief} />;

/** How far the print picture is, in the button that was pressed for it. */
function Rendering(): ReactNode {
  const t = useText();
  const { flow } = useSession();
  const state = useFlowState();
  if (state.step !== "design" || state.renderedFraction === null) return null;
  return (
    <div className={styles.rendering}>
      <Progress
        late
        label={t("preview.rendering")}
        fraction={state.renderedFraction}
        action={
          <Button
            ref={leaveToHeading}
            variant="icon"
            icon="close"
            aria-label={t("pick.cancel")}
            onClick={flow.stopRendering}
          />
        }
      />
    </div>
  );
}

interface ToolsProps {
  readonly isShown: boolean;
  readonly onBrowse: () => void;
}

/** Not rendered again while all that changes is how far a picture is. */
const Tools = memo(function Tools({ isShown, onBrowse }: ToolsProps): ReactNode {
  const { flow, issuerName } = useSession();
  const { value, failure } = designStepPart.useLoaded(isShown);
  const [failedUnseen, setFailedUnseen] = useState(false);
  const [retries, setRetries] = useState(0);
  const noteFailure = useCallback(() => setFailedUnseen(true), []);
  // What could not be drawn while nobody saw it is tried again, and only then said.
  if (isShown && failedUnseen) {
    setFailedUnseen(false);
    setRetries(retries + 1);
  }
  if (failure !== undefined) throw failure;
  // Until it is there, there is no design to lose.
  if (value === undefined) return isShown ? <ToolsLoading /> : null;
  return (
    <value.DesignStep
      key={retries}
      isShown={isShown}
      // The press is seen first: the picture may be ready, and the preview is drawn up then.
      onPreview={() => setTimeout(() => void flow.showPreview())}
      onPickAnother={() => {
        // Whoever looks for another photo is not to find the preview of this one behind the dialog.
        flow.stopRendering();
        onBrowse();
      }}
      notice={showNotice}
      kept={isShown && <Kept />}
      progress={<Rendering />}
      issuerName={issuerName}
      onStageFailed={isShown ? flow.reportStageFailure : noteFailure}
    />
  );
});

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
        <Progress late label={text} fraction={null} />
      </div>
      <DesignSkeleton kept={<Kept />} />
    </>
  );
}

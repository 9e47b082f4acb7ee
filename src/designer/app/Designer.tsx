import { type ReactNode, useState } from "react";
import { type FlowStep, shownStep } from "../flow/flow-state.ts";
import { isWhole, useFirstSession, useFlowState } from "../flow/use-session.tsx";
import { PickStep } from "../steps/pick/PickStep.tsx";
import { classNames } from "../ui/class-names.ts";
import styles from "./App.module.css";
import { Header } from "./Header.tsx";
import { LeaveButton } from "./LeaveButton.tsx";
import type { Layout } from "./frame-layout.ts";
import { studioPart } from "./studio-part.ts";
import { usePhotoIntake } from "./use-photo-intake.ts";

/** The designer proper: header, the step the cardholder is in, and photos from everywhere. */
export function Designer({ layout }: { readonly layout?: Layout | undefined }): ReactNode {
  const session = useFirstSession();
  const { issuerName, issuerLogo } = session;
  const state = useFlowState();
  const takesPhotos = state.step === "pick" || state.step === "design";
  const intake = usePhotoIntake(session, takesPhotos);
  const isFirst = useIsFirstStep(shownStep(state));
  const studio = studioPart.useLoaded().value;
  return (
    <div {...intake.rootProps} className={classNames(intake.isOver && styles.over)}>
      <input {...intake.inputProps} />
      {studio !== undefined && <studio.LaterDropZone {...intake.zoneProps} />}
      <Header
        issuerName={issuerName}
        logo={issuerLogo}
        step={shownStep(state)}
        finished={state.step === "follow" && state.submission.state === "approved"}
        end={layout !== undefined && <LeaveButton layout={layout} flow={isWhole(session) ? session.flow : undefined} />}
      />
      <main className={styles.work}>
        {state.step === "pick" && (
          <PickStep
            state={state}
            isFirst={isFirst}
            isOver={intake.isOver}
            onBrowse={intake.browse}
            onPhotograph={intake.photograph}
            onFiles={intake.take}
          />
        )}
        {studio !== undefined && isWhole(session) && (
          <studio.LaterStep state={state} isFirst={isFirst} onBrowse={intake.browse} />
        )}
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

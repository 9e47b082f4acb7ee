import { type ReactNode, useEffect, useRef } from "react";
import { useText } from "../locales/text.tsx";
import { useDesignStore } from "../store/use-design-store.tsx";
import { announce } from "../ui/LiveRegion.tsx";
import { Button } from "../ui/Button.tsx";
import { Callout } from "../ui/Callout.tsx";
import { Workspace } from "../ui/Workspace.tsx";
import { FollowCards } from "./FollowCards.tsx";
import styles from "./FollowStep.module.css";
import { type FlowState, mayStartAgain } from "./machine.ts";
import { NoticeCallout } from "./NoticeCallout.tsx";
import { RulesList } from "./RulesList.tsx";
import { StatusTimeline } from "./StatusTimeline.tsx";
import { StepHeading } from "./StepHeading.tsx";
import { rejectionReason, statusKind } from "./status.ts";
import { useDesigner } from "./use-flow.ts";

interface FollowStepProps {
  readonly state: Extract<FlowState, { step: "follow" }>;
  readonly isFirst: boolean;
}

/** What becomes of the design that was sent. It asks for nothing unless the card maker has said no. */
export function FollowStep({ state, isFirst }: FollowStepProps): ReactNode {
  const t = useText();
  const { flow, product } = useDesigner();
  const { submission } = state;
  const kind = statusKind(submission.state);
  const hasDesign = useDesignStore((design) => design.photo !== null);
  const lead = kind === "rejected" && !hasDesign ? "follow.lead.rejected-empty" : (`follow.lead.${kind}` as const);
  const title = t(`follow.title.${kind}`);
  useAnnouncedChanges(`${title}. ${t(lead)}`);
  const panel = (
    <>
      <div className={styles.head}>
        <StepHeading takesFocus={!isFirst}>{title}</StepHeading>
        <p>{t(lead)}</p>
      </div>
      <NoticeCallout notice={state.notice} product={product} onDismiss={() => flow.showNotice(null)} />
      <Why state={state} />
      <StatusTimeline state={submission.state} />
      <p className={styles.reference}>
        {t("follow.reference")} <code dir="ltr">{submission.submissionId}</code>
      </p>
    </>
  );
  return (
    <Workspace
      stage={<FollowCards submission={submission} picture={state.picture} />}
      panel={panel}
      actions={mayStartAgain(submission) ? <Again hasDesign={hasDesign} /> : undefined}
    />
  );
}

/** Says each new text; the first one is read with the heading. */
function useAnnouncedChanges(text: string): void {
  const said = useRef(text);
  useEffect(() => {
    if (said.current === text) return;
    said.current = text;
    announce(text);
  }, [text]);
}

function Why({ state }: Pick<FollowStepProps, "state">): ReactNode {
  const t = useText();
  const reason = rejectionReason(state.submission);
  if (reason === null) return null;
  return (
    <section className={styles.why}>
      <Callout tone="problem" title={t("rejection.title")}>
        {t(reason)}
      </Callout>
      {reason === "rejection.other" && (
        <>
          <h2 className="label">{t("rules.title")}</h2>
          <RulesList />
        </>
      )}
    </section>
  );
}

function Again({ hasDesign }: { readonly hasDesign: boolean }): ReactNode {
  const t = useText();
  const { flow } = useDesigner();
  if (!hasDesign) {
    return (
      <Button variant="primary" wide icon="photo" onClick={flow.startAfresh}>
        {t("follow.another")}
      </Button>
    );
  }
  return (
    <>
      <Button variant="primary" wide onClick={flow.changeDesign}>
        {t("follow.change")}
      </Button>
      <Button wide icon="photo" onClick={flow.startAfresh}>
        {t("follow.another")}
      </Button>
    </>
  );
}

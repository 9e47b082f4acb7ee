import { type ReactNode, useEffect, useRef } from "react";
import type { SubmissionView } from "#contracts/submission.ts";
import type { FlowState } from "../../flow/flow-state.ts";
import { mayStartAgain } from "../../flow/machine.ts";
import { useSession } from "../../flow/use-session.tsx";
import { type Translate, useText } from "../../locales/text.tsx";
import { useDesignStore, usePhoto } from "../../store/use-design-store.tsx";
import { Button } from "../../ui/Button.tsx";
import { Callout } from "../../ui/Callout.tsx";
import { announce } from "../../ui/LiveRegion.tsx";
import { Workspace } from "../../ui/Workspace.tsx";
import { NoticeCallout } from "../NoticeCallout.tsx";
import { RulesList } from "../RulesList.tsx";
import { leaveToHeading, StepHeading } from "../StepHeading.tsx";
import { ApprovedCard } from "./ApprovedCard.tsx";
import { Comparison } from "./Comparison.tsx";
import { FollowCards } from "./FollowCards.tsx";
import styles from "./FollowStep.module.css";
import { Reference } from "./Reference.tsx";
import { ShareCard } from "./ShareCard.tsx";
import { StatusTimeline } from "./StatusTimeline.tsx";
import { rejectionReason, statusKind } from "./status.ts";
import { useLikeness, usePlatformPreview } from "./use-platform-preview.ts";

interface FollowStepProps {
  readonly state: Extract<FlowState, { step: "follow" }>;
  readonly isFirst: boolean;
}

/** What becomes of the design that was sent. It asks for nothing unless the card maker has said no. */
export function FollowStep({ state, isFirst }: FollowStepProps): ReactNode {
  const t = useText();
  const { submission } = state;
  const kind = statusKind(submission.state);
  const isThere = useDesignStore(({ isBegun }) => isBegun);
  // What could not be fetched is kept, and tried again.
  const hasDesign = isThere || state.opening || state.unfetched === true;
  const isEnd = kind === "rejected" || kind === "abandoned" || kind === "deleted";
  const lead = isEnd && !hasDesign ? (`follow.lead.${kind}-empty` as const) : (`follow.lead.${kind}` as const);
  const title = t(`follow.title.${kind}`);
  const why = whyRejected(submission, t);
  useAnnouncedChanges([`${title}.`, ...why, t(lead)].join(" "));
  const preview = usePlatformPreview(submission);
  const likeness = useLikeness(preview, state.picture);
  const card = useRef<HTMLDivElement>(null);
  const isApproved = kind === "approved";
  const isDifferent = likeness === "different";
  // Where they differ, or there is nothing to show yet, approval is no reason to show one card alone.
  const isOneCard = isApproved && !isDifferent && (state.picture !== null || preview.kind === "there");
  const panel = (
    <>
      <div className={isApproved ? styles.approved : undefined}>
        <StepHeading takesFocus={!isFirst} lead={t(lead)}>
          {title}
        </StepHeading>
      </div>
      <NoticeCallout notice={state.notice} />
      <Why state={state} />
      {/* Of a card that will not be made it is of no use that the right picture has been refused. */}
      {(likeness !== "same" || !isEnd) && (
        <Comparison
          key={submission.submissionId}
          likeness={likeness}
          submissionId={submission.submissionId}
          isEnd={isEnd}
        />
      )}
      <StatusTimeline state={submission.state} />
      <Reference submissionId={submission.submissionId} />
    </>
  );
  const again = mayStartAgain(submission) && <Again hasDesign={hasDesign} isPictureBlamed={kind === "rejected"} />;
  const actions = again || (isOneCard && <ShareCard card={card} />) || undefined;
  return (
    <Workspace
      stage={
        isOneCard ? (
          <ApprovedCard submission={submission} picture={state.picture} preview={preview} cardRef={card} />
        ) : (
          <FollowCards submission={submission} picture={state.picture} preview={preview} />
        )
      }
      panel={panel}
      actions={actions}
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

/** The reason in the product's words, and what the reviewer wrote; nothing where nothing was rejected. */
function whyRejected(submission: SubmissionView, t: Translate): string[] {
  const reason = rejectionReason(submission);
  const { rejectionMemo: memo } = submission;
  if (reason === null) return [];
  return memo === undefined ? [t(reason)] : [t(reason), t("rejection.memo"), memo];
}

function Why({ state }: Pick<FollowStepProps, "state">): ReactNode {
  const t = useText();
  const reason = rejectionReason(state.submission);
  if (reason === null) return null;
  const { rejectionMemo } = state.submission;
  return (
    <section className={styles.why}>
      <Callout tone="problem" title={t("rejection.title")}>
        <span>{t(reason)}</span>
        {rejectionMemo !== undefined && (
          <>
            {" "}
            <span className={styles.wrote}>{t("rejection.memo")}</span>{" "}
            <bdi className={styles.memo}>{rejectionMemo}</bdi>
          </>
        )}
      </Callout>
      {reason === "rejection.other" && <RulesList />}
    </section>
  );
}

interface AgainProps {
  readonly hasDesign: boolean;
  /** Otherwise the same design may be sent once more. */
  readonly isPictureBlamed: boolean;
}

function Again({ hasDesign, isPictureBlamed }: AgainProps): ReactNode {
  const t = useText();
  const { flow } = useSession();
  const hasPhoto = usePhoto() !== null;
  if (!hasDesign) {
    return (
      <Button ref={leaveToHeading} variant="primary" wide onClick={flow.startAfresh}>
        {t("follow.new")}
      </Button>
    );
  }
  return (
    <>
      <Button ref={leaveToHeading} variant="primary" wide onClick={flow.changeDesign}>
        {t(isPictureBlamed ? "follow.change" : "follow.send-again")}
      </Button>
      <Button wide icon={hasPhoto ? "photo" : undefined} onClick={flow.startAfresh}>
        {t(hasPhoto ? "follow.another" : "follow.new")}
      </Button>
    </>
  );
}

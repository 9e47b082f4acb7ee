import { type ReactNode, useEffect, useRef } from "react";
import { nameCard } from "#design/design.ts";
import type { SubmissionView } from "#contracts/submission.ts";
import { type FlowState, isReturning } from "../flow/flow-state.ts";
import { useText } from "../locales/text.tsx";
import { useDesignStore } from "../store/use-design-store.tsx";
import { Icon } from "../ui/Icon.tsx";
import { announce } from "../ui/LiveRegion.tsx";
import { rejectionReason } from "./follow/status.ts";
import styles from "./RejectionStrip.module.css";

interface BelowRejectionProps {
  readonly state: FlowState;
  readonly children: ReactNode;
}

/** What is to be said above the step with this photo, if it was not accepted. */
function rejectedOf(state: FlowState, photoSha256: string | undefined): SubmissionView | undefined {
  if (isReturning(state)) return state.submission;
  if (state.step !== "design" && state.step !== "preview") return undefined;
  return state.rejection?.photoSha256 === photoSha256 ? state.rejection?.submission : undefined;
}

/**
 * What is changed after a rejection, and above it why: for as long as it is made of the photo that was not accepted, and while that is
 * being opened.
 */
export function BelowRejection({ state, children }: BelowRejectionProps): ReactNode {
  const photoSha256 = useDesignStore(({ design, isBegun }) => (isBegun ? nameCard(design) : undefined));
  const rejected = rejectedOf(state, photoSha256);
  return (
    <div className={styles.below}>
      {rejected !== undefined && <Strip submission={rejected} />}
      {children}
    </div>
  );
}

/** The submission of which it has been announced: the strip comes back with each step, and with the photo. */
let announcedId: string | null = null;

function Strip({ submission }: { readonly submission: SubmissionView }): ReactNode {
  const t = useText();
  const box = useRef<HTMLElement>(null);
  const { submissionId, rejectionMemo: memo } = submission;
  const reason = rejectionReason(submission);
  // The rules that the longer sentence points to are not on this screen.
  const help = t(reason === null || reason === "rejection.other" ? "rejection.rules" : reason);
  const title = t("rejection.still");
  useEffect(() => {
    if (announcedId === submissionId) return;
    announcedId = submissionId;
    announce(`${title}. ${help} ${memo ?? ""}`);
  }, [submissionId, title, help, memo]);
  useEffect(() => {
    const { current: strip } = box;
    const below = strip?.parentElement;
    if (!strip || !below) return;
    const measure = (): void => below.style.setProperty("--strip", `${strip.offsetHeight}px`);
    const observer = new ResizeObserver(measure);
    observer.observe(strip);
    measure();
    return () => {
      observer.disconnect();
      below.style.removeProperty("--strip");
    };
  }, []);
  return (
    // It takes the focus where there is a memo: what a reviewer writes may have to be scrolled
    <section ref={box} className={styles.strip} aria-label={title} tabIndex={memo === undefined ? undefined : 0}>
      <Icon name="problem" />
      <strong>{title}</strong>
      <p>
        <span>{help}</span>
        {memo !== undefined && (
          <>
            {" "}
            <span>{t("rejection.memo")}</span> <bdi>{memo}</bdi>
          </>
        )}
      </p>
    </section>
  );
}

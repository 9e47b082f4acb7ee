import type { ReactNode } from "react";
import { describeNotice, type Notice } from "../flow/notice.ts";
import { isWhole, useFirstSession } from "../flow/use-session.ts";
import { useText } from "../locales/text.tsx";
import { Button } from "../ui/Button.tsx";
import { Callout } from "../ui/Callout.tsx";
import styles from "./NoticeCallout.module.css";
import { leaveToHeading } from "./StepHeading.tsx";

/** What happened and what to do about it, beside the design, until it is dismissed or overtaken. Announced by app/flow-announcements. */
export function NoticeCallout({ notice }: { readonly notice: Notice | null }): ReactNode {
  const t = useText();
  const session = useFirstSession();
  const { product, flow } = session;
  if (notice === null) return null;
  const { title, help } = describeNotice(notice, product, t);
  const dismiss = (
    <Button
      ref={leaveToHeading}
      variant="icon"
      icon="close"
      aria-label={t("notice.dismiss")}
      onClick={() => flow.showNotice(null)}
    />
  );
  return (
    <Callout tone={notice.tone} title={title} action={dismiss}>
      {help}
      {notice.code === "draft-resumed" && isWhole(session) && (
        <Button variant="quiet" className={styles.startOver} onClick={session.flow.startOver}>
          {t("design.startOver")}
        </Button>
      )}
    </Callout>
  );
}

import type { ReactNode } from "react";
import { describeNotice, type Notice } from "../flow/notice.ts";
import { useFirstSession } from "../flow/use-session.ts";
import { useText } from "../locales/text.tsx";
import { Button } from "../ui/Button.tsx";
import { Callout } from "../ui/Callout.tsx";
import { leaveToHeading } from "./StepHeading.tsx";

/** What happened and what to do about it, beside the design, until it is dismissed or overtaken. Announced by app/flow-announcements. */
export function NoticeCallout({ notice }: { readonly notice: Notice | null }): ReactNode {
  const t = useText();
  const { product, flow } = useFirstSession();
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
    </Callout>
  );
}

import { type ReactNode, useEffect, useState } from "react";
import { shortReference } from "#contracts/short-reference.ts";
import type { Likeness } from "#image/client.ts";
import { useSession } from "../../flow/use-session.tsx";
import { useText } from "../../locales/text.tsx";
import { Button } from "../../ui/Button.tsx";
import { Callout } from "../../ui/Callout.tsx";
import { announce } from "../../ui/LiveRegion.tsx";
import { leaveToHeading } from "../StepHeading.tsx";

interface ComparisonProps {
  /** Nothing is said where it is not known. */
  readonly likeness: Likeness | null;
  readonly submissionId: string;
  /** No card will be made of it. */
  readonly isEnd: boolean;
}

/** Whether the card maker has the picture that was sent, as far as that can be seen, and what to do where it has not. */
export function Comparison({ likeness, submissionId, isEnd }: ComparisonProps): ReactNode {
  const t = useText();
  const { flow, issuerName } = useSession();
  const [isReported, setIsReported] = useState(false);
  const differs = likeness === "different";
  const title = t("follow.differs");
  const whom = t("follow.not-mine-help", { issuer: issuerName, reference: shortReference(submissionId) });
  useEffect(() => {
    if (differs) announce(`${title}.`);
  }, [differs, title]);
  if (likeness === "same") return <Callout tone="ok" title={t("follow.matches")} />;
  if (!differs) return null;
  if (isReported) {
    return (
      <Callout tone="warn" title={t("follow.not-mine-title")}>
        {whom}
      </Callout>
    );
  }
  const report = (): void => {
    flow.reportOtherPicture();
    setIsReported(true);
    announce(`${t("follow.not-mine-title")}. ${whom}`);
  };
  const button = (
    <Button ref={leaveToHeading} variant="quiet" onClick={report}>
      {t("follow.not-mine")}
    </Button>
  );
  return (
    <Callout tone="problem" title={title} action={button} hasWideAction>
      {t(isEnd ? "follow.differs-help-ended" : "follow.differs-help")}
    </Callout>
  );
}

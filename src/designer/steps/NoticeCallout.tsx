import { type ReactNode, useEffect, useRef } from "react";
import type { Flow } from "../flow/flow.ts";
import { describeNotice, isAboutPhoto, type Notice, type NoticeCode } from "../flow/notice.ts";
import { isWhole, useFirstSession } from "../flow/use-session.tsx";
import type { MessageId } from "../locales/en.ts";
import { useText } from "../locales/text.tsx";
import { Button } from "../ui/Button.tsx";
import { Callout } from "../ui/Callout.tsx";
import { leaveToHeading } from "./StepHeading.tsx";

interface NoticeCalloutProps {
  readonly notice: Notice | null;
  /** What is said of the photo elsewhere too has its title alone. */
  readonly isBrief?: boolean;
}

/** What happened and what to do about it, beside the design, until it is dismissed or overtaken. Announced by app/flow-announcements. */
export function NoticeCallout({ notice, isBrief = false }: NoticeCalloutProps): ReactNode {
  const t = useText();
  const session = useFirstSession();
  const { product, flow } = session;
  const box = useRef<HTMLDivElement>(null);
  const shown = useRef(notice);
  useEffect(() => {
    // One that the step begins with is seen with its beginning.
    if (shown.current === notice) return;
    shown.current = notice;
    box.current?.scrollIntoView({ block: "nearest" });
  }, [notice]);
  if (notice === null) return null;
  const { title, help } = describeNotice(notice, product, t);
  const isTitleAlone = isBrief && isAboutPhoto(notice);
  const choices = isWhole(session) && !isTitleAlone ? choicesOf(notice.code, session.flow) : [];
  const buttons = choices.map(([label, choose]) => (
    <Button key={label} ref={leaveToHeading} variant="quiet" onClick={choose}>
      {t(label)}
    </Button>
  ));
  // What is to be chosen cannot be put aside.
  const dismiss =
    notice.code === "draft-overtaken" ? undefined : (
      <Button
        ref={leaveToHeading}
        variant="icon"
        icon="close"
        aria-label={t("notice.dismiss")}
        onClick={() => flow.showNotice(null)}
      />
    );
  const isWide = choices.length > 0;
  return (
    <Callout boxRef={box} tone={notice.tone} title={title} action={buttons} dismiss={dismiss} hasWideAction={isWide}>
      {isTitleAlone ? undefined : notice.sentence === undefined ? help : <bdi>{help}</bdi>}
    </Callout>
  );
}

/** What can be done about it, beyond putting it aside. */
function choicesOf(code: NoticeCode, flow: Flow): readonly (readonly [MessageId, () => void])[] {
  switch (code) {
    case "upright-card-fits":
      return [["notice.upright-card-fits.take", flow.wantTurnedProduct]];
    case "wide-card-fits":
      return [["notice.wide-card-fits.take", flow.wantTurnedProduct]];
    case "draft-resumed":
      return [["design.startOver", flow.startOver]];
    case "draft-overtaken":
      return [
        ["design.keepOwn", flow.keepOwn],
        ["design.takeOther", () => void flow.takeOther()],
      ];
    case "open-elsewhere":
    case "sent-elsewhere":
      return [["notice.open-elsewhere.go-on", () => void flow.goOnHere()]];
    case "not-offered":
      return [["notice.not-offered.take-off", () => void flow.takeUnofferedOff()]];
    case "draft-unreachable":
      return [["design.tryAgain", () => void flow.resumeDraft()]];
    default:
      return [];
  }
}

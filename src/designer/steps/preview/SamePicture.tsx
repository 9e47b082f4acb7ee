import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef } from "react";
import { useSession } from "../../flow/use-session.tsx";
import { useText } from "../../locales/text.tsx";
import { Button } from "../../ui/Button.tsx";
import { leaveToHeading } from "../StepHeading.tsx";
import styles from "./SamePicture.module.css";

/** In the place of the buttons that send: whether the very picture that was not accepted is to be sent all the same. */
export function SamePicture(): ReactNode {
  const t = useText();
  const { flow } = useSession();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  // It is left before it is taken off the page, and with it the focus.
  useLayoutEffect(() => leaveToHeading(box.current), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    // It has been used, and leaves nothing else.
    event.preventDefault();
    flow.thinkOver();
  };
  return (
    <div
      ref={box}
      className={styles.question}
      role="alertdialog"
      tabIndex={-1}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-help`}
      onKeyDown={onKeyDown}
    >
      <strong id={`${id}-title`}>{t("same.title")}</strong>
      <p id={`${id}-help`}>{t("same.help")}</p>
      <div className={styles.ways}>
        <Button ref={leaveToHeading} variant="primary" wide onClick={flow.goBack}>
          {t("same.change")}
        </Button>
        <Button ref={leaveToHeading} wide onClick={() => void flow.send(true)}>
          {t("same.send")}
        </Button>
      </div>
    </div>
  );
}

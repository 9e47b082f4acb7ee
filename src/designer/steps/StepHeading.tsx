import { type ReactNode, useEffect, useRef } from "react";
import { isHere, whenHere } from "../ui/focus.ts";
import styles from "./StepHeading.module.css";

interface StepHeadingProps {
  readonly children: ReactNode;
  /** What it is about, above the title. */
  readonly about?: ReactNode;
  /** One sentence under the title. */
  readonly lead?: string;
  /** False for the first screen: opening the page does not take the focus from the page around it. */
  readonly takesFocus: boolean;
}

/**
 * The title of a step. It takes the focus when the step begins, so that a screen reader reads on from here: where the cardholder has
 * gone elsewhere meanwhile, when they come back.
 */
export function StepHeading({ children, about, lead, takesFocus }: StepHeadingProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!takesFocus) return;
    const { activeElement } = document;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopWaiting = (): void => {};
    const takeFocus = (): void => {
      // In a task of its own: to take the focus is to lay the whole step out, right after it has been drawn up.
      timer = setTimeout(() => {
        // On a busy device that is a moment later, and they may be in a field of the page around by then.
        if (!isHere()) return void (stopWaiting = whenHere(takeFocus));
        const isInControl = ![activeElement, document.body].includes(document.activeElement);
        // The page around the frame shows the step from its top, also when its title lies below the card.
        if (!isInControl) heading.current?.focus({ preventScroll: true });
      });
    };
    stopWaiting = whenHere(takeFocus);
    return () => {
      stopWaiting();
      clearTimeout(timer);
    };
  }, [takesFocus]);
  const title = (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
  if (lead === undefined) return title;
  return (
    <div className={styles.heading}>
      {about}
      {title}
      <p>{lead}</p>
    </div>
  );
}

/**
 * As `ref` of a control that may disappear while it has the focus: the focus then moves to the step's title instead of
 * the start of the page.
 */
export function leaveToHeading(control: HTMLElement | null): (() => void) | undefined {
  if (control === null) return undefined;
  return () => {
    if (control !== document.activeElement) return;
    document.querySelector<HTMLElement>("h1[tabindex]")?.focus({ preventScroll: true });
  };
}

import { type ReactNode, useEffect, useRef } from "react";

interface StepHeadingProps {
  readonly children: ReactNode;
  /** False for the first screen: opening the page does not take the focus from the page around it. */
  readonly takesFocus: boolean;
}

/** The title of a step. It takes the focus when the step begins, so that a screen reader reads on from here. */
export function StepHeading({ children, takesFocus }: StepHeadingProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The page around the frame shows the step from its top, also when its title lies below the card.
    if (takesFocus) heading.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

/** Puts the focus on the step's title, without scrolling. */
function focusHeading(): void {
  document.querySelector<HTMLElement>("h1[tabindex]")?.focus({ preventScroll: true });
}

/** As `ref` of a control that may go while it has the focus: the step's title has it then, not the page's first byte. */
export function leaveToHeading(control: HTMLElement | null): (() => void) | undefined {
  if (control === null) return undefined;
  return () => {
    if (control === document.activeElement) focusHeading();
  };
}

import { type ReactNode, useEffect } from "react";
import { useStore } from "zustand/react";
import type { Flow } from "../flow/flow.ts";
import { useText } from "../locales/text.tsx";
import { Icon } from "../ui/Icon.tsx";
import styles from "./Header.module.css";
import { type Layout, leaveDesigner } from "./frame-layout.ts";
import { isUnusedEscape } from "./unused-escape.ts";

interface LeaveButtonProps {
  readonly layout: Layout;
  /** Undefined before there can be a design. */
  readonly flow: Flow | undefined;
}

/** Where the designer lies over the whole page: the cross that gives it back, as Escape does. */
export function LeaveButton({ layout, flow }: LeaveButtonProps): ReactNode {
  const t = useText();
  const { isFull } = useStore(layout.state);
  useEffect(() => {
    if (!isFull) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (isUnusedEscape(event)) leaveDesigner(layout, flow);
    };
    addEventListener("keydown", onKeyDown);
    return () => {
      removeEventListener("keydown", onKeyDown);
      // The cross that had it is gone; the page around may have put it elsewhere.
      if (!document.hasFocus() || document.activeElement !== document.body) return;
      document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    };
  }, [isFull, layout, flow]);
  if (!isFull) return null;
  return (
    <button
      type="button"
      className={styles.leave}
      aria-label={t("app.leave")}
      onClick={() => leaveDesigner(layout, flow)}
    >
      <Icon name="close" />
    </button>
  );
}

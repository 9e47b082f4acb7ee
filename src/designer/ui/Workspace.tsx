import type { ReactNode } from "react";
import styles from "./Workspace.module.css";

interface WorkspaceProps {
  /** The card and what floats around it. */
  readonly stage: ReactNode;
  /** Title, words and checks beside the card; on a phone the sheet under it. */
  readonly panel: ReactNode;
  /** What to do next, at the end of the panel: the primary button first. */
  readonly actions?: ReactNode;
}

/** The two halves of every step: one column on a phone, card and panel side by side from 640 px on. */
export function Workspace({ stage, panel, actions }: WorkspaceProps): ReactNode {
  return (
    <div className={styles.workspace}>
      <div className={styles.stage}>{stage}</div>
      <div className={styles.panel}>
        {panel}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}

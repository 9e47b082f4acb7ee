import { type ReactNode, useState } from "react";
import { Workspace } from "#designer/ui/Workspace.tsx";
import { EditableCard } from "../canvas/EditableCard.tsx";
import { useDesignStore } from "../store/use-design-store.tsx";
import styles from "./DesignStep.module.css";
import { NextAction } from "./NextAction.tsx";
import { Panel } from "./Panel.tsx";
import { Toolbar } from "./Toolbar.tsx";
import { useHistoryKeys } from "./use-history-keys.ts";
import { useSpokenChanges } from "./use-spoken-changes.ts";

interface DesignStepProps {
  readonly onPreview: () => void;
  readonly onPickAnother: () => void;
  readonly issuerName?: string | undefined;
}

/** The step in which the photo is placed on the card. Needs a photo in the store. */
export function DesignStep({ onPreview, onPickAnother, issuerName }: DesignStepProps): ReactNode {
  const product = useDesignStore((state) => state.product);
  const [guidesAlways, setGuidesAlways] = useState(false);
  useHistoryKeys();
  useSpokenChanges();
  return (
    <Workspace
      stage={
        <div className={styles.stage} data-upright={product.trimHeightMm > product.trimWidthMm}>
          <div className={styles.card}>
            <EditableCard guides={guidesAlways ? "always" : "hand"} issuerName={issuerName} />
          </div>
          <Toolbar />
        </div>
      }
      panel={<Panel guidesAlways={guidesAlways} onGuidesAlways={setGuidesAlways} onPickAnother={onPickAnother} />}
      actions={<NextAction onPreview={onPreview} />}
    />
  );
}

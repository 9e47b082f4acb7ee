import { type ReactNode, useState } from "react";
import { useText } from "#designer/locales/text.tsx";
import { EditableCard } from "../canvas/EditableCard.tsx";
import { useDesign } from "../store/use-design.ts";
import styles from "./DesignStep.module.css";
import { Panel } from "./Panel.tsx";
import { Toolbar } from "./Toolbar.tsx";
import { useSpokenChanges } from "./use-spoken-changes.ts";

interface DesignStepProps {
  readonly onPreview: () => void;
  readonly onPickAnother: () => void;
  /** A photo dropped on the card; without it drops are left to the page. */
  readonly onFile?: (file: Blob) => void;
  readonly issuerName?: string | undefined;
}

/** The step in which the photo is placed on the card. Needs a photo in the store. */
export function DesignStep({ onPreview, onPickAnother, onFile, issuerName }: DesignStepProps): ReactNode {
  const t = useText();
  const product = useDesign((state) => state.product);
  const [guidesAlways, setGuidesAlways] = useState(false);
  useSpokenChanges();
  return (
    <div className={styles.step}>
      <section
        className={styles.stage}
        aria-label={t("design.card")}
        data-upright={product.trimHeightMm > product.trimWidthMm}
        onDragOver={onFile && ((event) => event.preventDefault())}
        onDrop={
          onFile &&
          ((event) => {
            event.preventDefault();
            const file = event.dataTransfer.files[0];
            if (file !== undefined) onFile(file);
          })
        }
      >
        <div className={styles.card}>
          <EditableCard guides={guidesAlways ? "always" : "hand"} issuerName={issuerName} />
        </div>
        <Toolbar />
      </section>
      <Panel
        guidesAlways={guidesAlways}
        onGuidesAlways={setGuidesAlways}
        onPreview={onPreview}
        onPickAnother={onPickAnother}
      />
    </div>
  );
}

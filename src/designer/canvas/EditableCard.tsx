import { type ReactNode, useEffect, useId, useRef } from "react";
import { useText } from "#designer/locales/text.tsx";
import { announce } from "#designer/ui/LiveRegion.tsx";
import { useDesignStore, useDesignStoreApi } from "../store/use-design-store.tsx";
import { CardStage } from "./CardStage.tsx";
import styles from "./EditableCard.module.css";
import { attachHands } from "./hands.ts";
import type { PhotoHandle } from "./PhotoShape.tsx";

interface EditableCardProps {
  readonly guides: "hand" | "always";
  readonly issuerName?: string | undefined;
}

/**
 * The card under the cardholder's hands. `application`, because arrows and signs are keys of its own here, which a
 * screen reader would otherwise keep for itself; every one of them is a button or a field elsewhere as well.
 */
export function EditableCard({ guides, issuerName }: EditableCardProps): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const moving = useDesignStore((state) => state.moving);
  const surface = useRef<HTMLDivElement>(null);
  const photo = useRef<PhotoHandle>(null);
  const edgeText = t("design.said.edge");
  const helpId = useId();

  useEffect(() => {
    if (surface.current === null) return;
    const show: PhotoHandle["show"] = (placement) => photo.current?.show(placement);
    return attachHands({ surface: surface.current, store, show, onEdge: () => announce(edgeText) });
  }, [store, edgeText]);

  return (
    <div className={styles.frame}>
      <div
        ref={surface}
        className={styles.surface}
        role="application"
        tabIndex={0}
        aria-label={t("design.card")}
        aria-describedby={helpId}
        data-moving={moving}
      >
        <CardStage
          photoHandle={photo}
          guides={guides}
          moving={moving}
          issuerName={issuerName}
          failedText={t("design.stageFailed")}
        />
      </div>
      <p id={helpId} className="visually-hidden">
        {t("design.cardHelp")}
      </p>
    </div>
  );
}

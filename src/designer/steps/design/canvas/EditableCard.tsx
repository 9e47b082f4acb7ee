import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { photoOf, vectorElementsOf } from "#design/design.ts";
import { applyChange, moveBy } from "#design/edits.ts";
import { useText } from "../../../locales/text.tsx";
import { type DesignState, isMoving } from "../../../store/design-store.ts";
import { useDesignStore, useDesignStoreApi } from "../../../store/use-design-store.tsx";
import { announce } from "../../../ui/LiveRegion.tsx";
import type { CheckMark } from "../check-marks.ts";
import { CardStage } from "./CardStage.tsx";
import styles from "./EditableCard.module.css";
import { GestureHint } from "./GestureHint.tsx";
import { createHoldView, HoldLines } from "./HoldLines.tsx";
import type { InputTarget } from "./input.ts";
import { attachKeys } from "./input-keys.ts";
import { attachPointers } from "./input-pointers.ts";
import { attachTrackpad, attachWheel } from "./input-wheel.ts";
import { frameHandle, SelectionFrame } from "./SelectionFrame.tsx";
import { selectedOf } from "./selected.ts";
import type { PhotoHandle, PhotoHandles } from "./shapes.tsx";

interface EditableCardProps {
  /** Otherwise nothing moves it, not even a finger that is still down. */
  readonly isShown?: boolean;
  /** Guides also while nothing moves. */
  readonly guidesAlways: boolean;
  /** What a check speaks of. */
  readonly mark?: CheckMark | null;
  readonly onMarkTap?: () => void;
  readonly issuerName?: string | undefined;
  readonly onStageFailed?: ((error: unknown) => void) | undefined;
}

/**
 * The card, on which pointers, wheel and keys move the photo or what is selected. `application`, because arrows and brackets are keys of its own
 * here, which a screen reader would otherwise keep for itself; each of them is a button or a field elsewhere as well.
 */
export function EditableCard(props: EditableCardProps): ReactNode {
  const { isShown = true, guidesAlways, mark = null, onMarkTap, issuerName, onStageFailed } = props;
  const t = useText();
  const store = useDesignStoreApi();
  const moving = useDesignStore(isMoving);
  const scrolls = useDesignStore(isLevel);
  const surface = useRef<HTMLDivElement>(null);
  const [photoHandles] = useState<PhotoHandles>(() => new Map());
  const edgeText = t("design.said.edge");
  const elementEdgeText = t("design.element.edge");
  const fixedText = t("design.template.fixed");
  const takesElements = useDesignStore(({ product }) => Object.values(product.features ?? {}).includes(true));
  const helpId = useId();

  useEffect(() => {
    if (surface.current === null || !isShown) return;
    const show: PhotoHandle["show"] = (pose) => {
      const { id, element } = selectedOf(store.getState()) ?? {};
      photoHandles.get(id ?? "")?.show(pose);
      if (element !== undefined) photoHandles.get(frameHandle)?.show(pose);
    };
    const onEdge = (): void => announce(store.getState().selection === null ? edgeText : elementEdgeText);
    const showHeld = createHoldView(surface.current);
    const onFixed = (): void => announce(fixedText);
    return attachInput({ surface: surface.current, store, show, showHeld, onEdge, onFixed });
  }, [isShown, store, photoHandles, edgeText, elementEdgeText, fixedText]);

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
        data-scrolls={scrolls}
      >
        <CardStage
          photoHandles={photoHandles}
          guidesAlways={guidesAlways}
          moving={moving}
          mark={mark}
          onMarkTap={onMarkTap}
          issuerName={issuerName}
          failedText={t("design.stageFailed")}
          onFailed={onStageFailed}
        />
        <HoldLines />
        <SelectionFrame handles={photoHandles} />
      </div>
      {isShown && <GestureHint surface={surface} />}
      <p id={helpId} className="visually-hidden">
        {[t("design.cardHelp"), ...(takesElements ? [t("design.element.keys")] : [])].join(" ")}
      </p>
    </div>
  );
}

/** Whether nothing on the card can be moved up or down: a finger that tries to scrolls the page instead. */
function isLevel({ design, product }: DesignState): boolean {
  const photo = photoOf(design);
  if (photo === null) return true;
  // Each of them can be moved.
  if (vectorElementsOf(design).length > 0) return false;
  const isFixed = (yMm: number): boolean =>
    Math.abs(applyChange(moveBy(0, yMm), photo.placement, photo, product).yMm - photo.placement.yMm) < leastMm;
  return isFixed(1) && isFixed(-1);
}

/** Less is not seen. */
const leastMm = 0.05;

/** Returns a function that detaches it all. */
function attachInput(target: InputTarget): () => void {
  // The keys last: during a gesture the others keep Escape from them.
  const disposers = [attachPointers(target), attachTrackpad(target), attachWheel(target), attachKeys(target)];
  return () => {
    for (const dispose of disposers) dispose();
  };
}

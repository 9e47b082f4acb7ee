import { type RefObject, type ReactNode, useCallback, useEffect, useId, useRef, useState } from "react";
import { isOffered } from "#design/offered.ts";
import { photoOf, vectorElementsOf } from "#design/design.ts";
import { applyChange, moveBy } from "#design/edits.ts";
import { useText } from "../../../locales/text.tsx";
import { type DesignState, isMoving } from "../../../store/design-store.ts";
import { isPhotoPlaced } from "../../../store/photo-locks.ts";
import { useDesignStore, useDesignStoreApi, useHasPhoto } from "../../../store/use-design-store.tsx";
import { Drawn } from "../../../tools/drawing/lay-drawn.ts";
import { announce } from "../../../ui/LiveRegion.tsx";
import type { CheckMark } from "../check-marks.ts";
import { CardStage } from "./CardStage.tsx";
import styles from "./EditableCard.module.css";
import { GestureHint } from "./GestureHint.tsx";
import { createHoldView, HoldLines } from "./HoldLines.tsx";
import { Ink } from "./Ink.tsx";
import { InkView } from "./ink.ts";
import type { InputTarget } from "./input.ts";
import { attachKeys } from "./input-keys.ts";
import { attachPen } from "./input-pen.ts";
import { attachPenKeys } from "./input-pen-keys.ts";
import { attachPointers, attachPointing } from "./input-pointers.ts";
import { attachTrackpad, attachWheel } from "./input-wheel.ts";
import type { PenTarget } from "./pen-session.ts";
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
  const moving = useDesignStore(isMoving);
  const scrolls = useDesignStore(isLevel);
  const surface = useRef<HTMLDivElement>(null);
  const [photoHandles] = useState<PhotoHandles>(() => new Map());
  const hasPhoto = useHasPhoto();
  const isFixed = useDesignStore(isPhotoPlaced);
  const helpId = useId();
  const penTip = useDesignStore(({ pen }) => pen?.tip);
  const isDrawing = penTip !== undefined;
  const [ink] = useState(() => new InkView());

  useCardInput({ isShown, surface, photoHandles, ink });

  return (
    <div className={styles.frame}>
      <div
        ref={surface}
        className={styles.surface}
        role="application"
        tabIndex={0}
        aria-label={t(hasPhoto ? "design.card" : "design.ground.card")}
        aria-describedby={helpId}
        data-moving={moving}
        data-scrolls={scrolls && !isDrawing}
        data-pen={penTip}
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
          ink={isDrawing && <Ink view={ink} />}
        />
        <HoldLines />
        {/* What is drawn joins what is selected; nothing is moved meanwhile. */}
        {!isDrawing && <SelectionFrame handles={photoHandles} />}
      </div>
      {isShown && ((hasPhoto && !isFixed) || isDrawing) && (
        <GestureHint key={penTip && "pen"} surface={surface} of={isDrawing ? "drawing" : "gestures"} />
      )}
      <CardHelp id={helpId} />
    </div>
  );
}

interface CardInput {
  readonly isShown: boolean;
  readonly surface: RefObject<HTMLDivElement | null>;
  readonly photoHandles: PhotoHandles;
  readonly ink: InkView;
}

/** Has pointers, wheel and keys move what is selected, or draw. */
function useCardInput({ isShown, surface, photoHandles, ink }: CardInput): void {
  const t = useText();
  const store = useDesignStoreApi();
  const isDrawing = useDesignStore(({ pen }) => pen !== null);
  const edgeText = t("design.said.edge");
  const elementEdgeText = t("design.element.edge");
  const fixedText = t("design.template.fixed");
  const say = useSayings();
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
    const target = { surface: surface.current, store, show, showHeld, onEdge, onFixed };
    return isDrawing ? attachDrawing(target, { ink, handles: photoHandles, say }) : attachInput(target);
  }, [isShown, isDrawing, store, surface, photoHandles, ink, say, edgeText, elementEdgeText, fixedText]);
}

const vectorKinds = ["text", "sticker", "shape", "drawing"] as const;

/** What the card's keys do now. */
function CardHelp({ id }: { readonly id: string }): ReactNode {
  const t = useText();
  const isDrawing = useDesignStore(({ pen }) => pen !== null);
  const takesElements = useDesignStore(({ product }) => vectorKinds.some((kind) => isOffered({ kind }, product)));
  const hasPhoto = useHasPhoto();
  const isFixed = useDesignStore(isPhotoPlaced);
  const ofCard = [
    ...(hasPhoto && !isFixed ? [t("design.cardHelp")] : []),
    ...(takesElements ? [t("design.element.keys")] : []),
  ];
  return (
    <p id={id} className="visually-hidden">
      {isDrawing ? t("design.drawing.keys") : ofCard.join(" ")}
    </p>
  );
}

/** Whether nothing on the card can be moved up or down: a finger that tries to scrolls the page instead. */
function isLevel(state: DesignState): boolean {
  const { design, product } = state;
  const photo = photoOf(design);
  // Each of them can be moved.
  if (vectorElementsOf(design).length > 0) return false;
  if (photo === null || isPhotoPlaced(state)) return true;
  const isFixed = (yMm: number): boolean =>
    Math.abs(applyChange(moveBy(0, yMm), photo.placement, photo, product).yMm - photo.placement.yMm) < leastMm;
  return isFixed(1) && isFixed(-1);
}

/** Less is not seen. */
const leastMm = 0.05;

/** Of a pen on the card, for those who do not see it, and where it does not draw for everybody. */
function useSayings(): PenTarget["say"] {
  const t = useText();
  return useCallback((what) => announce(t(`design.drawing.said.${what}`)), [t]);
}

/** Pens draw; keys that move no pen do to what is selected what they always do. */
function attachDrawing(target: InputTarget, pen: Pick<PenTarget, "ink" | "handles" | "say">): () => void {
  const { surface, store } = target;
  const pens = { surface, store, drawn: new Drawn(store), ...pen };
  // The pen of the keys before that of pointers: it is lifted as they begin to draw.
  const disposers = [attachPointing(surface), attachPenKeys(pens), attachPen(pens), attachKeys(target)];
  return () => {
    for (const dispose of disposers) dispose();
  };
}

/** Returns a function that detaches it all. */
function attachInput(target: InputTarget): () => void {
  // The keys last: during a gesture the others keep Escape from them.
  const disposers = [attachPointers(target), attachTrackpad(target), attachWheel(target), attachKeys(target)];
  return () => {
    for (const dispose of disposers) dispose();
  };
}

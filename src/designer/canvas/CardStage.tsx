import type { Layer as KonvaLayer } from "konva/lib/Layer.js";
import { type ReactNode, type Ref, useLayoutEffect, useRef, useState } from "react";
import { Layer, Stage } from "react-konva/es/ReactKonvaCore.js";
import { bleedSizeMm } from "#card/products.ts";
import { useDesign } from "../store/use-design.ts";
import { CardArt } from "../card/CardArt.tsx";
import styles from "./CardStage.module.css";
import { GuidesShape } from "./GuidesShape.tsx";
import { type PhotoHandle, PhotoShape } from "./PhotoShape.tsx";
import { StageBoundary } from "./StageBoundary.tsx";
import { usePixelRatio, useWidth } from "./use-screen.ts";
import { BleedVeil } from "./BleedVeil.tsx";

interface CardStageProps {
  readonly photoHandle?: Ref<PhotoHandle>;
  /** `hand`: while something moves; `always`; `never`. */
  readonly guides?: "hand" | "always" | "never";
  /** A hand is on the card: the overlays step back and the guides come. */
  readonly moving?: boolean;
  readonly issuerName?: string | undefined;
  /** Shown when the picture cannot be drawn. */
  readonly failedText: string;
}

/** The card as it is being designed, as wide as its container: photo, dimmed bleed, guides, and the card's own things. */
export function CardStage(props: CardStageProps): ReactNode {
  const { photoHandle, guides = "never", moving = false, issuerName, failedText } = props;
  const product = useDesign((state) => state.product);
  const { widthMm, heightMm } = bleedSizeMm(product);
  const [box, widthPx] = useWidth();
  const [failed, setFailed] = useState(false);
  const guidesShown = guides === "always" || (guides === "hand" && moving);
  return (
    <div
      ref={box}
      className={styles.card}
      style={{ aspectRatio: `${widthMm} / ${heightMm}` }}
      data-guides={guidesShown}
      data-moving={moving}
    >
      <StageBoundary fallback={<Failed text={failedText} />}>
        {failed && <Failed text={failedText} />}
        {widthPx > 0 && !failed && (
          <Canvas widthPx={widthPx} photoHandle={photoHandle} onError={() => setFailed(true)} />
        )}
      </StageBoundary>
      <BleedVeil product={product} />
      <CardArt product={product} issuerName={issuerName} className={styles.art} />
    </div>
  );
}

function Failed({ text }: { readonly text: string }): ReactNode {
  return <p className={styles.failed}>{text}</p>;
}

interface CanvasProps {
  readonly widthPx: number;
  readonly photoHandle?: Ref<PhotoHandle> | undefined;
  readonly onError: () => void;
}

function Canvas({ widthPx, photoHandle, onError }: CanvasProps): ReactNode {
  const product = useDesign((state) => state.product);
  const { widthMm, heightMm } = bleedSizeMm(product);
  const pxPerMm = widthPx / widthMm;
  const heightPx = heightMm * pxPerMm;
  const view = { x: widthPx / 2, y: heightPx / 2, scaleX: pxPerMm, scaleY: pxPerMm };
  const photoLayer = useRef<KonvaLayer>(null);
  const guidesLayer = useRef<KonvaLayer>(null);
  const pixelRatio = usePixelRatio();
  useLayoutEffect(() => {
    for (const layer of [photoLayer.current, guidesLayer.current]) {
      if (layer === null || layer.getCanvas().getPixelRatio() === pixelRatio) continue;
      layer.getCanvas().setPixelRatio(pixelRatio);
      layer.batchDraw();
    }
  }, [pixelRatio]);
  return (
    <Stage className={styles.canvas} width={widthPx} height={heightPx} listening={false}>
      <StageBoundary fallback={null} onError={onError}>
        <Layer ref={photoLayer} listening={false} {...view}>
          <PhotoShape handle={photoHandle} />
        </Layer>
        <Layer ref={guidesLayer} listening={false} {...view}>
          <GuidesShape product={product} pxPerMm={pxPerMm} />
        </Layer>
      </StageBoundary>
    </Stage>
  );
}

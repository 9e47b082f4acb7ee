import type { Layer as KonvaLayer } from "konva/lib/Layer.js";
import {
  Component,
  memo,
  type ReactNode,
  type RefCallback,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { Layer, Stage } from "react-konva/es/ReactKonvaCore.js";
import { bleedSizeMm, type Product } from "#card/products.ts";
import { CardArt } from "../../../card/CardArt.tsx";
import { photoOf, vectorElementsOf } from "#design/design.ts";
import { guidesOf } from "#design/templates/template.ts";
import { isGroundSeen, templateOf } from "../../../store/design-store.ts";
import { useDesignStore } from "../../../store/use-design-store.tsx";
import type { CheckMark } from "../check-marks.ts";
import styles from "./CardStage.module.css";
import { ElementShape } from "./ElementShape.tsx";
import { MarkArt } from "./MarkArt.tsx";
import { GroundShape, GuidesShape, type PhotoHandles, PhotoShape, VeilShape } from "./shapes.tsx";
import { type StageRaster, stageRaster } from "./sharp-region.ts";
import { aroundPath, trimPath } from "./view.ts";

interface CardStageProps {
  readonly photoHandles: PhotoHandles;
  /** Guides also while nothing moves. */
  readonly guidesAlways: boolean;
  /** The photo is being moved: the overlays step back. */
  readonly moving: boolean;
  readonly mark: CheckMark | null;
  readonly onMarkTap: (() => void) | undefined;
  readonly issuerName?: string | undefined;
  /** Shown when the picture cannot be drawn. */
  readonly failedText: string;
  readonly onFailed?: ((error: unknown) => void) | undefined;
  /** What is being drawn: over the pictures, and below what is printed on the card. */
  readonly ink?: ReactNode;
}

/** The card as it is being designed, as wide as its container: photo, dimmed bleed, guides, and what the platform adds. */
export function CardStage(props: CardStageProps): ReactNode {
  const { photoHandles, guidesAlways, moving, onMarkTap, issuerName, failedText, onFailed } = props;
  const mark = moving ? null : props.mark;
  const product = useDesignStore((state) => state.product);
  const { widthMm, heightMm } = bleedSizeMm(product);
  const [box, widthPx] = useWidth();
  const [failed, setFailed] = useState(false);
  const told = useRef(false);
  const fail = useCallback(
    (error: unknown): void => {
      setFailed(true);
      if (!told.current) onFailed?.(error);
      told.current = true;
    },
    [onFailed],
  );
  return (
    <div
      ref={box}
      className={styles.card}
      style={{ aspectRatio: `${widthMm} / ${heightMm}` }}
      data-guides={guidesAlways || moving}
      data-moving={moving}
    >
      {failed && <Failed text={failedText} />}
      {widthPx > 0 && !failed && (
        <StageBoundary onError={fail}>
          <Canvas widthPx={widthPx} photoHandles={photoHandles} onError={fail} />
        </StageBoundary>
      )}
      {props.ink}
      <BleedVeil product={product} />
      <CardArt product={product} issuerName={issuerName} faded={mark?.zones} className={styles.art} />
      {mark !== null && <MarkArt mark={mark} product={product} onTap={onMarkTap} />}
    </div>
  );
}

function Failed({ text }: { readonly text: string }): ReactNode {
  return <p className={styles.failed}>{text}</p>;
}

/** Dims what the cutter takes off, so that it can be seen and is not mistaken for the card. */
const BleedVeil = memo(function BleedVeil({ product }: { readonly product: Product }): ReactNode {
  const { widthMm, heightMm } = bleedSizeMm(product);
  return (
    <svg className={styles.veil} viewBox={`${-widthMm / 2} ${-heightMm / 2} ${widthMm} ${heightMm}`} aria-hidden="true">
      <path fillRule="evenodd" d={`${aroundPath(product)}${trimPath(product)}`} />
    </svg>
  );
});

/**
 * Some browsers tell only four heights within a pixel apart where they fill outlines: a screen of few pixels gets two for each, so that letters
 * are not rough on it. Always whole ones, or the canvas would be stretched.
 */
function ratioOfElements(pixelRatio: number): number {
  return pixelRatio < 1.5 ? 2 * pixelRatio : pixelRatio;
}

interface CanvasProps {
  readonly widthPx: number;
  readonly photoHandles: PhotoHandles;
  readonly onError: (error: unknown) => void;
}

/** Not rendered again because something has begun to move. */
const Canvas = memo(function Canvas({ widthPx, photoHandles, onError }: CanvasProps): ReactNode {
  const product = useDesignStore((state) => state.product);
  const { widthMm, heightMm } = bleedSizeMm(product);
  const pxPerMm = widthPx / widthMm;
  const heightPx = heightMm * pxPerMm;
  const view = { x: widthPx / 2, y: heightPx / 2, scaleX: pxPerMm, scaleY: pxPerMm };
  // Also for what a pen is about to draw: to add the layer takes a frame.
  const hasElements = useDesignStore(
    ({ design, pen }) => vectorElementsOf(design).length > 0 || design.template !== undefined || pen !== null,
  );
  const photoLayer = useRef<KonvaLayer>(null);
  const elementsLayer = useRef<KonvaLayer>(null);
  const guidesLayer = useRef<KonvaLayer>(null);
  const pixelRatio = usePixelRatio();
  const raster = useMemo(() => stageRaster(product, pxPerMm * pixelRatio), [product, pxPerMm, pixelRatio]);
  useLayoutEffect(() => {
    const layers = [
      [photoLayer.current, pixelRatio],
      [hasElements ? elementsLayer.current : null, ratioOfElements(pixelRatio)],
      [guidesLayer.current, pixelRatio],
    ] as const;
    for (const [layer, ratio] of layers) {
      if (layer === null || layer.getCanvas().getPixelRatio() === ratio) continue;
      layer.getCanvas().setPixelRatio(ratio);
      layer.batchDraw();
    }
  }, [pixelRatio, hasElements]);
  return (
    <Stage className={styles.canvas} {...stageSize(raster, pixelRatio)} listening={false}>
      <StageBoundary onError={onError}>
        <Layer ref={photoLayer} listening={false} {...view}>
          <PhotoOnGround photoHandles={photoHandles} raster={raster} />
          {!hasElements && <VeilShape raster={raster} />}
        </Layer>
        {/* The photo is not drawn again because something is moved over it, nor the other way round. */}
        {hasElements && (
          <Layer ref={elementsLayer} listening={false} {...view}>
            <Elements photoHandles={photoHandles} />
            <Guides photoHandles={photoHandles} />
            <VeilShape raster={raster} />
          </Layer>
        )}
        <Layer ref={guidesLayer} listening={false} {...view}>
          <GuidesShape product={product} pxPerMm={pxPerMm} />
        </Layer>
      </StageBoundary>
    </Stage>
  );
});

/**
 * In CSS pixels, whole in pixels of the screen and so no smaller than the card: a canvas whose last pixel is a part of one would be stretched
 * over it, which moves and blurs all that is on it and has the browser resample it with each frame.
 */
function stageSize({ widthPx, heightPx }: StageRaster, pixelRatio: number): { width: number; height: number } {
  // Konva rounds down, and a whole number divided and multiplied again may be a little less.
  const [width, height] = [(widthPx + 1e-3) / pixelRatio, (heightPx + 1e-3) / pixelRatio];
  return { width, height };
}

/** What the template shows while the card is designed, and does not print. */
function Guides({ photoHandles }: Pick<CanvasProps, "photoHandles">): ReactNode {
  const design = useDesignStore((state) => state.design);
  const template = useDesignStore(templateOf);
  return guidesOf(template, design).map((element) => (
    <ElementShape key={element.id} element={element} handles={photoHandles} isGuide />
  ));
}

/** What lies on the photo, bottom to top. */
function Elements({ photoHandles }: Pick<CanvasProps, "photoHandles">): ReactNode {
  const elements = useDesignStore((state) => state.design.elements);
  return vectorElementsOf({ elements }).map((element) => (
    <ElementShape key={element.id} element={element} handles={photoHandles} />
  ));
}

interface PhotoOnGroundProps extends Pick<CanvasProps, "photoHandles"> {
  readonly raster: StageRaster;
}

/** It alone is rendered when the photo is another or lies elsewhere. */
function PhotoOnGround({ photoHandles, raster }: PhotoOnGroundProps): ReactNode {
  const photo = useDesignStore((state) => photoOf(state.design));
  const showsGround = useDesignStore(isGroundSeen);
  return (
    <>
      {showsGround && <GroundShape raster={raster} />}
      {/* Nothing of the photo before is of use to another. */}
      {photo !== null && (
        <PhotoShape key={`${photo.id} ${photo.sha256}`} photo={photo} handles={photoHandles} raster={raster} />
      )}
    </>
  );
}

interface StageBoundaryProps {
  readonly children: ReactNode;
  readonly onError: (error: unknown) => void;
}

/** Keeps the page alive when drawing fails. Errors below `Stage` do not pass through it, so it is used inside too. */
class StageBoundary extends Component<StageBoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    this.props.onError(error);
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children;
  }
}

/** Width of an element in CSS pixels, fractions included; 0 before it is laid out. The first value is the element's ref. */
function useWidth(): [ref: RefCallback<HTMLElement>, widthPx: number] {
  const [widthPx, setWidthPx] = useState(0);
  const measure = useCallback((element: HTMLElement | null) => {
    if (element === null) return;
    const read = () => setWidthPx(element.getBoundingClientRect().width);
    const observer = new ResizeObserver(read);
    observer.observe(element);
    read();
    return () => observer.disconnect();
  }, []);
  return [measure, widthPx];
}

/** Device pixels per CSS pixel; changes with the screen and with the page's zoom. At most 3, to bound the canvas. */
function usePixelRatio(): number {
  return useSyncExternalStore(onPixelRatioChange, () => Math.min(devicePixelRatio, 3));
}

function onPixelRatioChange(listener: () => void): () => void {
  let query: MediaQueryList | null = null;
  const watch = () => {
    query?.removeEventListener("change", changed);
    query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener("change", changed);
  };
  const changed = () => {
    listener();
    watch();
  };
  watch();
  return () => query?.removeEventListener("change", changed);
}

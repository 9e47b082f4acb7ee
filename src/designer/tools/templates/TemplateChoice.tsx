import { type ReactNode, useCallback, useId, useLayoutEffect, useMemo, useRef } from "react";
import { coveredBy, photoToCard } from "#card/placement.ts";
import { bleedSizeMm, type Product } from "#card/products.ts";
import type { Region } from "#card/region.ts";
import { paintGround } from "#design/ground.ts";
import { photoOf, type TemplateRef } from "#design/design.ts";
import { type Art, artOf, artToCard, type DrawOp, type VectorElement } from "#design/elements.ts";
import { fitBox, groundFor, sameTemplate, type Template } from "#design/templates/template.ts";
import { holdPhoto } from "#design/templates/template-photo.ts";
import { useLocale, useText } from "../../locales/text.tsx";
import { shownPreviewOf } from "../../store/design-store.ts";
import { useDesignStore } from "../../store/use-design-store.tsx";
import { Callout } from "../../ui/Callout.tsx";
import { classNames } from "../../ui/class-names.ts";
import { showChosen, showFocused } from "../show-chosen.ts";
import styles from "../strip.module.css";
import { useDrawing } from "../use-drawing.ts";
import { nameIn } from "./name-in.ts";
import { useChoice, useTemplates } from "./use-templates.ts";

/** Pixels of a preview's longer side: twice as many as the screen's at most. */
const previewPx = 208;

/** No template, and those that are offered, each over the cardholder's own photo, as radio buttons: a strip to be swiped through on a phone. */
export function TemplateChoice(): ReactNode {
  const t = useText();
  const { tag } = useLocale();
  const chosen = useDesignStore(({ design }) => design.template);
  const offered = useTemplates();
  const { failure, choose } = useChoice();
  const name = useId();
  const choices = [null, ...offered];
  // One of an earlier version is another.
  const isChosen = (ref: TemplateRef | null): boolean => sameTemplate(chosen, ref ?? undefined);
  const strip = useRef<HTMLFieldSetElement>(null);
  useLayoutEffect(() => {
    if (strip.current !== null) showChosen(strip.current);
  }, []);
  return (
    <>
      <fieldset ref={strip} className={styles.strip}>
        <legend className="visually-hidden">{t("design.templates")}</legend>
        {choices.map((ref) => (
          <label key={ref?.id ?? ""} className={classNames(styles.choice, isChosen(ref) && styles.chosen)}>
            <input
              type="radio"
              className="covers-label"
              name={name}
              value={ref?.id ?? ""}
              checked={isChosen(ref)}
              onChange={() => choose(ref)}
              onFocus={showFocused}
            />
            <Preview template={ref?.template} />
            <span>{ref === null ? t("design.template.none") : nameIn(ref.names, tag)}</span>
          </label>
        ))}
      </fieldset>
      <div role="status">{failure !== null && <Callout tone="problem" title={t(`design.template.${failure}`)} />}</div>
    </>
  );
}

function sizeOf({ trimWidthMm, trimHeightMm }: Product): { readonly width: number; readonly height: number } {
  const pxPerMm = previewPx / Math.max(trimWidthMm, trimHeightMm);
  return { width: Math.round(trimWidthMm * pxPerMm), height: Math.round(trimHeightMm * pxPerMm) };
}

function cornersOf({ xMm, yMm, widthMm, heightMm }: Region): [x: number, y: number, width: number, height: number] {
  return [xMm - widthMm / 2, yMm - heightMm / 2, widthMm, heightMm];
}

function pathOf({ path }: DrawOp): Path2D {
  return new Path2D(path);
}

function drawElement(context: CanvasRenderingContext2D, element: VectorElement, art: Art): void {
  const box = element.kind === "text" ? fitBox({ widthMm: art.width, heightMm: art.height }, element.box) : element.box;
  context.save();
  context.transform(...artToCard(art, box));
  for (const op of art.ops) {
    context.fillStyle = op.fill;
    context.fill(pathOf(op), op.rule);
  }
  context.restore();
}

/** The photo as it lies on the card, and the template over it with what it says where nothing has been filled in. */
function Preview({ template }: { readonly template: Template | undefined }): ReactNode {
  const product = useDesignStore((state) => state.product);
  const design = useDesignStore((state) => state.design);
  const photo = useMemo(() => photoOf(holdPhoto(design, template?.photo)), [design, template]);
  const laid = useDesignStore(({ design }) => design.ground);
  const fill = template?.ground?.fill;
  const ground = fill === undefined ? laid : groundFor(fill, { elements: photo === null ? [] : [photo] });
  const preview = useDesignStore((state) => shownPreviewOf(state, photo?.sha256 ?? ""));
  const arts = useDesignStore((state) => state.arts);
  const { width, height } = useMemo(() => sizeOf(product), [product]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D): void => {
      const pxPerMm = width / product.trimWidthMm;
      const bleed = bleedSizeMm(product);
      context.resetTransform();
      const below = context.createImageData(width, height);
      paintGround(below.data, { widthPx: width, heightPx: height }, ground);
      context.putImageData(below, 0, 0);
      context.setTransform(pxPerMm, 0, 0, pxPerMm, width / 2, height / 2);
      // A bitmap that has been closed is 0 wide; drawing it would throw.
      if (photo !== null && preview !== undefined && preview.width > 0) {
        context.save();
        context.beginPath();
        context.rect(...cornersOf(coveredBy(photo, product)));
        context.clip();
        context.transform(...photoToCard(photo.placement, photo));
        context.imageSmoothingQuality = "medium";
        context.drawImage(preview, 0, 0, photo.widthPx, photo.heightPx);
        context.restore();
      }
      context.beginPath();
      context.rect(-bleed.widthMm / 2, -bleed.heightMm / 2, bleed.widthMm, bleed.heightMm);
      context.clip();
      for (const { element, prints } of template?.elements ?? []) {
        const art = artOf(element, (name) => arts.get(name));
        if (prints && art !== undefined) drawElement(context, element, art);
      }
    },
    [template, arts, photo, preview, ground, product, width, height],
  );
  return <canvas ref={useDrawing(draw)} aria-hidden="true" width={width} height={height} />;
}

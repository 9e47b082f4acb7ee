import { type ReactNode, useCallback, useId, useMemo } from "react";
import { carryPlacement, coveredBy, type Placement, photoToCard } from "#card/placement.ts";
import { colourBelow, samePlacement } from "#design/design.ts";
import { mirror } from "#design/edits.ts";
import type { OpenPhoto } from "#image/client.ts";
import { useText } from "../../locales/text.tsx";
import { shownPreviewOf } from "../../store/design-store.ts";
import { isPhotoPlaced } from "../../store/photo-locks.ts";
import { useChangePhoto, useDesignStore, usePhoto } from "../../store/use-design-store.tsx";
import { classNames } from "../../ui/class-names.ts";
import styles from "./Suggestions.module.css";
import { useDrawing } from "../use-drawing.ts";

const texts = {
  you: { name: "design.suggested.subject", label: "design.suggested.subject.label" },
  wide: { name: "design.suggested.wide", label: "design.suggested.wide.label" },
  detail: { name: "design.suggested.detail", label: "design.suggested.detail.label" },
} as const;

const order = ["you", "wide", "detail"] as const;

/** Ways to lay the photo that the designer has found, each as a small card. Nothing where there is no choice. */
export function Suggestions({ photo }: { readonly photo: OpenPhoto }): ReactNode {
  const t = useText();
  const change = useChangePhoto();
  const placed = usePhoto();
  const product = useDesignStore((state) => state.product);
  const name = useId();
  const isFixed = useDesignStore(isPhotoPlaced);
  const region = placed?.region;
  const isMirrored = placed?.placement.mirrored === true;
  const suggestions = useMemo(() => {
    const ordered = order.flatMap((wanted) => photo.suggestions.filter(({ id }) => id === wanted));
    const asSeen = (placement: Placement): Placement => (isMirrored ? mirror()(placement, photo, product) : placement);
    const asLaid = (placement: Placement): Placement =>
      region === undefined ? placement : carryPlacement(placement, photo, region, product);
    return ordered.map(({ id, placement }) => ({ id, placement: asLaid(asSeen(placement)) }));
  }, [photo, product, region, isMirrored]);
  if (suggestions.length < 2 || placed === null || isFixed) return null;
  return (
    <fieldset className={styles.group}>
      <legend className="visually-hidden">{t("design.suggested")}</legend>
      {suggestions.map((suggestion) => {
        const isChosen = samePlacement(suggestion.placement, placed.placement);
        return (
          <label key={suggestion.id} className={classNames(styles.choice, isChosen && styles.chosen)}>
            <input
              type="radio"
              className="covers-label"
              name={name}
              value={suggestion.id}
              aria-label={t(texts[suggestion.id].label)}
              checked={isChosen}
              onChange={() => change(() => suggestion.placement)}
            />
            <Thumbnail photo={photo} placement={suggestion.placement} />
            <span aria-hidden="true">{t(texts[suggestion.id].name)}</span>
          </label>
        );
      })}
    </fieldset>
  );
}

/** Pixels of a thumbnail's longer side. */
const thumbnailPx = 192;

function Thumbnail({ photo, placement }: { readonly photo: OpenPhoto; readonly placement: Placement }): ReactNode {
  const product = useDesignStore((state) => state.product);
  const { trimWidthMm, trimHeightMm } = product;
  const region = usePhoto()?.region;
  const ground = useDesignStore(({ design }) => colourBelow(design));
  const preview = useDesignStore((state) => shownPreviewOf(state, photo.sha256));
  const pxPerMm = thumbnailPx / Math.max(trimWidthMm, trimHeightMm);
  const [width, height] = [Math.round(trimWidthMm * pxPerMm), Math.round(trimHeightMm * pxPerMm)];

  const draw = useCallback(
    (context: CanvasRenderingContext2D): void => {
      if (!preview?.width) return;
      context.imageSmoothingQuality = "high";
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, width, height);
      context.setTransform(pxPerMm, 0, 0, pxPerMm, width / 2, height / 2);
      const { xMm, yMm, widthMm, heightMm } = coveredBy({ region }, product);
      context.save();
      context.beginPath();
      context.rect(xMm - widthMm / 2, yMm - heightMm / 2, widthMm, heightMm);
      context.clip();
      context.transform(...photoToCard(placement, photo));
      context.drawImage(preview, 0, 0, photo.widthPx, photo.heightPx);
      context.restore();
    },
    [photo, preview, placement, product, region, pxPerMm, width, height],
  );

  return (
    <canvas
      ref={useDrawing(draw)}
      aria-hidden="true"
      width={width}
      height={height}
      style={{ background: photo.transparent || region !== undefined ? ground : undefined }}
    />
  );
}

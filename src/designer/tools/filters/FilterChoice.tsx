import { type ReactNode, useCallback, useId, useLayoutEffect, useMemo, useRef } from "react";
import { colourBelow } from "#design/design.ts";
import type { PhotoSize } from "#card/placement.ts";
import { filterPhoto } from "#design/edits.ts";
import type { OpenPhoto } from "#image/client.ts";
import { useLocale, useText } from "../../locales/text.tsx";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { classNames } from "../../ui/class-names.ts";
import { useDrawing } from "../use-drawing.ts";
import { showChosen, showFocused } from "../show-chosen.ts";
import styles from "../strip.module.css";
import { nameFilter } from "./filter-names.ts";
import { useThumbnails } from "./use-thumbnails.ts";

/** Of no filter: the value of its radio button, which is no filter's id. */
const none = "";

/** Pixels of a thumbnail's longer side: twice as many as the screen's at most. */
const thumbnailPx = 208;

interface FilterChoiceProps {
  readonly photo: OpenPhoto;
  readonly offered: readonly string[];
}

/** The photo as it is, and with each filter, as radio buttons: a strip to be swiped through on a phone. */
export function FilterChoice({ photo, offered }: FilterChoiceProps): ReactNode {
  const t = useText();
  const { tag } = useLocale();
  const store = useDesignStoreApi();
  const product = useDesignStore((state) => state.product);
  const chosen = useDesignStore(({ design }) => design.look?.filter?.id) ?? none;
  const name = useId();
  const { trimWidthMm, trimHeightMm } = product;
  const ids = useMemo(() => [none, ...offered], [offered]);
  const size = useMemo((): PhotoSize => {
    const pxPerMm = thumbnailPx / Math.max(trimWidthMm, trimHeightMm);
    return { widthPx: Math.round(trimWidthMm * pxPerMm), heightPx: Math.round(trimHeightMm * pxPerMm) };
  }, [trimWidthMm, trimHeightMm]);
  const thumbnails = useThumbnails(photo, ids, size);
  const strip = useRef<HTMLFieldSetElement>(null);
  // What is chosen is seen, wherever in the strip it is.
  useLayoutEffect(() => {
    if (strip.current !== null) showChosen(strip.current);
  }, []);
  return (
    <fieldset ref={strip} className={styles.strip}>
      <legend className="visually-hidden">{t("design.filters")}</legend>
      {ids.map((id, index) => (
        <label key={id} className={classNames(styles.choice, id === chosen && styles.chosen)}>
          <input
            type="radio"
            className="covers-label"
            name={name}
            value={id}
            checked={id === chosen}
            onChange={() => store.getState().edit(filterPhoto(id === none ? null : { id, percent: 100 }))}
            onFocus={showFocused}
          />
          <Thumbnail thumbnails={thumbnails} index={index} size={size} isClear={photo.transparent} />
          <span>{id === none ? t("design.filter.none") : nameFilter(id, product, t, tag)}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface ThumbnailProps {
  readonly thumbnails: ImageBitmap | null;
  readonly index: number;
  readonly size: PhotoSize;
  readonly isClear: boolean;
}

function Thumbnail({ thumbnails, index, size, isClear }: ThumbnailProps): ReactNode {
  const ground = useDesignStore(({ design }) => colourBelow(design));
  const { widthPx, heightPx } = size;
  const draw = useCallback(
    (context: CanvasRenderingContext2D): void => {
      context.clearRect(0, 0, widthPx, heightPx);
      if (thumbnails !== null) context.drawImage(thumbnails, 0, -index * heightPx);
    },
    [thumbnails, index, widthPx, heightPx],
  );
  return (
    <canvas
      ref={useDrawing(draw)}
      aria-hidden="true"
      width={widthPx}
      height={heightPx}
      style={{ background: isClear && thumbnails !== null ? ground : undefined }}
    />
  );
}

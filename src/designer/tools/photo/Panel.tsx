import { type ReactNode, useCallback } from "react";
import { colourBelow } from "#design/design.ts";
import { invertAffine, photoToCard } from "#card/placement.ts";
import { seenEdges } from "#card/subject.ts";
import type { OpenPhoto } from "#image/client.ts";
import { useNumberFormat, useText } from "../../locales/text.tsx";
import { isGroundSeen, openPhotoOf, shownPreviewOf } from "../../store/design-store.ts";
import { useDesignStore, usePhoto } from "../../store/use-design-store.tsx";
import { Button } from "../../ui/Button.tsx";
import type { ToolPanelProps } from "../tool.ts";
import { Ground } from "./Ground.tsx";
import styles from "./Panel.module.css";
import { Suggestions } from "./Suggestions.tsx";
import { useDrawing } from "../use-drawing.ts";

/** The photo itself: the whole of it, with the part that is on the card, and the way to another. */
export function PhotoPanel({ onPickAnother }: ToolPanelProps): ReactNode {
  const t = useText();
  const number = useNumberFormat();
  const photo = useDesignStore(openPhotoOf);
  const showsGround = useDesignStore(isGroundSeen);
  if (photo === null) return null;
  return (
    <section className={styles.panel}>
      <div className={styles.row}>
        <Navigator photo={photo} />
        <div className={styles.words}>
          <h2 className={styles.title}>{t("design.yourPhoto")}</h2>
          <p className={styles.size}>
            {t("design.photoSize", { width: number.format(photo.widthPx), height: number.format(photo.heightPx) })}
          </p>
          <Button wide className={styles.another} onClick={onPickAnother}>
            {t("design.another")}
          </Button>
        </div>
      </div>
      <Suggestions photo={photo} />
      {photo.firstFrameOnly && <p className={styles.note}>{t("design.firstFrameOnly")}</p>}
      {photo.coloursMayDiffer && <p className={styles.note}>{t("design.coloursMayDiffer")}</p>}
      {showsGround && <Ground />}
    </section>
  );
}

/** The navigator fits into this, in CSS pixels. */
const navigatorBox = { widthPx: 112, heightPx: 68 };

/** The whole photo, small, with the card's outline where it cuts. */
function Navigator({ photo }: { readonly photo: OpenPhoto }): ReactNode {
  const t = useText();
  const ground = useDesignStore(({ design }) => colourBelow(design));
  const preview = useDesignStore((state) => shownPreviewOf(state, photo.sha256));
  const scale = Math.min(navigatorBox.widthPx / photo.widthPx, navigatorBox.heightPx / photo.heightPx);
  // A panorama or a ribbon stays thick enough to be seen.
  const widthPx = Math.max(24, Math.round(photo.widthPx * scale));
  const heightPx = Math.max(24, Math.round(photo.heightPx * scale));

  const draw = useCallback(
    (context: CanvasRenderingContext2D): void => {
      if (!preview?.width) return;
      context.imageSmoothingQuality = "high";
      context.clearRect(0, 0, context.canvas.width, context.canvas.height);
      context.drawImage(preview, 0, 0, context.canvas.width, context.canvas.height);
    },
    [preview],
  );

  return (
    <div className={styles.navigator} role="img" aria-label={t("design.navigator")}>
      <canvas
        ref={useDrawing(draw)}
        width={widthPx * 2}
        height={heightPx * 2}
        style={{ inlineSize: widthPx, blockSize: heightPx, background: photo.transparent ? ground : undefined }}
      />
      <CropOutline />
    </div>
  );
}

function CropOutline(): ReactNode {
  const product = useDesignStore((state) => state.product);
  const photo = usePhoto();
  if (photo === null) return null;
  const [a, b, c, d, e, f] = invertAffine(photoToCard(photo.placement, photo));
  const { left, top, right, bottom } = seenEdges(photo, product);
  const whole = `M0 0H${photo.widthPx}V${photo.heightPx}H0Z`;
  const corner = (x: number, y: number) => `${a * x + c * y + e} ${b * x + d * y + f}`;
  const cut = `M${corner(left, top)}L${corner(right, top)}L${corner(right, bottom)}L${corner(left, bottom)}Z`;
  const toPhoto = `matrix(${a} ${b} ${c} ${d} ${e} ${f})`;
  return (
    <svg className={styles.outline} viewBox={`0 0 ${photo.widthPx} ${photo.heightPx}`} preserveAspectRatio="none">
      <path className={styles.outside} fillRule="evenodd" d={`${whole}${cut}`} />
      <rect
        className={styles.card}
        transform={toPhoto}
        x={left}
        y={top}
        width={right - left}
        height={bottom - top}
        rx={photo.region === undefined ? product.cornerRadiusMm : 0}
      />
    </svg>
  );
}

import { type ReactNode, useId } from "react";
import { bleedSizeMm } from "#card/products.ts";
import type { PreviewPicture } from "../../flow/flow-state.ts";
import { useSession } from "../../flow/use-session.tsx";
import { useText } from "../../locales/text.tsx";
import { CardBox } from "../../ui/Workspace.tsx";
import styles from "./PreviewStage.module.css";

/** All that is printed, where it is cut, and how far the cut may go astray. */
export function CutLines({ picture }: { readonly picture: PreviewPicture }): ReactNode {
  const t = useText();
  const band = useId();
  const { product } = useSession();
  const { widthMm, heightMm } = bleedSizeMm(product);
  const { trimWidthMm, trimHeightMm, cornerRadiusMm, safeMarginMm } = product;
  const trim = { x: -trimWidthMm / 2, y: -trimHeightMm / 2, width: trimWidthMm, height: trimHeightMm };
  const safe = {
    x: trim.x + safeMarginMm,
    y: trim.y + safeMarginMm,
    width: trimWidthMm - 2 * safeMarginMm,
    height: trimHeightMm - 2 * safeMarginMm,
    rx: Math.max(cornerRadiusMm - safeMarginMm, 0.5),
  };
  return (
    <CardBox bleed className={styles.uncut}>
      <img className={styles.whole} src={picture.url} alt={t("preview.cut-label")} />
      <svg
        className={styles.lines}
        viewBox={`${-widthMm / 2} ${-heightMm / 2} ${widthMm} ${heightMm}`}
        aria-hidden="true"
      >
        <mask id={band}>
          <rect x={-widthMm / 2} y={-heightMm / 2} width={widthMm} height={heightMm} fill="#fff" />
          <rect {...safe} fill="#000" />
        </mask>
        <rect
          className={styles.band}
          x={-widthMm / 2}
          y={-heightMm / 2}
          width={widthMm}
          height={heightMm}
          mask={`url(#${band})`}
        />
        <rect className={styles.trim} {...trim} rx={cornerRadiusMm} />
        <rect className={styles.safe} {...safe} />
      </svg>
    </CardBox>
  );
}

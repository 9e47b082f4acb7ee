import type { ReactNode } from "react";
import { CardMockup } from "../card/CardMockup.tsx";
import { useText } from "../locales/text.tsx";
import { classNames } from "../ui/class-names.ts";
import { Icon } from "../ui/Icon.tsx";
import styles from "./EmptyCard.module.css";
import { leaveToHeading } from "./leave-to-heading.ts";
import { useDesigner } from "./use-flow.ts";

interface EmptyCardProps {
  readonly opening: boolean;
  /** A photo hangs over the page. */
  readonly isOver: boolean;
  readonly onBrowse: () => void;
}

/** The card before it has a photo: what it will look like, and where the photo goes. */
export function EmptyCard({ opening, isOver, onBrowse }: EmptyCardProps): ReactNode {
  const t = useText();
  const { product, issuerName } = useDesigner();
  const hasMouse = matchMedia("(any-hover: hover)").matches;
  const upright = product.trimHeightMm > product.trimWidthMm;
  return (
    <div
      className={classNames(styles.frame, upright && styles.upright, isOver && styles.over, opening && styles.opening)}
    >
      <CardMockup className={styles.card} product={product} issuerName={issuerName} />
      {!opening && (
        <button ref={leaveToHeading} type="button" className={styles.target} onClick={onBrowse}>
          <span className={styles.words}>
            <Icon name="photo" size={28} />
            <strong>{t(isOver ? "pick.release" : hasMouse ? "pick.drop" : "pick.tap")}</strong>
            {!isOver && <span>{t(hasMouse ? "pick.drop-or" : "pick.tap-or")}</span>}
          </span>
        </button>
      )}
    </div>
  );
}

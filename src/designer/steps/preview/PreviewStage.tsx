import { type ReactNode, useId } from "react";
import type { PreviewPicture } from "../../flow/flow-state.ts";
import { useText } from "../../locales/text.tsx";
import { classNames } from "../../ui/class-names.ts";
import { PreviewCard } from "../PreviewCard.tsx";
import { CutLines } from "./CutLines.tsx";
import styles from "./PreviewStage.module.css";
import { ScreenScaleControls, TrueSize, useScreenScale } from "./TrueSize.tsx";

/** What can be seen of the finished card. */
const views = ["front", "back", "true-size", "cut"] as const;
export type PreviewView = (typeof views)[number];

interface PreviewStageProps {
  readonly picture: PreviewPicture;
  readonly view: PreviewView;
  readonly onView: (view: PreviewView) => void;
}

/** The finished card, to be turned over, measured, and looked at before it is cut. */
export function PreviewStage({ picture, view, onView }: PreviewStageProps): ReactNode {
  const scale = useScreenScale();
  const isTrueSize = view === "true-size";
  return (
    <>
      <div className={styles.shown}>
        {isTrueSize && <TrueSize picture={picture} step={scale.step} />}
        {view === "cut" && <CutLines picture={picture} />}
        {(view === "front" || view === "back") && <PreviewCard picture={picture} side={view} />}
      </div>
      <div className={classNames(styles.controls, isTrueSize && styles.docked)}>
        {isTrueSize && <ScreenScaleControls {...scale} />}
        <Views view={view} onView={onView} />
      </div>
    </>
  );
}

function Views({ view, onView }: Pick<PreviewStageProps, "view" | "onView">): ReactNode {
  const t = useText();
  const name = useId();
  return (
    <fieldset className={styles.views}>
      <legend className="visually-hidden">{t("preview.views")}</legend>
      {views.map((value) => (
        <label key={value} className={classNames(styles.view, value === view && styles.chosen)}>
          <input
            type="radio"
            className="covers-label"
            name={name}
            value={value}
            checked={value === view}
            onChange={() => onView(value)}
          />
          <span>{t(`preview.view.${value}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}

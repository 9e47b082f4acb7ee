import { type ReactNode, useEffect, useId, useState } from "react";
import { findElement } from "#design/element-edits.ts";
import { ElementControls } from "../../elements/ElementControls.tsx";
import { useNumberFormat, useText } from "../../locales/text.tsx";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Icon, type IconName } from "../../ui/Icon.tsx";
import { Slider } from "../../ui/Slider.tsx";
import { ColourChoice } from "../ColourChoice.tsx";
import { isDrawingFull, loadEraser } from "./lay-drawn.ts";
import styles from "./Panel.module.css";
import { type Pen, type Tip, tips } from "./pens.ts";
import { laterIcons } from "../../ui/later-icons.ts";

const firstPen: Pen = { tip: "marker", fill: "#c0272d", steady: 40 };

const icons: Readonly<Record<Hold, IconName>> = {
  fine: laterIcons.pencil,
  marker: laterIcons.marker,
  brush: laterIcons.brush,
  eraser: laterIcons.eraser,
  move: laterIcons.move,
};

/** What the hand holds: a pen, or what lies on the card. */
type Hold = Tip | "move";

/** Pens to draw with on the card, and an eraser. */
export function DrawingPanel(): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const isFull = useDesignStore(({ design }) => isDrawingFull(design));
  // Whoever has taken hold of a drawing does not want to draw over it.
  const [hold, setHold] = useState<Hold>(() => {
    const { design, selection } = store.getState();
    return findElement(design, selection)?.kind === "drawing" ? "move" : firstPen.tip;
  });
  const [{ fill, steady }, setPen] = useState<Pick<Pen, "fill" | "steady">>(firstPen);
  useEffect(() => {
    store.getState().takePen(hold === "move" ? null : { tip: hold, fill, steady });
  }, [store, hold, fill, steady]);
  useEffect(() => () => store.getState().takePen(null), [store]);
  const isErasing = hold === "eraser";
  const [cannotRub, setCannotRub] = useState(false);
  useEffect(() => {
    loadEraser().then(
      () => setCannotRub(false),
      () => setCannotRub(isErasing),
    );
  }, [isErasing]);
  const draws = hold !== "move" && !isErasing;
  return (
    <section className={styles.panel}>
      <Holds hold={hold} onHold={setHold} />
      <p className={styles.help}>{t(hold === "move" ? "design.drawing.helpMove" : "design.drawing.help")}</p>
      {cannotRub && isErasing && <p className={styles.full}>{t("design.drawing.said.not-rubbed")}</p>}
      {isFull && <p className={styles.full}>{t("design.drawing.said.full")}</p>}
      {draws && (
        <ColourChoice
          label={t("design.drawing.colour")}
          colour={fill}
          onChoose={(to) => setPen((pen) => ({ ...pen, fill: to }))}
        />
      )}
      {hold !== "move" && <Steady steady={steady} onSteady={(to) => setPen((pen) => ({ ...pen, steady: to }))} />}
      {hold !== "move" && <p className={styles.help}>{t("design.drawing.helpKeys")}</p>}
      <ElementControls />
    </section>
  );
}

interface HoldsProps {
  readonly hold: Hold;
  readonly onHold: (hold: Hold) => void;
}

function Holds({ hold, onHold }: HoldsProps): ReactNode {
  const t = useText();
  const name = useId();
  return (
    <fieldset className={styles.holds}>
      <legend className="visually-hidden">{t("design.drawing.pens")}</legend>
      <div className={styles.row}>
        {([...tips, "move"] as const).map((each) => (
          <label key={each} className={classNames(styles.hold, each === hold && styles.chosen)}>
            <input
              type="radio"
              className="covers-label"
              name={name}
              value={each}
              checked={each === hold}
              onChange={() => onHold(each)}
            />
            <Icon name={icons[each]} size={24} />
            <span>{t(`design.drawing.${each}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface SteadyProps {
  readonly steady: number;
  readonly onSteady: (steady: number) => void;
}

function Steady({ steady, onSteady }: SteadyProps): ReactNode {
  const t = useText();
  const number = useNumberFormat({ style: "percent" });
  const label = t("design.drawing.steady");
  return (
    <div className={styles.steady}>
      <span className={styles.label} aria-hidden="true">
        {label}
      </span>
      <Slider
        label={label}
        value={steady}
        min={0}
        max={100}
        step={5}
        valueText={number.format(steady / 100)}
        onChange={onSteady}
      />
    </div>
  );
}

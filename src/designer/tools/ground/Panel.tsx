import { type CSSProperties, type ReactNode, useCallback, useId } from "react";
import { type Ground, isGradient, listStops } from "#design/ground.ts";
import { groundPolicyOf } from "#design/ground-policy.ts";
import { useText } from "../../locales/text.tsx";
import { changeGround, type GestureOwner, isGroundFixed } from "../../store/design-store.ts";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { Button } from "../../ui/Button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Icon } from "../../ui/Icon.tsx";
import { ColourChoice } from "../ColourChoice.tsx";
import { directions, gradients, isLight, nameInPalette } from "../grounds.ts";
import type { ToolPanelProps } from "../tool.ts";
import styles from "./Panel.module.css";
import { laterIcons } from "../../ui/later-icons.ts";

/** What covers a card without a photo: one of a few colours, any other, or a gradient of two. */
export function GroundPanel({ onPickAnother }: ToolPanelProps): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const ground = useDesignStore(({ design }) => design.ground);
  const choose = useCallback((to: Ground, by?: GestureOwner) => changeGround(store.getState(), to, by), [store]);
  const isFixed = useDesignStore(isGroundFixed);
  const palette = useDesignStore(({ product }) => groundPolicyOf(product));
  return (
    <section className={styles.panel}>
      {isFixed ? (
        <p className={styles.fixed}>{t("design.ground.byBank")}</p>
      ) : (
        <>
          <ColourChoice
            label={t("design.ground.colours")}
            palette={palette?.colours}
            colour={isGradient(ground) ? null : ground}
            onChoose={choose}
          />
          <Gradients ground={ground} onChoose={choose} />
          {isGradient(ground) && <Directions ground={ground} onChoose={choose} />}
        </>
      )}
      <Button wide icon="photo" onClick={onPickAnother}>
        {t("design.ground.photo")}
      </Button>
    </section>
  );
}

interface ChoiceProps<Chosen extends Ground> {
  readonly ground: Chosen;
  readonly onChoose: (ground: Ground) => void;
}

const firstAngleDeg = 45;

function Gradients({ ground, onChoose }: ChoiceProps<Ground>): ReactNode {
  const t = useText();
  const [name, labelId] = [useId(), useId()];
  const angleDeg = isGradient(ground) ? ground.angleDeg : firstAngleDeg;
  const palette = useDesignStore(({ product }) => groundPolicyOf(product));
  const offered = palette === undefined ? gradients : (palette.gradients ?? []);
  if (offered.length === 0) return null;
  return (
    <div>
      <span id={labelId} className={styles.label}>
        {t("design.ground.gradients")}
      </span>
      <div className={styles.gradients} role="radiogroup" aria-labelledby={labelId}>
        {offered.map((colours) => {
          const gradient = { ...colours, angleDeg };
          const isChosen = isGradient(ground) && ground.from === colours.from && ground.to === colours.to;
          return (
            <label
              key={`${colours.from}${colours.to}`}
              className={classNames(styles.choice, isChosen && styles.chosen)}
            >
              <input
                type="radio"
                className="covers-label"
                name={name}
                aria-label={nameInPalette(gradient, t)}
                title={nameInPalette(gradient, t)}
                checked={isChosen}
                onChange={() => onChoose(gradient)}
              />
              <span className={styles.swatch} style={swatchOf(gradient)} aria-hidden="true">
                {isChosen && <Icon name="check" size={18} />}
              </span>
            </label>
          );
        })}
      </div>
    </div>
  );
}

/** Close enough to what is printed that nobody sees a difference in a swatch. */
function swatchOf({ from, to, angleDeg }: Exclude<Ground, string>): CSSProperties {
  const stops = listStops({ from, to }, 9);
  return {
    // CSS counts from the top.
    background: `linear-gradient(${angleDeg + 90}deg, ${stops.join(", ")})`,
    color: isLight(stops[4] as string) ? "#000" : "#fff",
  };
}

/** Where it runs, on the card and not in the text: a card has no reading direction. */
function Directions({ ground, onChoose }: ChoiceProps<Exclude<Ground, string>>): ReactNode {
  const t = useText();
  const [name, labelId] = [useId(), useId()];
  return (
    <div className={styles.row}>
      <div className={styles.directions} dir="ltr" role="radiogroup" aria-labelledby={labelId}>
        <span id={labelId} className="visually-hidden">
          {t("design.ground.direction")}
        </span>
        {directions.map(({ angleDeg, nameId }) => {
          const isChosen = ground.angleDeg === angleDeg;
          return (
            <label key={angleDeg} className={classNames(styles.direction, isChosen && styles.chosen)}>
              <input
                type="radio"
                className="covers-label"
                name={name}
                aria-label={t(nameId)}
                title={t(nameId)}
                checked={isChosen}
                onChange={() => onChoose({ ...ground, angleDeg })}
              />
              <span className={styles.arrow} style={{ transform: `rotate(${angleDeg}deg)` }} aria-hidden="true">
                <Icon name={laterIcons.towards} size={22} />
              </span>
            </label>
          );
        })}
      </div>
      <Button
        variant="icon"
        icon={laterIcons.flip}
        aria-label={t("design.ground.swap")}
        title={t("design.ground.swap")}
        onClick={() => onChoose({ from: ground.to, to: ground.from, angleDeg: ground.angleDeg })}
      />
    </div>
  );
}

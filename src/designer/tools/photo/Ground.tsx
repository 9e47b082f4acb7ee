import { type CSSProperties, type ReactNode, useEffect, useId, useRef } from "react";
import { useText } from "../../locales/text.tsx";
import { changeGround, colourGesture } from "../../store/design-store.ts";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Icon } from "../../ui/Icon.tsx";
import styles from "./Ground.module.css";
import { grounds, isLight, isOffered, nameGround } from "./grounds.ts";

/** The colour behind a photo that lets it through: one of a few, or any. */
export function Ground(): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const ground = useDesignStore(({ design }) => design.ground);
  const [name, labelId, helpId] = [useId(), useId(), useId()];
  return (
    <div className={styles.ground} role="group" aria-labelledby={labelId} aria-describedby={helpId}>
      <div className={styles.head}>
        <span id={labelId} className={styles.label}>
          {t("design.ground")}
        </span>
        <span className={styles.chosenName}>{nameGround(ground, t)}</span>
      </div>
      <p id={helpId} className={styles.help}>
        {t("design.ground.help")}
      </p>
      <div className={styles.choices}>
        <div className={styles.offered} role="radiogroup" aria-labelledby={labelId}>
          {grounds.map((offered) => (
            <label
              key={offered.ground}
              className={classNames(styles.choice, offered.ground === ground && styles.chosen)}
            >
              <input
                type="radio"
                className="covers-label"
                name={name}
                value={offered.ground}
                aria-label={t(offered.nameId)}
                title={t(offered.nameId)}
                checked={offered.ground === ground}
                onChange={() => changeGround(store.getState(), offered.ground)}
              />
              <Swatch ground={offered.ground} chosen={offered.ground === ground} />
            </label>
          ))}
        </div>
        <OtherColour ground={ground} />
      </div>
    </div>
  );
}

/** The browser's own picker. What is tried in it until it closes is one step of undo. */
function OtherColour({ ground }: { readonly ground: string }): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const input = useRef<HTMLInputElement>(null);
  const isOwn = !isOffered(ground);
  useEffect(() => {
    const picker = input.current;
    const end = (): void => {
      const { endGesture } = store.getState();
      if (picker !== null) changeGround(store.getState(), picker.value, colourGesture);
      endGesture(colourGesture);
    };
    // React's `onChange` is told of each colour on the way, and not of the last one.
    picker?.addEventListener("change", end);
    return () => picker?.removeEventListener("change", end);
  }, [store]);
  return (
    <label className={classNames(styles.choice, styles.other, isOwn && styles.chosen)}>
      <input
        ref={input}
        type="color"
        className="covers-label"
        value={ground}
        aria-label={t("design.ground.other")}
        onChange={({ currentTarget, nativeEvent }) => {
          if (nativeEvent.type !== "input") return;
          store.getState().beginGesture(colourGesture);
          changeGround(store.getState(), currentTarget.value, colourGesture);
        }}
        onBlur={() => store.getState().endGesture(colourGesture)}
      />
      <Swatch ground={isOwn ? ground : null} chosen={isOwn} />
      <span>{t("design.ground.other")}</span>
    </label>
  );
}

interface SwatchProps {
  /** Null stands for all colours. */
  readonly ground: string | null;
  readonly chosen: boolean;
}

function Swatch({ ground, chosen }: SwatchProps): ReactNode {
  const style = { "--ground": ground, "--mark": isLight(ground ?? "#ffffff") ? "#000" : "#fff" } as CSSProperties;
  return (
    <span className={classNames(styles.swatch, ground === null && styles.all)} style={style} aria-hidden="true">
      {chosen && <Icon name="check" size={18} />}
    </span>
  );
}

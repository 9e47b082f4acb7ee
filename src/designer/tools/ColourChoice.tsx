import { type CSSProperties, type ReactNode, useEffect, useId, useRef } from "react";
import { useText } from "../locales/text.tsx";
import { colourGesture } from "../store/design-store.ts";
import { useDesignStoreApi } from "../store/use-design-store.tsx";
import { classNames } from "../ui/class-names.ts";
import { Icon } from "../ui/Icon.tsx";
import styles from "./ColourChoice.module.css";
import { grounds, isLight, isOffered, nameGround, nameInPalette } from "./grounds.ts";

interface ColourChoiceProps {
  readonly label: string;
  /** What it is for, where that has to be said. */
  readonly help?: string;
  /** `#rrggbb`, lower case; null where it is none. */
  readonly colour: string | null;
  /** The only ones that there are; without it a few of ours, and any. */
  readonly palette?: readonly string[] | undefined;
  /** With `by` it is one of those tried in the browser's picker, which are one step of undo. */
  readonly onChoose: (colour: string, by?: typeof colourGesture) => void;
}

/** One of a few colours, or any. */
export function ColourChoice({ label, help, colour, palette, onChoose }: ColourChoiceProps): ReactNode {
  const t = useText();
  const offered = palette ?? grounds.map(({ ground }) => ground);
  const [name, labelId, helpId] = [useId(), useId(), useId()];
  const described = help === undefined ? undefined : helpId;
  return (
    <div className={styles.colours} role="group" aria-labelledby={labelId} aria-describedby={described}>
      <div className={styles.head}>
        <span id={labelId} className={styles.label}>
          {label}
        </span>
        <span className={styles.chosenName}>
          {colour === null ? "" : palette === undefined ? nameGround(colour, t) : nameInPalette(colour, t)}
        </span>
      </div>
      {help !== undefined && (
        <p id={helpId} className={styles.help}>
          {help}
        </p>
      )}
      <div className={styles.choices}>
        <div className={styles.offered} role="radiogroup" aria-labelledby={labelId}>
          {offered.map((ground) => (
            <label key={ground} className={classNames(styles.choice, ground === colour && styles.chosen)}>
              <input
                type="radio"
                className="covers-label"
                name={name}
                value={ground}
                aria-label={nameInPalette(ground, t)}
                title={nameInPalette(ground, t)}
                checked={ground === colour}
                onChange={() => onChoose(ground)}
              />
              <Swatch colour={ground} chosen={ground === colour} />
            </label>
          ))}
        </div>
        {palette === undefined && <OtherColour colour={colour} onChoose={onChoose} />}
      </div>
    </div>
  );
}

/** The browser's own picker. What is tried in it until it closes is one step of undo. */
function OtherColour({ colour, onChoose }: Pick<ColourChoiceProps, "colour" | "onChoose">): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const input = useRef<HTMLInputElement>(null);
  const isOwn = colour !== null && !isOffered(colour);
  useEffect(() => {
    const picker = input.current;
    const end = (): void => {
      const { endGesture } = store.getState();
      if (picker !== null) onChoose(picker.value, colourGesture);
      endGesture(colourGesture);
    };
    // React's `onChange` is told of each colour on the way, and not of the last one.
    picker?.addEventListener("change", end);
    return () => picker?.removeEventListener("change", end);
  }, [store, onChoose]);
  return (
    <label className={classNames(styles.choice, styles.other, isOwn && styles.chosen)}>
      <input
        ref={input}
        type="color"
        className="covers-label"
        value={colour ?? "#ffffff"}
        aria-label={t("design.ground.other")}
        onChange={({ currentTarget, nativeEvent }) => {
          if (nativeEvent.type !== "input") return;
          store.getState().beginGesture(colourGesture);
          onChoose(currentTarget.value, colourGesture);
        }}
        onBlur={() => store.getState().endGesture(colourGesture)}
      />
      <Swatch colour={isOwn ? colour : null} chosen={isOwn} />
      <span>{t("design.ground.other")}</span>
    </label>
  );
}

interface SwatchProps {
  /** Null stands for all colours. */
  readonly colour: string | null;
  readonly chosen: boolean;
}

function Swatch({ colour, chosen }: SwatchProps): ReactNode {
  const style = { "--ground": colour, "--mark": isLight(colour ?? "#ffffff") ? "#000" : "#fff" } as CSSProperties;
  return (
    <span className={classNames(styles.swatch, colour === null && styles.all)} style={style} aria-hidden="true">
      {chosen && <Icon name="check" size={18} />}
    </span>
  );
}

import { type KeyboardEvent, memo, type ReactNode, useRef, useState } from "react";
import { findSticker } from "#design/stickers/stickers.ts";
import { useLocale } from "../../locales/text.tsx";
import styles from "./StickerGrid.module.css";

interface ShownSticker {
  readonly name: string;
  readonly title: string;
}

interface StickerGridProps {
  readonly label: string;
  readonly stickers: readonly ShownSticker[];
  readonly onPick: (name: string) => void;
}

/** One stop of the Tab key; the arrow keys lead from sticker to sticker. */
export function StickerGrid({ label, stickers, onPick }: StickerGridProps): ReactNode {
  const { direction } = useLocale();
  const grid = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState(0);
  const move = (event: KeyboardEvent): void => {
    const buttons = [...(grid.current?.querySelectorAll("button") ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const to = at < 0 ? undefined : keyTarget(event.key, at, buttons, direction === "rtl");
    if (to === undefined) return;
    event.preventDefault();
    setStop(to);
    buttons[to]?.focus();
  };
  return (
    <div ref={grid} className={styles.grid} role="toolbar" aria-label={label} tabIndex={-1} onKeyDown={move}>
      {stickers.map(({ name, title }, index) => (
        <StickerButton key={name} name={name} title={title} isStop={index === stop} onPick={onPick} />
      ))}
    </div>
  );
}

/** Where a key leads from there; undefined where it leads nowhere. */
function keyTarget(key: string, at: number, buttons: readonly HTMLElement[], isRtl: boolean): number | undefined {
  const last = buttons.length - 1;
  const columns = buttons.filter(({ offsetTop }) => offsetTop === buttons[0]?.offsetTop).length;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: isRtl ? -1 : 1,
    ArrowLeft: isRtl ? 1 : -1,
    ArrowDown: columns,
    ArrowUp: -columns,
    Home: -at,
    End: last - at,
  };
  const step = steps[key];
  if (step === undefined) return undefined;
  const to = at + step;
  return to < 0 || to > last ? at : to;
}

interface StickerButtonProps extends ShownSticker {
  readonly isStop: boolean;
  readonly onPick: (name: string) => void;
}

const StickerButton = memo(function StickerButton({ name, title, isStop, onPick }: StickerButtonProps): ReactNode {
  const art = findSticker(name);
  if (art === undefined) return null;
  return (
    <button
      type="button"
      className={styles.sticker}
      aria-label={title}
      title={title}
      tabIndex={isStop ? 0 : -1}
      onClick={() => onPick(name)}
    >
      <svg viewBox={`0 0 ${art.width} ${art.height}`} aria-hidden="true">
        {art.ops.map(({ path, fill, rule }, index) => (
          <path key={index} d={path} fill={fill} fillRule={rule} />
        ))}
      </svg>
    </button>
  );
});

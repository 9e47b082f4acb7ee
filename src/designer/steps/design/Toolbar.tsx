import type { ReactNode } from "react";
import { fit, mirror, quarterTurn, zoomBy } from "#design/edits.ts";
import { useText } from "../../locales/text.tsx";
import { useChangePhoto, useDesignStore, useDesignStoreApi, useHasPhoto } from "../../store/use-design-store.tsx";
import { isPhotoPlaced } from "../../store/photo-locks.ts";
import { useZoom, ZoomSlider } from "../../tools/ZoomSlider.tsx";
import { Button } from "../../ui/Button.tsx";
import styles from "./Toolbar.module.css";
import { laterIcons } from "../../ui/later-icons.ts";

const zoomStep = 1.1;

/** The tools that float under the card: those of the photo only where there is one that may be moved. */
export function Toolbar(): ReactNode {
  const t = useText();
  const hasPhoto = useHasPhoto();
  const isFixed = useDesignStore(isPhotoPlaced);
  return (
    <div className={styles.toolbar} role="group" aria-label={t("design.tools")}>
      <HistoryButtons />
      {hasPhoto && !isFixed && <PhotoTools />}
    </div>
  );
}

function PhotoTools(): ReactNode {
  const t = useText();
  const change = useChangePhoto();
  return (
    <>
      <span className={styles.line} />
      <ZoomTools />
      <span className={styles.line} />
      <ToolbarButton
        icon={laterIcons["turn-right"]}
        label={t("design.turnRight")}
        onClick={() => change(quarterTurn(1))}
      />
      <ToolbarButton
        icon={laterIcons.flip}
        label={t("design.flip")}
        className={styles.wideOnly}
        onClick={() => change(mirror())}
      />
      <ToolbarButton icon={laterIcons.fit} label={t("design.fit")} onClick={() => change(fit())} />
    </>
  );
}

interface ToolbarButtonProps {
  readonly icon: Parameters<typeof Button>[0]["icon"];
  readonly label: string;
  readonly className?: string | undefined;
  /** Stays focusable, so that the keyboard does not lose its place. */
  readonly unavailable?: boolean;
  readonly onClick: () => void;
}

function ToolbarButton({ icon, label, className, unavailable = false, onClick }: ToolbarButtonProps): ReactNode {
  return (
    <Button
      variant="icon"
      icon={icon}
      aria-label={label}
      title={label}
      aria-disabled={unavailable}
      className={className ?? ""}
      onClick={unavailable ? undefined : onClick}
    />
  );
}

function HistoryButtons(): ReactNode {
  const t = useText();
  const canUndo = useDesignStore((state) => state.canUndo);
  const canRedo = useDesignStore((state) => state.canRedo);
  const { undo, redo } = useDesignStoreApi().getState();
  return (
    <>
      <ToolbarButton icon={laterIcons.undo} label={t("design.undo")} unavailable={!canUndo} onClick={undo} />
      <ToolbarButton icon={laterIcons.redo} label={t("design.redo")} unavailable={!canRedo} onClick={redo} />
    </>
  );
}

function ZoomTools(): ReactNode {
  const t = useText();
  const change = useChangePhoto();
  const { text } = useZoom();
  return (
    <>
      <ToolbarButton
        icon={laterIcons.minus}
        label={t("design.zoomOut")}
        className={styles.roomOnly}
        onClick={() => change(zoomBy(1 / zoomStep))}
      />
      <ZoomSlider className={styles.slider} />
      <ToolbarButton
        icon={laterIcons.plus}
        label={t("design.zoomIn")}
        className={styles.roomOnly}
        onClick={() => change(zoomBy(zoomStep))}
      />
      <span className={styles.percent} aria-hidden="true">
        {text}
      </span>
    </>
  );
}

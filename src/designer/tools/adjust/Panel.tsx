import type { ReactNode } from "react";
import { useText } from "#designer/locales/text.tsx";
import { Button } from "#designer/ui/Button.tsx";
import { Checkbox } from "#designer/ui/Checkbox.tsx";
import { mirror, quarterTurn } from "../../store/edits.ts";
import { useDesignStore } from "../../store/use-design-store.tsx";
import type { ToolPanelProps } from "../tool.ts";
import styles from "./Panel.module.css";
import { PositionRow } from "./PositionRow.tsx";
import { TurnRow, ZoomRow } from "./SliderRow.tsx";

/** Every gesture once more, with numbers. */
export function AdjustPanel({ guidesAlways, onGuidesAlways }: ToolPanelProps): ReactNode {
  const t = useText();
  const edit = useDesignStore((state) => state.edit);
  return (
    <section className={styles.panel}>
      <ZoomRow />
      <TurnRow />
      <div className={styles.buttons}>
        <Button icon="turn-left" aria-label={t("design.turnLeft")} onClick={() => edit(quarterTurn(-1))}>
          <span aria-hidden="true">90°</span>
        </Button>
        <Button icon="turn-right" aria-label={t("design.turnRight")} onClick={() => edit(quarterTurn(1))}>
          <span aria-hidden="true">90°</span>
        </Button>
        <Button icon="flip" onClick={() => edit(mirror())}>
          {t("design.flip")}
        </Button>
      </div>
      <PositionRow />
      <Checkbox checked={guidesAlways} onChange={onGuidesAlways}>
        {t("design.guides")}
      </Checkbox>
    </section>
  );
}

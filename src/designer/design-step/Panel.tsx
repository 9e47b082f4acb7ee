import { type ReactNode, useId, useState } from "react";
import { useText } from "#designer/locales/text.tsx";
import { announce } from "#designer/ui/announce.ts";
import { Button } from "#designer/ui/Button.tsx";
import { Segmented } from "#designer/ui/Segmented.tsx";
import { useDesign } from "../store/use-design.ts";
import type { ToolPanelProps } from "../tools/tool.ts";
import { type ToolId, tools } from "../tools/tools.ts";
import { Findings } from "./Findings.tsx";
import { judgeSharpness } from "./findings.ts";
import styles from "./Panel.module.css";

interface PanelProps extends ToolPanelProps {
  readonly onPreview: () => void;
}

/** Beside the card, or under it: the tools' panels, what the checks say, and the one thing to do next. */
export function Panel({ onPreview, ...tool }: PanelProps): ReactNode {
  const t = useText();
  const { photo, placement, product } = useDesign((state) => state);
  const [toolId, setToolId] = useState<ToolId>("photo");
  const findingId = useId();
  if (photo === null || placement === null) return null;
  const sharpness = judgeSharpness(placement, photo, product);
  const refused = sharpness.kind === "too-soft";
  const ToolPanel = tools.find(({ id }) => id === toolId)?.Panel;
  const sayWhy = () => announce(document.getElementById(findingId)?.textContent ?? "");
  return (
    <aside className={styles.panel} aria-label={t("design.title")}>
      <header className={styles.head}>
        <h2>{t("design.title")}</h2>
        <p className={styles.help}>{t("design.help")}</p>
      </header>
      <Segmented
        label={t("design.tabs")}
        options={tools.map(({ id, labelId }) => ({ value: id, label: t(labelId) }))}
        value={toolId}
        onChange={setToolId}
      />
      {ToolPanel !== undefined && <ToolPanel {...tool} />}
      <Findings id={findingId} sharpness={sharpness} />
      <footer className={styles.next}>
        <Button
          variant="primary"
          wide
          aria-disabled={refused}
          aria-describedby={refused ? findingId : undefined}
          onClick={refused ? sayWhy : onPreview}
        >
          {t("design.next")}
        </Button>
      </footer>
    </aside>
  );
}

import { type ReactNode, useState } from "react";
import { useText } from "../locales/text.tsx";
import type { ToolPanelProps } from "../tools/tool.ts";
import { type ToolId, tools } from "../tools/tools.ts";
import { Segmented } from "../ui/Segmented.tsx";
import { Findings } from "./Findings.tsx";
import styles from "./Panel.module.css";

/** Beside the card, or under it: the tools' panels and what the checks say. */
export function Panel(props: ToolPanelProps): ReactNode {
  const t = useText();
  const [toolId, setToolId] = useState<ToolId>("photo");
  const ToolPanel = tools.find(({ id }) => id === toolId)?.Panel;
  return (
    <>
      <div className={styles.head}>
        {/* The step's heading is the app's, where a screen reader lands; this is how it looks. */}
        <p className={styles.title} aria-hidden="true">
          {t("design.title")}
        </p>
        <p className={styles.help}>{t("design.help")}</p>
      </div>
      <Segmented
        label={t("design.tabs")}
        options={tools.map(({ id, labelId }) => ({ value: id, label: t(labelId) }))}
        value={toolId}
        onChange={setToolId}
      />
      {ToolPanel !== undefined && <ToolPanel {...props} />}
      <Findings />
    </>
  );
}

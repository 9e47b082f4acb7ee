import { type ReactNode, useEffect, useState } from "react";
import { useText } from "../../locales/text.tsx";
import { useDesignStoreApi } from "../../store/use-design-store.tsx";
import type { ToolPanelProps } from "../../tools/tool.ts";
import { type ToolId, tools } from "../../tools/tools.ts";
import { Button } from "../../ui/Button.tsx";
import { announce } from "../../ui/LiveRegion.tsx";
import { Segmented } from "../../ui/Segmented.tsx";
import { useChangeAnnouncements } from "./announcements.ts";
import { Checks, checksId, focusMarked } from "./Checks.tsx";
import { EditableCard } from "./canvas/EditableCard.tsx";
import { attachHistoryKeys } from "./canvas/input-keys.ts";
import type { CheckMark } from "./check-marks.ts";
import { DesignLayout } from "./DesignLayout.tsx";
import styles from "./DesignStep.module.css";
import { Toolbar } from "./Toolbar.tsx";
import { useChecks } from "./use-checks.ts";

interface DesignStepProps {
  /** Otherwise it stands there unseen. */
  readonly isShown: boolean;
  readonly onPreview: () => void;
  readonly onPickAnother: () => void;
  readonly issuerName?: string | undefined;
  readonly onStageFailed?: (error: unknown) => void;
}

/** The step in which the photo is placed on the card. */
export function DesignStep({
  isShown,
  onPreview,
  onPickAnother,
  issuerName,
  onStageFailed,
}: DesignStepProps): ReactNode {
  const store = useDesignStoreApi();
  const [guidesAlways, setGuidesAlways] = useState(false);
  const [mark, setMark] = useState<CheckMark | null>(null);
  useEffect(() => (isShown ? attachHistoryKeys(store) : undefined), [store, isShown]);
  useChangeAnnouncements();
  return (
    <DesignLayout
      card={
        <EditableCard
          isShown={isShown}
          guidesAlways={guidesAlways}
          mark={mark}
          onMarkTap={focusMarked}
          issuerName={issuerName}
          onStageFailed={onStageFailed}
        />
      }
      toolbar={<Toolbar />}
      panel={
        <>
          <Panel guidesAlways={guidesAlways} onGuidesAlways={setGuidesAlways} onPickAnother={onPickAnother} />
          <Checks onMark={setMark} />
        </>
      }
      actions={<NextAction onPreview={onPreview} />}
    />
  );
}

/** Beside the card, or under it: the tools' panels. */
function Panel(props: ToolPanelProps): ReactNode {
  const t = useText();
  const [toolId, setToolId] = useState<ToolId>("photo");
  const ToolPanel = tools.find(({ id }) => id === toolId)?.Panel;
  return (
    <>
      <Segmented
        label={t("design.tabs")}
        options={tools.map(({ id, labelId }) => ({ value: id, label: t(labelId) }))}
        value={toolId}
        onChange={setToolId}
      />
      {ToolPanel !== undefined && <ToolPanel {...props} />}
    </>
  );
}

/** On to the print preview, unless the crop cannot be printed; then the button says why. */
function NextAction({ onPreview }: { readonly onPreview: () => void }): ReactNode {
  const t = useText();
  const refused = useChecks().some((check) => check.refused);
  const announceWhy = () => {
    const why = document.querySelector<HTMLElement>(`#${checksId} [data-tone="problem"]`);
    announce((why?.innerText ?? "").replaceAll(/\s*\n\s*/g, ". "));
  };
  return (
    <Button
      variant="primary"
      wide
      className={styles.next}
      aria-disabled={refused}
      aria-describedby={refused ? checksId : undefined}
      onClick={refused ? announceWhy : onPreview}
    >
      {t("design.next")}
    </Button>
  );
}

import { type ReactNode, useEffect, useState } from "react";
import { findElement } from "#design/element-edits.ts";
import { useText } from "../../locales/text.tsx";
import { findPart } from "#design/templates/template.ts";
import { type DesignState, templateOf } from "../../store/design-store.ts";
import { factsOf } from "../../store/photo-facts.ts";
import { useDesignStore, useDesignStoreApi, useHasPhoto } from "../../store/use-design-store.tsx";
import { firstTool, type ToolId, toolOfKind, toolsOf } from "../../tools/tools.ts";
import { Button } from "../../ui/Button.tsx";
import { announce } from "../../ui/LiveRegion.tsx";
import { useChangeAnnouncements } from "./announcements.ts";
import { Checks, checksId, focusMarked } from "./Checks.tsx";
import { EditableCard } from "./canvas/EditableCard.tsx";
import { attachHistoryKeys } from "./canvas/input-keys.ts";
import type { CheckMark } from "./check-marks.ts";
import { checksOf } from "./design-checks.ts";
import { DesignLayout } from "./DesignLayout.tsx";
import styles from "./DesignStep.module.css";
import { MissingFilter } from "./MissingFilter.tsx";
import { Toolbar } from "./Toolbar.tsx";
import { useChecks } from "./use-checks.ts";

interface DesignStepProps {
  /** Otherwise it stands there unseen. */
  readonly isShown: boolean;
  readonly onPreview: () => void;
  readonly onPickAnother: () => void;
  /** What happened and what to do about it; of what the photo's own tool says too, no more than its title while another tool is shown. */
  readonly notice?: (isBrief: boolean) => ReactNode;
  /** How far the preview is, over the button that asks for it. */
  readonly progress?: ReactNode;
  /** What is kept of all this. */
  readonly kept?: ReactNode;
  readonly issuerName?: string | undefined;
  readonly onStageFailed?: (error: unknown) => void;
}

/** The step in which the photo is placed on the card. */
export function DesignStep(props: DesignStepProps): ReactNode {
  const { isShown, onPreview, onPickAnother, notice, progress, kept, issuerName, onStageFailed } = props;
  const store = useDesignStoreApi();
  const [guidesAlways, setGuidesAlways] = useState(false);
  const [mark, setMark] = useState<CheckMark | null>(null);
  const [toolId, setToolId] = useTool();
  const ToolPanel = toolsOf(store.getState().product, useHasPhoto()).find(({ id }) => id === toolId)?.Panel;
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
      tool={toolId}
      onTool={setToolId}
      panel={
        <>
          {notice?.(toolId !== firstTool.id)}
          <MissingFilter />
          {ToolPanel !== undefined && (
            <ToolPanel guidesAlways={guidesAlways} onGuidesAlways={setGuidesAlways} onPickAnother={onPickAnother} />
          )}
          <Checks onMark={setMark} />
          {kept}
        </>
      }
      actions={
        <div className={styles.next}>
          <NextAction onPreview={onPreview} />
          {progress}
        </div>
      }
    />
  );
}

/** The tool whose panel is shown: the one that was chosen, or that of the element that has been selected since. */
function useTool(): [ToolId, (tool: ToolId) => void] {
  const [toolId, setToolId] = useState<ToolId>(firstTool.id);
  const selection = useDesignStore((state) => state.selection);
  const kind = useDesignStore(({ design }) => findElement(design, selection)?.kind);
  const isOfTemplate = useDesignStore((state) => findPart(templateOf(state), selection) !== undefined);
  const [followed, setFollowed] = useState(selection);
  if (followed !== selection) {
    setFollowed(selection);
    setToolId(isOfTemplate ? "templates" : ((kind && toolOfKind(kind)) ?? toolId));
  }
  const product = useDesignStore((state) => state.product);
  const offered = toolsOf(product, useHasPhoto());
  // With a photo, or without it, there are other tools.
  const shown = offered.find(({ id }) => id === toolId) ?? offered[0];
  return [shown?.id ?? toolId, setToolId];
}

/** As the design is now: the checks that are on the screen may still be those of before. */
function isRefused(state: DesignState): boolean {
  const { design, product } = state;
  const facts = factsOf(design, state);
  return facts !== null && checksOf(facts, product).some((check) => check.refused);
}

/** On to the print preview, unless the crop cannot be printed; then to the check that says why. */
function NextAction({ onPreview }: { readonly onPreview: () => void }): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const refused = useChecks().some((check) => check.refused);
  const leadToWhy = (): void => {
    const why = document.querySelector<HTMLElement>(`#${checksId} [data-tone="problem"]`);
    announce((why?.innerText ?? "").replaceAll(/\s*\n\s*/g, ". "));
    const control = why?.querySelector<HTMLElement>("button") ?? document.getElementById(checksId);
    control?.focus({ preventScroll: true });
    why?.scrollIntoView({ block: "nearest" });
  };
  return (
    <Button
      variant="primary"
      wide
      aria-describedby={refused ? checksId : undefined}
      onClick={() => (isRefused(store.getState()) ? leadToWhy() : onPreview())}
    >
      {t("design.next")}
    </Button>
  );
}

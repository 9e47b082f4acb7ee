import { type ReactNode, useMemo } from "react";
import type { PhotoColours } from "#card/crop-light.ts";
import { useText } from "../../locales/text.tsx";
import { openPhotoOf } from "../../store/design-store.ts";
import { useDesignStore, useHasPhoto } from "../../store/use-design-store.tsx";
import { type ToolId, toolsOf } from "../../tools/tools.ts";
import { Segmented } from "../../ui/Segmented.tsx";
import { CardBox, Workspace } from "../../ui/Workspace.tsx";
import styles from "./DesignLayout.module.css";

interface DesignLayoutProps {
  readonly card: ReactNode;
  readonly toolbar: ReactNode;
  readonly tool: ToolId;
  readonly onTool: (tool: ToolId) => void;
  readonly panel: ReactNode;
  readonly actions: ReactNode;
}

/** The design step's shape, the same while its tools are being loaded. */
export function DesignLayout({ card, toolbar, tool, onTool, panel, actions }: DesignLayoutProps): ReactNode {
  const t = useText();
  const product = useDesignStore((state) => state.product);
  const hasPhoto = useHasPhoto();
  const colours = useDesignStore((state) => openPhotoOf(state)?.colours ?? null);
  const glow = useMemo(() => colours && meanColour(colours), [colours]);
  const tabs = (
    <>
      <div className={styles.head}>
        {/* Only looks like the heading: the real one is there before this step is loaded (app/LaterStep.tsx). */}
        <p className={styles.title} aria-hidden="true">
          {t("design.title")}
        </p>
        <p className={styles.help}>{t(hasPhoto ? "design.help" : "design.ground.lead")}</p>
      </div>
      <Segmented
        label={t("design.tabs")}
        options={toolsOf(product, hasPhoto).map(({ id, labelId, icon }) => ({ value: id, label: t(labelId), icon }))}
        value={tool}
        onChange={onTool}
      />
    </>
  );
  return (
    <Workspace
      product={product}
      glow={glow ?? undefined}
      stage={
        <div className={styles.stage}>
          <CardBox bleed>{card}</CardBox>
          {toolbar}
        </div>
      }
      tabs={tabs}
      panel={panel}
      shows={tool}
      actions={actions}
    />
  );
}

/** Of so many pixels one is enough for a glow: whoever has just picked a photo waits for this. */
const pixelsPerSample = 17;

/** As a CSS colour that lets four fifths of the page through. */
function meanColour({ rgba }: PhotoColours): string {
  let [red, green, blue, weight] = [0, 0, 0, 0];
  for (let at = 0; at < rgba.length; at += 4 * pixelsPerSample) {
    const opacity = (rgba[at + 3] as number) / 255;
    red += (rgba[at] as number) * opacity;
    green += (rgba[at + 1] as number) * opacity;
    blue += (rgba[at + 2] as number) * opacity;
    weight += opacity;
  }
  return `rgb(${[red, green, blue].map((sum) => Math.round(sum / Math.max(weight, 1)) || 0).join(" ")} / 0.2)`;
}

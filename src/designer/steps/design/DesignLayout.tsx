import type { ReactNode } from "react";
import { isPortrait } from "#card/products.ts";
import { useText } from "../../locales/text.tsx";
import { useDesignStore } from "../../store/use-design-store.tsx";
import { Workspace } from "../../ui/Workspace.tsx";
import styles from "./DesignLayout.module.css";

interface DesignLayoutProps {
  readonly card: ReactNode;
  readonly toolbar: ReactNode;
  readonly panel: ReactNode;
  readonly actions: ReactNode;
}

/** The design step's shape, the same while its tools are being loaded. */
export function DesignLayout({ card, toolbar, panel, actions }: DesignLayoutProps): ReactNode {
  const t = useText();
  const product = useDesignStore((state) => state.product);
  return (
    <Workspace
      stage={
        <div className={styles.stage} data-portrait={isPortrait(product)}>
          <div className={styles.card}>{card}</div>
          {toolbar}
        </div>
      }
      panel={
        <>
          <div className={styles.head}>
            {/* Only looks like the heading: the real one is there before this step is loaded (app/LaterStep.tsx). */}
            <p className={styles.title} aria-hidden="true">
              {t("design.title")}
            </p>
            <p className={styles.help}>{t("design.help")}</p>
          </div>
          {panel}
        </>
      }
      actions={actions}
    />
  );
}

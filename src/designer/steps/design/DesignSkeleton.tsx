import type { ReactNode } from "react";
import { bleedSizeMm } from "#card/products.ts";
import { useText } from "../../locales/text.tsx";
import { useDesignStore } from "../../store/use-design-store.tsx";
import { firstTool } from "../../tools/tools.ts";
import { Button } from "../../ui/Button.tsx";
import { Checks } from "./Checks.tsx";
import { DesignLayout } from "./DesignLayout.tsx";
import styles from "./DesignSkeleton.module.css";
import toolbarStyles from "./Toolbar.module.css";

const nothing = (): void => {};

/** The design step while its tools are being loaded: everything where it will be and as high, and nothing to press. */
export function DesignSkeleton({ kept }: { readonly kept?: ReactNode }): ReactNode {
  const t = useText();
  const product = useDesignStore((state) => state.product);
  const { widthMm, heightMm } = bleedSizeMm(product);
  return (
    <div inert>
      <DesignLayout
        card={<div className={styles.card} style={{ aspectRatio: `${widthMm} / ${heightMm}` }} />}
        toolbar={
          <div className={toolbarStyles.toolbar}>
            <div className={styles.tools} />
          </div>
        }
        tool={firstTool.id}
        onTool={nothing}
        panel={
          <>
            <firstTool.Panel guidesAlways={false} onGuidesAlways={nothing} onPickAnother={nothing} />
            <Checks onMark={nothing} />
            {kept}
          </>
        }
        actions={
          <Button variant="primary" wide>
            {t("design.next")}
          </Button>
        }
      />
    </div>
  );
}

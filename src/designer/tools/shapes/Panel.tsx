import { type ReactNode, useCallback, useState } from "react";
import { addElement, findElement, hasRoom, makeShape, newShape, setFill } from "#design/element-edits.ts";
import { type ShapeName, shapeNames } from "#design/elements.ts";
import { useText } from "../../locales/text.tsx";
import type { GestureOwner } from "../../store/design-store.ts";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { ColourChoice } from "../ColourChoice.tsx";
import { ElementArt } from "../../elements/ElementArt.tsx";
import { ElementControls } from "../../elements/ElementControls.tsx";
import styles from "./Panel.module.css";

const firstFill = "#c0272d";

/** Shapes to lay on the photo, in a colour of one's own. */
export function ShapesPanel(): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const isFull = useDesignStore(({ design }) => !hasRoom(design));
  const selected = useDesignStore(({ design, selection }) => findElement(design, selection));
  /** Of the next one; that of the selected shape as long as one is. */
  const [ownFill, setOwnFill] = useState(firstFill);
  const fill = selected?.kind === "shape" ? selected.fill : ownFill;
  const add = (shape: ShapeName): void => {
    const { design, product, edit } = store.getState();
    edit(addElement(newShape(shape, fill, design, product)));
  };
  const colour = useCallback(
    (to: string, by?: GestureOwner): void => {
      const { selection, edit } = store.getState();
      setOwnFill(to);
      if (selection !== null) edit(setFill(selection, to), by);
    },
    [store],
  );
  const choice = <ColourChoice label={t("design.shape.colour")} colour={fill} onChoose={colour} />;
  return (
    <section className={styles.panel}>
      <div className={styles.shapes} role="group" aria-label={t("design.shape.add")}>
        {shapeNames.map((shape) => (
          <button
            key={shape}
            type="button"
            className={styles.shape}
            aria-label={t("design.shape.addNamed", { name: t(`design.shape.${shape}`) })}
            aria-disabled={isFull}
            onClick={() => !isFull && add(shape)}
          >
            <ElementArt element={{ ...makeShape(shape, fill), id: shape }} className={styles.art} />
            <span aria-hidden="true">{t(`design.shape.${shape}`)}</span>
          </button>
        ))}
      </div>
      {isFull && <p className={styles.full}>{t("design.element.full")}</p>}
      {selected?.kind === "shape" || choice}
      <ElementControls>{selected?.kind === "shape" && choice}</ElementControls>
    </section>
  );
}

import type { ReactNode } from "react";
import type { Edit } from "#design/edits.ts";
import {
  type BoxChange,
  mayStretch,
  mirrorBox,
  moveBoxTo,
  scaleBox,
  sideRangesMm,
  turnBoxTo,
} from "#design/element-box.ts";
import {
  duplicateElement,
  findElement,
  hasRoom,
  placeElement,
  removeElement,
  stackElement,
} from "#design/element-edits.ts";
import type { VectorElement } from "#design/elements.ts";
import { bleedSizeMm } from "#card/products.ts";
import type { MessageId } from "../locales/en.ts";
import { useText } from "../locales/text.tsx";
import { isLocked, type Locks } from "#design/templates/template.ts";
import { templateOf } from "../store/design-store.ts";
import { useDesignStore, useDesignStoreApi } from "../store/use-design-store.tsx";
import { Button } from "../ui/Button.tsx";
import type { IconName } from "../ui/Icon.tsx";
import { announce } from "../ui/LiveRegion.tsx";
import { NumberField } from "../ui/NumberField.tsx";
import rows from "../tools/rows.module.css";
import styles from "./ElementControls.module.css";
import { ElementList } from "./ElementList.tsx";
import { nameElement } from "./describe-element.ts";
import { laterIcons } from "../ui/later-icons.ts";

/** What can be done to the selected element, whichever tool it is of, and what else lies on the card. `children` is what its tool adds. */
export function ElementControls({ children }: { readonly children?: ReactNode }): ReactNode {
  const element = useDesignStore(({ design, selection }) => findElement(design, selection));
  const isPlaced = useDesignStore((state) => isLocked(templateOf(state), element?.id ?? "", "move"));
  return (
    <>
      {element !== undefined && (
        <section className={styles.controls} aria-labelledby={titleId}>
          <Actions element={element} />
          {children}
          {!isPlaced && <Exact element={element} />}
        </section>
      )}
      <ElementList />
    </>
  );
}

const titleId = "selected-element";

interface ElementProps {
  readonly element: VectorElement;
}

interface Action {
  /** What keeps it from being done to an element of a template. */
  readonly lock: keyof Locks;
  readonly labelId: MessageId;
  readonly icon: IconName;
  readonly edit: (id: string) => Edit;
}

const actions: readonly Action[] = [
  { lock: "move", labelId: "design.flip", icon: laterIcons.flip, edit: (id) => placeElement(id, mirrorBox()) },
  { lock: "move", labelId: "design.element.duplicate", icon: "copy", edit: duplicateElement },
  { lock: "move", labelId: "design.element.raise", icon: laterIcons.forward, edit: (id) => stackElement(id, "raise") },
  { lock: "move", labelId: "design.element.lower", icon: laterIcons.backward, edit: (id) => stackElement(id, "lower") },
  { lock: "remove", labelId: "design.element.remove", icon: laterIcons.bin, edit: removeElement },
];

function Actions({ element }: ElementProps): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const isFull = useDesignStore(({ design }) => !hasRoom(design, element));
  const template = useDesignStore(templateOf);
  const allowed = actions.filter(({ lock }) => !isLocked(template, element.id, lock));
  const act = ({ labelId, edit }: Action): void => {
    if (labelId === "design.element.duplicate" && isFull) return announce(t("design.element.full"));
    store.getState().edit(edit(element.id));
    // Its button goes with it: what it was on comes next.
    if (labelId === "design.element.remove")
      document.querySelector<HTMLElement>("[role=application]")?.focus({ preventScroll: true });
  };
  return (
    <>
      <h2 id={titleId} className={styles.title}>
        {nameElement(element, t)}
      </h2>
      <div className={styles.actions}>
        {allowed.map((action) => (
          <Button
            key={action.labelId}
            variant="icon"
            icon={action.icon}
            aria-label={t(action.labelId)}
            title={t(action.labelId)}
            onClick={() => act(action)}
          />
        ))}
      </div>
      {allowed.length < actions.length && <p className={rows.label}>{t("design.template.fixed")}</p>}
    </>
  );
}

/** Size, place and angle as numbers. */
function Exact({ element }: ElementProps): ReactNode {
  const t = useText();
  const product = useDesignStore((state) => state.product);
  const { box } = element;
  const { widthMm, heightMm } = bleedSizeMm(product);
  const stretches = mayStretch(element);
  const sides = sideRangesMm(element, product);
  return (
    <details className={styles.exact}>
      <summary>{t("design.element.exact")}</summary>
      <div className={styles.fields}>
        <Field
          {...sides.widthMm}
          unit="mm"
          labelId="design.element.width"
          element={element}
          value={box.widthMm}
          change={(to) => (stretches ? (from) => ({ ...from, widthMm: to }) : scaleBox(to / box.widthMm))}
        />
        <Field
          {...sides.heightMm}
          unit="mm"
          labelId="design.element.height"
          element={element}
          value={box.heightMm}
          change={(to) => (stretches ? (from) => ({ ...from, heightMm: to }) : scaleBox(to / box.heightMm))}
        />
        <Field
          labelId="design.across"
          element={element}
          value={box.xMm}
          min={-widthMm / 2}
          max={widthMm / 2}
          unit="mm"
          change={(xMm) => moveBoxTo({ xMm })}
        />
        <Field
          labelId="design.down"
          element={element}
          value={box.yMm}
          min={-heightMm / 2}
          max={heightMm / 2}
          unit="mm"
          change={(yMm) => moveBoxTo({ yMm })}
        />
        <Field
          labelId="design.turn"
          element={element}
          value={box.rotationDeg}
          min={-180}
          max={180}
          unit="degrees"
          change={(to) => turnBoxTo(to)}
        />
      </div>
    </details>
  );
}

interface FieldProps extends ElementProps {
  readonly labelId: MessageId;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly unit: "mm" | "degrees";
  readonly change: (to: number) => BoxChange;
}

function Field({ labelId, element, value, min, max, unit, change }: FieldProps): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const { beginGesture, endGesture } = store.getState();
  return (
    <div className={styles.field}>
      <span className={rows.label} aria-hidden="true">
        {t(labelId)}
      </span>
      <NumberField
        label={t(labelId)}
        // No "-0.0".
        value={Math.abs(value) < 0.05 ? 0 : value}
        min={min}
        max={max}
        step={unit === "mm" ? 0.1 : 0.5}
        digits={1}
        unit={t(`design.unit.${unit}`)}
        onChange={(to) => store.getState().edit(placeElement(element.id, change(to)))}
        onStart={() => beginGesture()}
        onEnd={() => endGesture()}
      />
    </div>
  );
}

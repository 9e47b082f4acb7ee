import { type ReactNode, useId } from "react";
import { suggestVeil } from "#card/suggest-veil.ts";
import { adjustPhoto, layVeil, resetAdjustments } from "#design/edits.ts";
import { type Adjustments, adjustmentNames, adjustmentRanges, adjustmentsOf } from "#design/look.ts";
import { useNumberFormat, useText } from "../../locales/text.tsx";
import { colourGesture } from "../../store/design-store.ts";
import { isPhotoStyled } from "../../store/photo-locks.ts";
import { factsOf } from "../../store/photo-facts.ts";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { Button } from "../../ui/Button.tsx";
import { Checkbox } from "../../ui/Checkbox.tsx";
import { classNames } from "../../ui/class-names.ts";
import { NumberField } from "../../ui/NumberField.tsx";
import { Slider } from "../../ui/Slider.tsx";
import rows from "../rows.module.css";
import written from "../written.module.css";
import { BeforeButton } from "../BeforeButton.tsx";
import styles from "./Panel.module.css";

/** The photo's light and colours, each as a slider and a field, and what they were before. */
export function LightPanel(): ReactNode {
  const t = useText();
  const isFixed = useDesignStore(isPhotoStyled);
  return (
    <section className={classNames(rows.panel, styles.panel)}>
      {isFixed && <p className={written.help}>{t("design.template.lookFixed")}</p>}
      {!isFixed && adjustmentNames.map((name) => <AdjustmentRow key={name} name={name} />)}
      {!isFixed && <Actions />}
      <VeilChoice />
    </section>
  );
}

/** Of 100, and a percent sign: what the numbers are parts of is seen, and not worth a word. */
function AdjustmentRow({ name }: { readonly name: keyof Adjustments }): ReactNode {
  const t = useText();
  const number = useNumberFormat({ style: "percent", signDisplay: "exceptZero" });
  const store = useDesignStoreApi();
  const value = useDesignStore(({ design }) => adjustmentsOf(design)?.[name] ?? 0);
  const label = t(`design.light.${name}`);
  const change = {
    ...adjustmentRanges[name],
    label,
    value,
    step: 1,
    onChange: (wanted: number) => store.getState().edit(adjustPhoto({ [name]: wanted }), colourGesture),
    onStart: () => {
      store.getState().showOriginal(false);
      store.getState().beginGesture(colourGesture);
    },
    onEnd: () => store.getState().endGesture(colourGesture),
  };
  return (
    <div className={rows.row}>
      <span className={rows.label} aria-hidden="true">
        {label}
      </span>
      <Slider {...change} valueText={number.format(value / 100)} snap={snapToNothing} />
      <NumberField {...change} unit={t("design.unit.percent")} />
    </div>
  );
}

/** Near the middle a drag leaves the photo as it is; keys and the field are taken at their word. */
function snapToNothing(value: number): number {
  return Math.abs(value) <= 3 ? 0 : value;
}

function Actions(): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const isAsItIs = useDesignStore(({ design }) => adjustmentsOf(design) === undefined);
  return (
    <div className={styles.buttons}>
      <BeforeButton />
      <Button aria-disabled={isAsItIs} onClick={() => store.getState().edit(resetAdjustments())}>
        {t("design.light.reset")}
      </Button>
    </div>
  );
}

/** The veil behind the lettering, where the product allows one: as strong as it takes where the photo lies now. */
function VeilChoice(): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const isAllowed = useDesignStore(({ product }) => product.maxVeilPercent > 0);
  const isLaid = useDesignStore(({ design }) => design.veil !== undefined);
  const helpId = useId();
  if (!isAllowed) return null;
  const choose = (wanted: boolean): void => {
    const { design, product, edit } = store.getState();
    const facts = factsOf(design, store.getState());
    if (facts === null) return;
    edit(layVeil(wanted ? suggestVeil(facts.photo.placement, facts, facts.colours, product) : null));
  };
  return (
    <div className={styles.veil}>
      <Checkbox checked={isLaid} aria-describedby={helpId} onChange={choose}>
        {t("design.veil")}
      </Checkbox>
      <p id={helpId} className={styles.help}>
        {t("design.veil.help")}
      </p>
    </div>
  );
}

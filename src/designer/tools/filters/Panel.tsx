import { type ReactNode, useMemo } from "react";
import { filterPhoto } from "#design/edits.ts";
import { listFilters } from "#design/filters/filters.ts";
import { filterRange } from "#design/look.ts";
import { useNumberFormat, useText } from "../../locales/text.tsx";
import { colourGesture, openPhotoOf } from "../../store/design-store.ts";
import { isPhotoStyled } from "../../store/photo-locks.ts";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { classNames } from "../../ui/class-names.ts";
import { NumberField } from "../../ui/NumberField.tsx";
import { Slider } from "../../ui/Slider.tsx";
import { BeforeButton } from "../BeforeButton.tsx";
import rows from "../rows.module.css";
import written from "../written.module.css";
import { FilterChoice } from "./FilterChoice.tsx";
import styles from "./Panel.module.css";

/** A filter over the photo, chosen by what it makes of this very photo, and how much of it. */
export function FiltersPanel(): ReactNode {
  const t = useText();
  const isFixed = useDesignStore(isPhotoStyled);
  const product = useDesignStore((state) => state.product);
  const photo = useDesignStore(openPhotoOf);
  const offered = useMemo(() => listFilters(product), [product]);
  if (photo === null) return null;
  if (isFixed)
    return (
      <section className={rows.panel}>
        <p className={written.help}>{t("design.template.lookFixed")}</p>
      </section>
    );
  return (
    <section className={classNames(rows.panel, styles.panel)}>
      <FilterChoice photo={photo} offered={offered} />
      <Strength />
      <div className={styles.buttons}>
        <BeforeButton />
      </div>
    </section>
  );
}

/** How much of the filter: nothing to set where there is none. */
function Strength(): ReactNode {
  const t = useText();
  const number = useNumberFormat({ style: "percent" });
  const store = useDesignStoreApi();
  const filter = useDesignStore(({ design }) => design.look?.filter);
  if (filter === undefined) return null;
  const label = t("design.filter.strength");
  const { beginGesture, endGesture, showOriginal } = store.getState();
  const change = {
    ...filterRange,
    label,
    value: filter.percent,
    step: 1,
    onChange: (percent: number) => store.getState().edit(filterPhoto({ id: filter.id, percent }), colourGesture),
    onStart: () => {
      showOriginal(false);
      beginGesture(colourGesture);
    },
    onEnd: () => endGesture(colourGesture),
  };
  return (
    <div className={rows.row}>
      <span className={rows.label} aria-hidden="true">
        {label}
      </span>
      <Slider {...change} valueText={number.format(filter.percent / 100)} />
      <NumberField {...change} unit={t("design.unit.percent")} />
    </div>
  );
}

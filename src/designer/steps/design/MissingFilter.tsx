import { type ReactNode, useEffect } from "react";
import { filterPhoto } from "#design/edits.ts";
import { useLocale, useText } from "../../locales/text.tsx";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { nameFilter } from "../../tools/filters/filter-names.ts";
import { Button } from "../../ui/Button.tsx";
import { Callout } from "../../ui/Callout.tsx";
import { announce } from "../../ui/LiveRegion.tsx";
import { leaveToHeading } from "../StepHeading.tsx";

/** Says that the photo is seen without its filter, as that cannot be had, and takes it off. */
export function MissingFilter(): ReactNode {
  const t = useText();
  const { tag } = useLocale();
  const store = useDesignStoreApi();
  const id = useDesignStore(({ design, lacksFilter }) => (lacksFilter ? design.look?.filter?.id : undefined));
  const product = useDesignStore((state) => state.product);
  const title = id === undefined ? null : t("design.filter.missing", { name: nameFilter(id, product, t, tag) });
  const more = t("design.filter.missing.more");
  useEffect(() => {
    if (title !== null) announce(`${title}. ${more}`);
  }, [title, more]);
  if (title === null) return null;
  const takeOff = (
    <Button ref={leaveToHeading} onClick={() => store.getState().edit(filterPhoto(null))}>
      {t("design.filter.takeOff")}
    </Button>
  );
  return (
    <Callout tone="problem" title={title} action={takeOff} hasWideAction>
      {more}
    </Callout>
  );
}

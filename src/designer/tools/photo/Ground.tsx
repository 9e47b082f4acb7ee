import { type ReactNode, useCallback } from "react";
import { colourBelow } from "#design/design.ts";
import { useText } from "../../locales/text.tsx";
import { changeGround, type GestureOwner, isGroundFixed } from "../../store/design-store.ts";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { ColourChoice } from "../ColourChoice.tsx";

/** The colour behind a photo that lets it through: one of a few, or any. */
export function Ground(): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const ground = useDesignStore(({ design }) => colourBelow(design));
  const choose = useCallback(
    (colour: string, by?: GestureOwner) => changeGround(store.getState(), colour, by),
    [store],
  );
  if (useDesignStore(isGroundFixed)) return null;
  return <ColourChoice label={t("design.ground")} help={t("design.ground.help")} colour={ground} onChoose={choose} />;
}

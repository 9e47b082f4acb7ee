import { type ReactNode, useCallback, useMemo } from "react";
import type { Product } from "#card/products.ts";
import { colourBelow, plainGround } from "#design/design.ts";
import { groundPolicyOf } from "#design/ground-policy.ts";
import { useText } from "../../locales/text.tsx";
import { changeGround, type GestureOwner, isGroundFixed } from "../../store/design-store.ts";
import { useDesignStore, useDesignStoreApi, usePhoto } from "../../store/use-design-store.tsx";
import { ColourChoice } from "../ColourChoice.tsx";

/** The only colours that may be chosen; the card's white is always one below a photo. */
function paletteOf(product: Product): readonly string[] | undefined {
  const colours = groundPolicyOf(product)?.colours;
  return colours && [...new Set([plainGround, ...colours])];
}

/** The colour behind a photo that lets it through, or about one that covers a part of the card: one of a few, or any. */
export function Ground(): ReactNode {
  const t = useText();
  const store = useDesignStoreApi();
  const ground = useDesignStore(({ design }) => colourBelow(design));
  const choose = useCallback(
    (colour: string, by?: GestureOwner) => changeGround(store.getState(), colour, by),
    [store],
  );
  const product = useDesignStore((state) => state.product);
  const isAround = usePhoto()?.region !== undefined;
  const palette = useMemo(() => paletteOf(product), [product]);
  if (useDesignStore(isGroundFixed)) return null;
  return (
    <ColourChoice
      label={t("design.ground")}
      help={t(isAround ? "design.ground.around" : "design.ground.help")}
      colour={ground}
      palette={palette}
      onChoose={choose}
    />
  );
}

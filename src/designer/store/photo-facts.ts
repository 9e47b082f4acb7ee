import { type Light, lightOf, type PhotoColours } from "#card/crop-light.ts";
import type { PhotoFacts } from "#card/flaws.ts";
import { type Design, type Photo, photoOf } from "#design/design.ts";
import { type Adjustments, adjustmentsOf, changeLook } from "#design/look.ts";
import { makeAdjustTable } from "#image/adjust.ts";
import type { OpenPhoto } from "#image/client.ts";
import { applyColourTable } from "#image/colour-table.ts";

type Shown = Pick<Design, "ground" | "look">;

/** How light a photo is as a design shows it: adjusted, and on its ground. */
function lightShown(colours: PhotoColours, { ground, look }: Shown): Light {
  const adjust = adjustmentsOf({ look });
  if (adjust === undefined) return lightOf(colours, ground);
  const rgba = colours.rgba.slice();
  applyColourTable(rgba, makeAdjustTable(adjust));
  return lightOf({ ...colours, rgba }, ground);
}

const lights = new WeakMap<PhotoColours, { readonly shown: Shown; readonly light: Light }>();

/** It takes longer than a frame, and is asked for again and again. */
function rememberedLight(colours: PhotoColours, { ground, look }: Shown): Light {
  const known = lights.get(colours);
  if (known?.shown.ground === ground && known.shown.look === look) return known.light;
  const light = lightShown(colours, { ground, look });
  lights.set(colours, { shown: { ground, look }, light });
  return light;
}

/** What is known of a photo on the card. */
export interface CardFacts extends PhotoFacts {
  readonly photo: Photo;
  readonly look: Design["look"];
  /** How light it would be with these adjustments changed; null where that is not known. It takes longer than a frame. */
  readonly lightAfter: (change: Partial<Adjustments>) => Light | null;
}

/** What is known of the photo on the card, as it looks there. Null without a photo. */
export function factsOf(design: Design, assets: ReadonlyMap<string, OpenPhoto>): CardFacts | null {
  const photo = photoOf(design);
  if (photo === null) return null;
  const { subject = null, colours = null, detail = null } = assets.get(photo.sha256) ?? {};
  const lightAfter: CardFacts["lightAfter"] = (change) =>
    colours && lightShown(colours, { ground: design.ground, look: changeLook(design.look, change) });
  return { photo, look: design.look, subject, detail, light: colours && rememberedLight(colours, design), lightAfter };
}

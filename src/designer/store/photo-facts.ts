import { type Light, lightOf, type PhotoColours } from "#card/crop-light.ts";
import type { PhotoFacts } from "#card/flaws.ts";
import type { Product } from "#card/products.ts";
import { type Design, type Photo, photoOf } from "#design/design.ts";
import type { Edit } from "#design/edits.ts";
import { adjustmentsOf, noAdjustments, sameAdjustments } from "#design/look.ts";
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

interface Known extends Shown {
  readonly light: Light;
}

const lights = new WeakMap<PhotoColours, readonly Known[]>();
/** As it is, as it was before, and as a fix would make it. */
const mostKnown = 4;

/** It takes longer than a frame, and is asked for again and again. */
function rememberedLight(colours: PhotoColours, { ground, look }: Shown): Light {
  const known = lights.get(colours) ?? [];
  const same = known.find((one) => one.ground === ground && sameLook(one.look, look));
  if (same !== undefined) return same.light;
  const light = lightShown(colours, { ground, look });
  lights.set(colours, [{ ground, look, light }, ...known].slice(0, mostKnown));
  return light;
}

function sameLook(one: Design["look"], other: Design["look"]): boolean {
  const [adjust, others] = [adjustmentsOf({ look: one }), adjustmentsOf({ look: other })];
  return sameAdjustments(adjust ?? noAdjustments, others ?? noAdjustments);
}

/** What is known of a photo on the card. */
export interface CardFacts extends PhotoFacts {
  readonly photo: Photo;
  readonly look: Design["look"];
  readonly colours: PhotoColours | null;
  /** What would be known after an edit that keeps the photo. It takes longer than a frame. */
  readonly after: (edit: Edit, product: Product) => CardFacts | null;
}

/** What is known of the photo on the card, as it looks there. Null without a photo. */
export function factsOf(design: Design, assets: ReadonlyMap<string, OpenPhoto>): CardFacts | null {
  const photo = photoOf(design);
  if (photo === null) return null;
  const { subject = null, colours = null, detail = null } = assets.get(photo.sha256) ?? {};
  const after: CardFacts["after"] = (edit, product) => factsOf(edit(design, product), assets);
  const light = colours && rememberedLight(colours, design);
  return { photo, look: design.look, veil: design.veil, colours, subject, detail, light, after };
}

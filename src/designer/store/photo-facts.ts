import { type Light, lightOf, type PhotoColours } from "#card/crop-light.ts";
import type { PhotoFacts } from "#card/flaws.ts";
import type { Product } from "#card/products.ts";
import { type Design, type Photo, photoOf } from "#design/design.ts";
import type { Edit } from "#design/edits.ts";
import { adjustmentsOf, noAdjustments, sameAdjustments } from "#design/look.ts";
import { makeAdjustTable } from "#image/adjust.ts";
import type { OpenPhoto } from "#image/client.ts";
import { applyColourTable } from "#image/colour-table.ts";
import { layOnGround } from "#image/lay-on-ground.ts";

type Shown = Pick<Design, "ground" | "look">;

/** A photo's colours as a design shows them: adjusted, and on its ground. */
function coloursShown(colours: PhotoColours, { ground, look }: Shown): PhotoColours {
  const adjust = adjustmentsOf({ look });
  const rgba = colours.rgba.slice();
  if (adjust !== undefined) applyColourTable(rgba, makeAdjustTable(adjust));
  layOnGround(rgba, ground);
  return { ...colours, rgba };
}

/** What a photo looks like as a design shows it. */
interface Seen {
  readonly colours: PhotoColours;
  readonly light: Light;
}

interface Known extends Shown {
  readonly seen: Seen;
}

const known = new WeakMap<PhotoColours, readonly Known[]>();
/** As it is, as it was before, and as a fix would make it. */
const mostKnown = 4;

/** It takes longer than a frame, and is asked for again and again. */
function rememberedSight(stored: PhotoColours, { ground, look }: Shown): Seen {
  const before = known.get(stored) ?? [];
  const same = before.find((one) => one.ground === ground && sameLook(one.look, look));
  if (same !== undefined) return same.seen;
  const colours = coloursShown(stored, { ground, look });
  const seen = { colours, light: lightOf(colours, ground) };
  known.set(stored, [{ ground, look, seen }, ...before].slice(0, mostKnown));
  return seen;
}

function sameLook(one: Design["look"], other: Design["look"]): boolean {
  const [adjust, others] = [adjustmentsOf({ look: one }), adjustmentsOf({ look: other })];
  return sameAdjustments(adjust ?? noAdjustments, others ?? noAdjustments);
}

/** What is known of a photo on the card. */
export interface CardFacts extends PhotoFacts {
  readonly photo: Photo;
  readonly look: Design["look"];
  /** As they are seen: adjusted, and on the card's ground. */
  readonly colours: PhotoColours | null;
  /** What would be known after an edit that keeps the photo. It takes longer than a frame. */
  readonly after: (edit: Edit, product: Product) => CardFacts | null;
}

/** What is known of the photo on the card, as it looks there. Null without a photo. */
export function factsOf(design: Design, assets: ReadonlyMap<string, OpenPhoto>): CardFacts | null {
  const photo = photoOf(design);
  if (photo === null) return null;
  const { subject = null, colours: stored = null, detail = null } = assets.get(photo.sha256) ?? {};
  const after: CardFacts["after"] = (edit, product) => factsOf(edit(design, product), assets);
  const { colours, light } = stored === null ? { colours: null, light: null } : rememberedSight(stored, design);
  return { photo, look: design.look, veil: design.veil, colours, subject, detail, light, after };
}

import { type Light, lightOf, type PhotoColours } from "#card/crop-light.ts";
import type { PhotoFacts } from "#card/flaws.ts";
import { type Design, type Photo, photoOf } from "#design/design.ts";
import type { OpenPhoto } from "#image/client.ts";

interface OnGround {
  readonly ground: string;
  readonly light: Light;
}

const lights = new WeakMap<PhotoColours, OnGround>();

/** It takes longer than a frame, and is asked for again and again. */
function rememberedLight(colours: PhotoColours, ground: string): Light {
  const known = lights.get(colours);
  if (known?.ground === ground) return known.light;
  const light = lightOf(colours, ground);
  lights.set(colours, { ground, light });
  return light;
}

/** What is known of a photo on the card. */
export interface CardFacts extends PhotoFacts {
  readonly photo: Photo;
}

/**
 * What is known of the photo on the card, as it looks there: whatever else changes how light it is belongs here. Null without a
 * photo.
 */
export function factsOf(design: Design, assets: ReadonlyMap<string, OpenPhoto>): CardFacts | null {
  const photo = photoOf(design);
  if (photo === null) return null;
  const { subject = null, colours = null, detail = null } = assets.get(photo.sha256) ?? {};
  return { photo, subject, detail, light: colours && rememberedLight(colours, design.ground) };
}

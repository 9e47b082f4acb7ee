import { type TemplateType, templateTypes } from "./card-art.ts";
import { designTypes, type Rendition } from "./render.ts";

/** An answer that the vendor's page documents: 400, 404 or 500 with its sentence. */
export class ImageApiError extends Error {
  readonly status: 400 | 404 | 500;

  constructor(status: 400 | 404 | 500, message: string) {
    super(message);
    this.status = status;
  }
}

/** Query parameters under lower-case names: the platform reads names without regard to case. A repeated one is no parameter. */
export type ImageQuery = ReadonlyMap<string, string>;

export function readQuery(search: string): ImageQuery {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    if (query.has(name.toLowerCase())) throw new ImageApiError(400, "Invalid Parameter");
    query.set(name.toLowerCase(), value);
  }
  return query;
}

/** Wrong values of these are answered 500, as documented. */
function pick<Value extends string>(
  query: ImageQuery,
  name: string,
  values: readonly Value[],
  complaint: string,
): Value | null {
  const given = query.get(name);
  if (given === undefined) return null;
  const value = values.find((candidate) => candidate === given);
  if (value === undefined) throw new ImageApiError(500, complaint);
  return value;
}

export function pickTemplateType(query: ImageQuery): TemplateType | null {
  return pick(query, "templatetype", templateTypes, "Invalid Template Type");
}

const rotations: Readonly<Record<string, Rendition["rotateDeg"]>> = {
  Rotate0: 0,
  Rotate90: 90,
  Rotote180: 180,
  Rotate180: 180,
  Rotate270: 270,
};

/** The page gives no code for a wrong DesignRotate: 400 is ours. */
function pickRotation(query: ImageQuery): Rendition["rotateDeg"] {
  const given = query.get("designrotate") ?? "Rotate0";
  const rotateDeg = Object.hasOwn(rotations, given) ? rotations[given] : undefined;
  if (rotateDeg === undefined) throw new ImageApiError(400, "Invalid Parameter");
  return rotateDeg;
}

/** 1 to 4096 pixels. */
function pickLength(query: ImageQuery, name: string): number | null {
  const given = query.get(name);
  if (given === undefined) return null;
  const length = /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (length < 1 || length > 4096) throw new ImageApiError(400, "Invalid Parameter");
  return length;
}

/** What GetImage is asked to draw, with the documented defaults. Throws ImageApiError. */
export function readRendition(query: ImageQuery): Rendition {
  const overlay = pick(query, "overlay", ["True", "False"], "Invalid Overlay");
  return {
    designType: pick(query, "designtype", designTypes, "Invalid Design Image Type") ?? "Print",
    templateType: pickTemplateType(query),
    overlay: overlay === null ? null : overlay === "True",
    corner: pick(query, "corner", ["Round", "Square"], "Invalid Corner") ?? "Round",
    format: pick(query, "imageformat", ["PNG", "JPEG"], "Invalid Image Format") ?? "JPEG",
    rotateDeg: pickRotation(query),
    widthPx: pickLength(query, "width"),
    heightPx: pickLength(query, "height"),
  };
}

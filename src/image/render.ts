import { clampPlacement, photoToRaster } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { paintAround } from "#card/region.ts";
import { allowedVeil } from "#card/veil.ts";
import { colourBelow, type Design, type Photo, photoOf, vectorElementsOf } from "#design/design.ts";
import { type DrawnElement, drawElement } from "#design/elements.ts";
import { paintGround } from "#design/ground.ts";
import { type Look, lookOf } from "#design/look.ts";
import { startPainting } from "#paint/paint.ts";
import { printVeil } from "#paint/veil.ts";
import { makeBitmap } from "./canvas.ts";
import { hashSha256 } from "./checksums.ts";
import { applyColourTable, type ColourTable } from "#design/colour-table.ts";
import { compareShown } from "./compare-shown.ts";
import { DamageError, DecodeError } from "./decode-error.ts";
import { encodePng } from "./encode-png.ts";
import { loadKernel } from "./kernel/load-kernel.ts";
import { loadPaint } from "./load-paint.ts";
import { makeKnownLookTable } from "./known-look.ts";
import { createBreathe } from "./next-task.ts";
import type { PhotoSource, Pixels } from "./photo-source.ts";
import { type Arts, PhotoProblem, type RegionWanted, type RenderedPicture } from "./protocol.ts";
import { resample } from "./resample.ts";
import { scaleOf } from "./resampler/resampler.ts";

interface RenderOptions {
  readonly signal: AbortSignal;
  /** Gets 0 to 1. */
  readonly onProgress: (fraction: number) => void;
  /** What the screen shows of the design. */
  readonly shown?: ImageBitmap | undefined;
}

/** An open photo, and whether something of it is transparent. */
export interface FoundPhoto {
  readonly source: PhotoSource;
  readonly transparent: boolean;
}

/** What a design names and does not hold. */
export interface Materials {
  /** Finds a photo of the design by its SHA-256. */
  readonly findPhoto: (sha256: string) => Promise<FoundPhoto>;
  /** Of its stickers and texts, by name. */
  readonly arts: Arts;
}

/**
 * How a photo's colours are changed: once it is drawn, so that every pixel that is printed is looked up once; where it is transparent
 * before it is laid on its ground, which keeps its colour.
 */
interface Tables {
  readonly beforeGround: ColourTable | undefined;
  readonly drawn: ColourTable | undefined;
}

function tablesFor(look: Look | undefined, transparent: boolean): Tables {
  const table = look && makeKnownLookTable(look);
  return transparent ? { beforeGround: table, drawn: undefined } : { beforeGround: undefined, drawn: table };
}

/** Of a photo that was found good when it was opened: what is not decoded now has no memory for it. */
function asOutOfMemory(error: unknown): never {
  // In a part that was not looked at when it was opened.
  if (error instanceof DamageError) throw new PhotoProblem("damaged-image", { cause: error });
  throw error instanceof DecodeError ? new PhotoProblem("out-of-memory", { cause: error }) : error;
}

function drawPhoto(
  kernel: WebAssembly.Module,
  photo: PhotoSource,
  card: Photo,
  { ground, table }: { readonly ground: string; readonly table: ColourTable | undefined },
  product: Product,
  { signal, onProgress }: RenderOptions,
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const map = photoToRaster(clampPlacement(card.placement, card, product), card, product);
  const draw = (pixels: Pixels) => {
    signal.throwIfAborted();
    onProgress(0.4);
    return resample(kernel, pixels, map, product, {
      ground,
      table,
      signal,
      onProgress: (fraction) => onProgress(0.4 + fraction * 0.4),
    });
  };
  return photo.use({ drawnScale: scaleOf(map), exactly: true }, draw).catch(asOutOfMemory);
}

/** What lies on the photo, as it is painted. Throws PhotoProblem "art-missing": a card is not sent without something that was laid on it. */
function drawElements(design: Design, arts: Arts): readonly DrawnElement[] {
  return vectorElementsOf(design).map((element) => {
    const drawn = drawElement(element, (name) => (Object.hasOwn(arts, name) ? arts[name] : undefined));
    if (drawn === undefined) throw new PhotoProblem("art-missing", { cause: `the art of ${element.id} was not given` });
    return drawn;
  });
}

/**
 * Paints them over finished pixels. Throws PhotoProblem "art-missing" where one cannot be painted as a whole: the server refuses such a
 * picture, and only the cardholder can take it off the card.
 */
async function layElements(
  rgba: Uint8ClampedArray,
  elements: readonly DrawnElement[],
  product: Product,
  signal: AbortSignal,
): Promise<void> {
  const breathe = createBreathe(signal);
  const painting = startPainting(await loadPaint(), rgba, product);
  for (const element of elements) {
    const [skipped] = painting.add(element);
    if (skipped !== undefined)
      throw new PhotoProblem("art-missing", { cause: `path ${skipped.path} of ${element.id}: ${skipped.fault}` });
    await breathe();
  }
  painting.finish();
}

function drawGround({ ground }: Design, product: Product): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(product.widthPx * product.heightPx * 4);
  paintGround(rgba, product, ground);
  return rgba;
}

/** The photo as it is printed, on its ground. */
async function drawLookedAt(
  kernel: WebAssembly.Module,
  design: Design,
  photo: Photo,
  { findPhoto }: Pick<Materials, "findPhoto">,
  product: Product,
  options: RenderOptions,
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const { source, transparent } = await findPhoto(photo.sha256);
  const look = lookOf(design);
  const { beforeGround, drawn } = tablesFor(look, transparent);
  const ground = { ground: colourBelow(design), table: beforeGround };
  const rgba = await drawPhoto(kernel, source, photo, ground, product, options);
  const { region } = photo;
  if (region !== undefined) paintAround(rgba, region, ground.ground, product);
  // The screen's own colours are compared, and those that were changed before cannot be; and the photo alone, since only a decoder or a
  // canvas gives what was not drawn: vectors are painted by us.
  if (options.shown !== undefined && beforeGround === undefined) await compareShown(rgba, product, options.shown);
  if (drawn !== undefined) applyColourTable(rgba, drawn);
  // The ground is not the photo's to change.
  if (region !== undefined && drawn !== undefined) paintAround(rgba, region, ground.ground, product);
  return rgba;
}

/** Everything on the card, as RGBA rows of the product's raster. */
async function drawDesign(
  kernel: WebAssembly.Module,
  design: Design,
  materials: Materials,
  product: Product,
  options: RenderOptions,
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const elements = drawElements(design, materials.arts);
  const photo = photoOf(design);
  const rgba =
    photo === null
      ? drawGround(design, product)
      : await drawLookedAt(kernel, design, photo, materials, product, options);
  if (elements.length > 0) await layElements(rgba, elements, product, options.signal);
  const veil = allowedVeil(design.veil, product);
  if (veil !== undefined) printVeil(rgba, veil, product);
  return rgba;
}

/**
 * Makes the final picture of a design, from its photos' own pixels and what lies on them; the same for the same design. Throws PhotoProblem, or the
 * signal's reason between its steps and bands.
 */
export async function renderPicture(
  design: Design,
  materials: Materials,
  product: Product,
  options: RenderOptions,
): Promise<RenderedPicture> {
  const { signal, onProgress } = options;
  onProgress(0);
  const kernel = await loadKernel();
  const rgba = await drawDesign(kernel, design, materials, product, options);
  const png = encodePng(kernel, rgba, product);
  onProgress(0.95);
  const sha256 = await hashSha256(png);
  signal.throwIfAborted();
  onProgress(1);
  return { png, sha256 };
}

/** Draws a photo on a ground through `map` (its pixels to the raster's), for the screen, as sharp as it is. Throws as `renderPicture` does. */
export async function renderRegion(
  { source, transparent }: FoundPhoto,
  { map, raster, ground, look }: RegionWanted,
  signal: AbortSignal,
): Promise<ImageBitmap> {
  const kernel = await loadKernel();
  const { beforeGround, drawn } = tablesFor(look, transparent);
  const draw = (pixels: Pixels) => {
    signal.throwIfAborted();
    return resample(kernel, pixels, map, raster, { ground, table: beforeGround, signal, onProgress: () => {} });
  };
  const rgba = await source.use({ drawnScale: scaleOf(map), exactly: false }, draw).catch(asOutOfMemory);
  if (drawn !== undefined) applyColourTable(rgba, drawn);
  return makeBitmap(new ImageData(rgba, raster.widthPx, raster.heightPx));
}

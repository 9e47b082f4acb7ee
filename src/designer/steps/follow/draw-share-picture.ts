import { flushSync } from "react-dom";
import { bleedSizeMm, type Product } from "#card/products.ts";

/** Of the whole picture; the card's longer side takes three quarters of it. */
const sizePx = 1200;
const longSidePx = 900;
/** The shadow is drawn so many times smaller: nothing in it is sharp, and to blur all its pixels would hold the page up. */
const shadowPart = 8;

/** For an issuer's logo, which the page has shown already. The server takes none above 64 kB. */
const logoTimeoutMs = 5000;
const mostLogoBytes = 500_000;

/** What a drawing that leaves the page would lose with the style sheets. */
const drawn = [
  "fill",
  "stroke",
  "opacity",
  "filter",
  "font-family",
  "font-size",
  "font-weight",
  "letter-spacing",
] as const;

async function loadImage(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

/** The file at an address of our own as a data: URL. Rejects where it does not come in time, or is larger than a logo may be. */
async function fetchDataUrl(address: string): Promise<string> {
  const signal = AbortSignal.timeout(logoTimeoutMs);
  const response = await fetch(address, { signal, redirect: "error" });
  const reader = response.body?.getReader();
  if (!response.ok || reader === undefined) throw new Error("no picture came");
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > mostLogoBytes) {
      await reader.cancel();
      throw new Error("larger than a logo may be");
    }
    parts.push(part.value);
  }
  const type = response.headers.get("content-type") ?? "";
  return new Promise((resolve, reject) => {
    const file = new FileReader();
    file.onload = () => resolve(file.result as string);
    file.onerror = () => reject(file.error ?? new Error("it cannot be read"));
    file.readAsDataURL(new Blob(parts, { type }));
  });
}

/** The pictures in a drawing by their addresses. One that does not come has failed on the card, too, which has words in its place. */
async function fetchImages(art: SVGSVGElement): Promise<ReadonlyMap<string, string>> {
  const fetched = new Map<string, string>();
  for (const image of art.querySelectorAll("image")) {
    const address = image.href.baseVal;
    try {
      fetched.set(address, await fetchDataUrl(address));
    } catch {
      flushSync(() => image.dispatchEvent(new Event("error")));
    }
  }
  return fetched;
}

/** Chip, mark, issuer, dummy number and dummy name as they lie on the card. */
async function loadArt(art: SVGSVGElement, width: number, height: number): Promise<HTMLImageElement> {
  // A drawing that is shown as a picture fetches nothing by itself.
  const images = await fetchImages(art);
  const copy = art.cloneNode(true) as SVGSVGElement;
  const copies = copy.querySelectorAll<SVGElement>("*");
  for (const [at, element] of [...art.querySelectorAll("*")].entries()) {
    const look = getComputedStyle(element);
    for (const name of drawn) {
      const value = look.getPropertyValue(name);
      // The attribute names the gradient too, and leads to it wherever the drawing is.
      if (!value.startsWith("url(")) copies[at]?.style.setProperty(name, value);
    }
  }
  for (const image of copy.querySelectorAll("image")) {
    const data = images.get(image.href.baseVal);
    if (data === undefined) image.remove();
    else image.setAttribute("href", data);
  }
  for (const [name, value] of [
    ["xmlns", "http://www.w3.org/2000/svg"],
    ["width", width],
    ["height", height],
  ] as const)
    copy.setAttribute(name, `${value}`);
  const url = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }));
  try {
    return await loadImage(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

function roundedPath(x: number, y: number, width: number, height: number, radius: number): Path2D {
  const corner = (dx: number, dy: number): string => `a${radius} ${radius} 0 0 1 ${dx * radius} ${dy * radius}`;
  const [across, down] = [width - 2 * radius, height - 2 * radius];
  return new Path2D(
    `M${x + radius} ${y}h${across}${corner(1, 1)}v${down}${corner(-1, 1)}h${-across}${corner(-1, -1)}v${-down}${corner(1, -1)}z`,
  );
}

/**
 * A square picture (PNG) of the card that is shown in `box`, cut and rounded, on a calm ground of its own colours. Made on the device;
 * what is on it is the picture and the dummies. Rejects where it cannot be drawn.
 */
export async function drawSharePicture(box: HTMLElement, product: Product): Promise<Blob> {
  const shown = box.querySelector("img");
  if (shown === null) throw new Error("no picture is shown");
  const picture = await loadImage(shown.src);
  const { trimWidthMm, trimHeightMm } = product;
  const scale = longSidePx / Math.max(trimWidthMm, trimHeightMm);
  const [width, height] = [trimWidthMm * scale, trimHeightMm * scale];
  const [x, y] = [(sizePx - width) / 2, (sizePx - height) / 2];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [sizePx, sizePx];
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  drawGround(context, picture);
  const path = roundedPath(x, y, width, height, product.cornerRadiusMm * scale);
  drawShadow(context, path);
  await breathe();
  context.clip(path);
  const art = box.querySelector<SVGSVGElement>("svg[data-card-art]");
  // Without that drawing it is the card maker's picture, which is cut and has its own.
  const bleed = art === null ? { widthMm: trimWidthMm, heightMm: trimHeightMm } : bleedSizeMm(product);
  const [wide, high] = [bleed.widthMm * scale, bleed.heightMm * scale];
  context.drawImage(picture, (sizePx - wide) / 2, (sizePx - high) / 2, wide, high);
  await breathe();
  if (art !== null) context.drawImage(await loadArt(art, width, height), x, y, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture was made")) : resolve(blob)), "image/png");
  });
}

/** Lets the page do what it has to, between what takes a while. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

function drawShadow(context: CanvasRenderingContext2D, path: Path2D): void {
  const small = document.createElement("canvas");
  [small.width, small.height] = [sizePx / shadowPart, sizePx / shadowPart];
  const shadow = small.getContext("2d");
  if (shadow === null) return;
  shadow.scale(1 / shadowPart, 1 / shadowPart);
  // In the canvas's own pixels, whatever its scale.
  Object.assign(shadow, {
    shadowColor: "rgb(0 0 0 / 0.5)",
    shadowBlur: 60 / shadowPart,
    shadowOffsetY: 28 / shadowPart,
  });
  shadow.fill(path);
  context.drawImage(small, 0, 0, sizePx, sizePx);
}

/** So few pixels of the picture, enlarged, are its colours and nothing else. */
function drawGround(context: CanvasRenderingContext2D, picture: HTMLImageElement): void {
  const few = document.createElement("canvas");
  [few.width, few.height] = [4, 4];
  const colours = few.getContext("2d");
  if (colours !== null) {
    colours.imageSmoothingQuality = "high";
    colours.drawImage(picture, 0, 0, 4, 4);
    context.imageSmoothingQuality = "high";
    context.drawImage(few, 0.5, 0.5, 3, 3, 0, 0, sizePx, sizePx);
  }
  context.fillStyle = "rgb(14 17 22 / 0.6)";
  context.fillRect(0, 0, sizePx, sizePx);
}

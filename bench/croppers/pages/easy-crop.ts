// react-easy-crop as its documentation uses it, with the canvas recipe that goes with it.
import { type ComponentProps, createElement, useState } from "react";
import { createRoot } from "react-dom/client";
import Cropper, { type Area, type Point } from "react-easy-crop";
import { element, raster, whenCropped, whenPicked } from "./page.ts";

async function loadImage(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await new Promise((resolve, reject) => {
    image.addEventListener("load", resolve);
    image.addEventListener("error", reject);
  });
  return image;
}

/** The whole photo onto a canvas of its size, which could be turned on the way, and from there the crop onto another. */
async function crop(url: string, area: Area): Promise<HTMLCanvasElement> {
  const image = await loadImage(url);
  const whole = document.createElement("canvas");
  [whole.width, whole.height] = [image.width, image.height];
  whole.getContext("2d")?.drawImage(image, 0, 0);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [raster.width, raster.height];
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("There is no canvas.");
  context.imageSmoothingQuality = "high";
  context.drawImage(whole, area.x, area.y, area.width, area.height, 0, 0, raster.width, raster.height);
  return canvas;
}

interface StageProps {
  readonly url: string;
  readonly onArea: (area: Area) => void;
}

function Stage({ url, onArea }: StageProps) {
  const [position, setPosition] = useState<Point>({ x: 0, y: 0 });
  const [zoom, setZoom] = useState(1);
  return createElement(Cropper, {
    image: url,
    crop: position,
    zoom,
    maxZoom: 5,
    aspect: raster.width / raster.height,
    objectFit: "cover",
    showGrid: false,
    onCropChange: setPosition,
    onZoomChange: setZoom,
    onCropComplete: (_percent: Area, pixels: Area) => onArea(pixels),
  } as unknown as ComponentProps<typeof Cropper>);
}

const reactRoot = createRoot(element("stage"));
whenPicked((url) => {
  let area: Area | undefined;
  const onArea = (now: Area): void => {
    area = now;
  };
  reactRoot.render(createElement(Stage, { url, onArea }));
  whenCropped(() => (area === undefined ? Promise.reject(new Error("There is no crop yet.")) : crop(url, area)));
});

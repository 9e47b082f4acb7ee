// cropperjs as its documentation uses it: the photo is moved under a selection that stays.
import Cropper from "cropperjs";
import { element, raster, whenCropped, whenPicked } from "./page.ts";

const template = `<cropper-canvas style="width: 100%; height: 100%">
    <cropper-image initial-center-size="cover" rotatable scalable translatable></cropper-image>
    <cropper-selection initial-coverage="1" aspect-ratio="${raster.width / raster.height}" outlined>
      <cropper-handle action="move" plain></cropper-handle>
    </cropper-selection>
  </cropper-canvas>`;

whenPicked((url) => {
  const image = new Image();
  image.src = url;
  const stage = element("stage");
  stage.append(image);
  const cropper = new Cropper(image, { container: stage, template });
  const beforeDraw = (context: CanvasRenderingContext2D): void => {
    context.imageSmoothingQuality = "high";
  };
  whenCropped(async () => {
    const canvas = await cropper.getCropperSelection()?.$toCanvas({ ...raster, beforeDraw });
    if (canvas === undefined) throw new Error("There is no selection.");
    return canvas;
  });
});

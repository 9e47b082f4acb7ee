/** Decoded pictures that were made in this worker and neither closed nor given away, and canvases' memory apart. */
const alive = new Set<ImageBitmap | VideoFrame>();

function keepCount<T extends ImageBitmap | VideoFrame>(picture: T): T {
  alive.add(picture);
  return picture;
}

const make = globalThis.createImageBitmap;
globalThis.createImageBitmap = async (...args: unknown[]) =>
  keepCount(await (make as (...all: unknown[]) => Promise<ImageBitmap>)(...args));

const { decode } = ImageDecoder.prototype;
ImageDecoder.prototype.decode = async function decodeCounted(options) {
  const result = await decode.call(this, options);
  keepCount(result.image);
  return result;
};

const { transferToImageBitmap } = OffscreenCanvas.prototype;
OffscreenCanvas.prototype.transferToImageBitmap = function transferCounted() {
  return keepCount(transferToImageBitmap.call(this));
};

for (const { prototype } of [ImageBitmap, VideoFrame]) {
  const { close } = prototype;
  prototype.close = function closeCounted(this: ImageBitmap & VideoFrame) {
    alive.delete(this);
    close.call(this);
  };
}

const post = self.postMessage.bind(self);
self.postMessage = (message: unknown, options?: string | StructuredSerializeOptions) => {
  if (typeof options !== "object") return;
  for (const given of options.transfer ?? []) alive.delete(given as ImageBitmap);
  post(message, options);
};

const channel = new BroadcastChannel("pictures alive");
channel.addEventListener("message", ({ data }) => {
  if (data === "how many") channel.postMessage(alive.size);
});

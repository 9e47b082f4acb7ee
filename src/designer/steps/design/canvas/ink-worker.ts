import { type InkMessage, InkPainter } from "./ink-painter.ts";

let painter: InkPainter | null = null;

/** The canvas comes first. */
self.addEventListener("message", ({ data }: MessageEvent<InkMessage | OffscreenCanvas>) => {
  if (data instanceof OffscreenCanvas) painter = new InkPainter(data);
  else painter?.take(data);
});

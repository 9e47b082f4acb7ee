// What the peers' pages share: a file input, a stage as large as our own, a button, and the picture as a PNG.

/** The card's, as a canvas has it. */
export const raster = { width: 1036, height: 664 } as const;

export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}.`);
  return found;
}

export function whenPicked(use: (url: string) => void): void {
  const input = element("file") as HTMLInputElement;
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file !== undefined) use(URL.createObjectURL(file));
  });
}

/** Draws frames until it is told to stop. */
function keepDrawing(): () => void {
  let frame = requestAnimationFrame(function again() {
    frame = requestAnimationFrame(again);
  });
  return () => cancelAnimationFrame(frame);
}

/**
 * A click on the button: the crop, and as the recipes end, a blob with an address for an image. Chromium encodes a canvas in idle time,
 * and after a hand has touched the page it finds that between frames only: a page without any waits a second more. One that
 * shows that it works has frames, so these have them too.
 */
export function whenCropped(crop: () => Promise<HTMLCanvasElement>): void {
  element("crop").addEventListener("click", () => {
    const stopDrawing = keepDrawing();
    void crop().then((canvas) =>
      canvas.toBlob((blob) => {
        stopDrawing();
        if (blob === null) throw new Error("The canvas gave no PNG.");
        URL.createObjectURL(blob);
      }, "image/png"),
    );
  });
}

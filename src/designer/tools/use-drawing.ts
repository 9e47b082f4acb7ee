import { type RefObject, useEffect, useRef } from "react";

/**
 * The ref of a canvas that is drawn on in a task of its own, after what it is part of is on the screen: to shrink a photo well takes as long
 * as a frame. `draw` is to be the same for as long as the picture is.
 */
export function useDrawing(draw: (context: CanvasRenderingContext2D) => void): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      const context = canvas.current?.getContext("2d");
      if (context) draw(context);
    });
    return () => clearTimeout(timer);
  }, [draw]);
  return canvas;
}

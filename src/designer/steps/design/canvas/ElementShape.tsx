import type { Context } from "konva/lib/Context.js";
import type { Shape as KonvaShape } from "konva/lib/Shape.js";
import { type ReactNode, useLayoutEffect, useMemo, useRef } from "react";
import { Shape } from "react-konva/es/ReactKonvaCore.js";
import { artOf, artToCard, type Box, type VectorElement } from "#design/elements.ts";
import { fitBox } from "#design/templates/template.ts";
import { useDesignStore } from "../../../store/use-design-store.tsx";
import type { Stroke } from "../../../tools/drawing/stroke.ts";
import { straightPathOf } from "./straight-path.ts";
import { RubbedDrawing } from "./ink.ts";
import type { Canvas2D } from "./ink-painter.ts";
import { boxAt } from "./selected.ts";
import type { PhotoHandles } from "./shapes.tsx";

interface ElementShapeProps {
  readonly element: VectorElement;
  readonly handles: PhotoHandles;
  /** Is not printed, and is seen to be none of what is. */
  readonly isGuide?: boolean;
}

const guideOpacity = 0.5;

/** What lies on the photo, of the outlines that are printed. During a gesture it is moved by its handle. */
export function ElementShape({ element, handles, isGuide = false }: ElementShapeProps): ReactNode {
  const arts = useDesignStore((state) => state.arts);
  const node = useRef<KonvaShape>(null);
  const shown = useRef<Box>(element.box);
  const rubbed = useRef<RubbedDrawing | null>(null);
  const { id } = element;
  const art = useMemo(() => artOf(element, (name) => arts.get(name)), [element, arts]);
  const draw = ({ _context: canvas }: Context): void => {
    if (art === undefined) return;
    const isFitted = isGuide && element.kind === "text";
    const at = isFitted ? fitBox({ widthMm: art.width, heightMm: art.height }, shown.current) : shown.current;
    const drawArt = (on: Canvas2D): void => {
      on.save();
      if (isGuide) on.globalAlpha = guideOpacity;
      on.transform(...artToCard(art, at));
      const { a, b, c, d } = on.getTransform();
      const pxPerUnit = Math.max(Math.hypot(a, b), Math.hypot(c, d));
      for (const op of art.ops) {
        on.fillStyle = op.fill;
        on.fill(straightPathOf(op, pxPerUnit), op.rule);
      }
      on.restore();
    };
    if (rubbed.current === null) drawArt(canvas);
    else rubbed.current.draw(canvas, drawArt);
  };
  useLayoutEffect(() => {
    const show = (box: Box): void => {
      shown.current = box;
      node.current?.getLayer()?.batchDraw();
    };
    const rub = (stroke: Stroke | null): void => {
      if (stroke === null && rubbed.current === null) return;
      if (stroke === null) rubbed.current = null;
      else (rubbed.current ??= new RubbedDrawing(stroke)).rub(stroke);
      node.current?.getLayer()?.batchDraw();
    };
    rubbed.current = null;
    show(element.box);
    const canBeRubbed = element.kind === "drawing";
    handles.set(id, { show: (pose) => show(boxAt(element.box, pose)), ...(canBeRubbed && { rub }) });
    return () => void handles.delete(id);
  }, [handles, id, element]);
  return <Shape ref={node} sceneFunc={draw} listening={false} perfectDrawEnabled={false} />;
}

import type { Context } from "konva/lib/Context.js";
import type { Shape as KonvaShape } from "konva/lib/Shape.js";
import { type ReactNode, useLayoutEffect, useMemo, useRef } from "react";
import { Shape } from "react-konva/es/ReactKonvaCore.js";
import { artOf, artToCard, type Box, type DrawOp, type VectorElement } from "#design/elements.ts";
import { fitBox } from "#design/templates/template.ts";
import { useDesignStore } from "../../../store/use-design-store.tsx";
import { boxAt } from "./selected.ts";
import type { PhotoHandles } from "./shapes.tsx";

const paths = new WeakMap<DrawOp, Path2D>();

/** An outline is read once, however often it is drawn. */
function pathOf(op: DrawOp): Path2D {
  const known = paths.get(op) ?? new Path2D(op.path);
  paths.set(op, known);
  return known;
}

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
  const { id } = element;
  const art = useMemo(() => artOf(element, (name) => arts.get(name)), [element, arts]);
  const draw = ({ _context: canvas }: Context): void => {
    if (art === undefined) return;
    canvas.save();
    const at =
      isGuide && element.kind === "text"
        ? fitBox({ widthMm: art.width, heightMm: art.height }, shown.current)
        : shown.current;
    if (isGuide) canvas.globalAlpha = guideOpacity;
    canvas.transform(...artToCard(art, at));
    for (const op of art.ops) {
      canvas.fillStyle = op.fill;
      canvas.fill(pathOf(op), op.rule);
    }
    canvas.restore();
  };
  useLayoutEffect(() => {
    const show = (box: Box): void => {
      shown.current = box;
      node.current?.getLayer()?.batchDraw();
    };
    show(element.box);
    handles.set(id, { show: (pose) => show(boxAt(element.box, pose)) });
    return () => void handles.delete(id);
  }, [handles, id, element]);
  return <Shape ref={node} sceneFunc={draw} listening={false} perfectDrawEnabled={false} />;
}

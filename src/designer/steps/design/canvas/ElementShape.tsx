import type { Context } from "konva/lib/Context.js";
import type { Shape as KonvaShape } from "konva/lib/Shape.js";
import { type ReactNode, useLayoutEffect, useMemo, useRef } from "react";
import { Shape } from "react-konva/es/ReactKonvaCore.js";
import { artOf, artToCard, type Box, type VectorElement } from "#design/elements.ts";
import { useDesignStore } from "../../../store/use-design-store.tsx";
import { pathOf } from "./element-at.ts";
import { boxAt } from "./selected.ts";
import type { PhotoHandles } from "./shapes.tsx";

interface ElementShapeProps {
  readonly element: VectorElement;
  readonly handles: PhotoHandles;
}

/** What lies on the photo, of the outlines that are printed. During a gesture it is moved by its handle. */
export function ElementShape({ element, handles }: ElementShapeProps): ReactNode {
  const arts = useDesignStore((state) => state.arts);
  const node = useRef<KonvaShape>(null);
  const shown = useRef<Box>(element.box);
  const { id } = element;
  const art = useMemo(() => artOf(element, (name) => arts.get(name)), [element, arts]);
  const draw = ({ _context: canvas }: Context): void => {
    if (art === undefined) return;
    canvas.save();
    canvas.transform(...artToCard(art, shown.current));
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

import type { Context } from "konva/lib/Context.js";
import type { Shape as KonvaShape } from "konva/lib/Shape.js";
import { type ReactNode, type Ref, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { Shape } from "react-konva/es/ReactKonvaCore.js";
import type { Placement } from "#card/placement.ts";
import { useDesignStore } from "../store/use-design-store.tsx";

/** Moves the photo on the screen while a hand is on it, without a render and without writing the store. */
export interface PhotoHandle {
  show(placement: Placement): void;
}

function attributesOf(placement: Placement) {
  return {
    x: placement.xMm,
    y: placement.yMm,
    scaleX: placement.mirrored ? -placement.mmPerPx : placement.mmPerPx,
    scaleY: placement.mmPerPx,
    rotation: placement.rotationDeg,
  };
}

/** The photo as the store has it. Its own units are the photo's pixels, from its centre. */
export function PhotoShape(props: { readonly handle?: Ref<PhotoHandle> | undefined }): ReactNode {
  const photo = useDesignStore((state) => state.photo);
  const placement = useDesignStore((state) => state.placement);
  const node = useRef<KonvaShape>(null);

  useImperativeHandle(props.handle, () => ({ show: (at) => void node.current?.setAttrs(attributesOf(at)) }), []);
  useLayoutEffect(() => {
    if (placement !== null) node.current?.setAttrs(attributesOf(placement));
  }, [placement]);

  if (photo === null) return null;
  const draw = (context: Context) => {
    // A bitmap that has been closed is 0 wide; drawing it would throw.
    if (photo.preview.width === 0) return;
    context.setAttr("imageSmoothingEnabled", true);
    context.setAttr("imageSmoothingQuality", "high");
    context.drawImage(photo.preview, -photo.widthPx / 2, -photo.heightPx / 2, photo.widthPx, photo.heightPx);
  };
  return <Shape ref={node} sceneFunc={draw} listening={false} perfectDrawEnabled={false} />;
}

import type { ReactNode } from "react";
import { artOf, type VectorElement } from "#design/elements.ts";
import { useDesignStore } from "../store/use-design-store.tsx";

interface ElementArtProps {
  readonly element: VectorElement;
  readonly className?: string | undefined;
}

/** An element by itself, as large as its place allows, with its own proportions. */
export function ElementArt({ element, className }: ElementArtProps): ReactNode {
  const arts = useDesignStore((state) => state.arts);
  const art = artOf(element, (name) => arts.get(name));
  if (art === undefined) return null;
  const { widthMm, heightMm, rotationDeg, mirrored } = element.box;
  // Seen whole however it is turned.
  const side = Math.hypot(widthMm, heightMm);
  const scale = `scale(${((mirrored ? -1 : 1) * widthMm) / art.width} ${heightMm / art.height})`;
  return (
    <svg className={className} viewBox={`${-side / 2} ${-side / 2} ${side} ${side}`} aria-hidden="true">
      <g transform={`rotate(${rotationDeg}) ${scale} translate(${-art.width / 2} ${-art.height / 2})`}>
        {art.ops.map((op, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- an art is never changed
          <path key={at} d={op.path} fill={op.fill} fillRule={op.rule} />
        ))}
      </g>
    </svg>
  );
}

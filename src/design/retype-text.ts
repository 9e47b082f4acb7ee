import type { Product } from "#card/products.ts";
import { type Design, sameBox } from "./design.ts";
import type { Edit } from "./edits.ts";
import { clampBox } from "./element-box.ts";
import { findElement, newText, rewriteText } from "./element-edits.ts";
import { type Art, type Box, type FindArt, nameWriting, type Text, type Writing } from "./elements.ts";
import { findPart } from "./templates/template.ts";
import { findTemplate } from "./templates/templates.ts";

type ArtSize = Pick<Art, "width" | "height">;

/**
 * Writes something else, or otherwise. A text that lies where a new one is laid, in letters of this size (the em, in mm), keeps on doing so: it
 * has not been moved or scaled, and is not to grow over what is printed. Any other stays about its centre, as `rewriteText` has it.
 */
export function retypeText(id: string, writing: Writing, after: ArtSize, sizeMm: number, findArt: FindArt): Edit {
  return (design, product) => {
    const element = findElement(design, id);
    const before = element?.kind === "text" ? findArt(nameWriting(element)) : undefined;
    if (element?.kind !== "text" || before === undefined || !liesAsNew(element, before, sizeMm, design, product))
      return rewriteText(id, writing, findArt, after)(design, product);
    const written = { ...element, ...writing };
    const retyped = { ...written, box: boxOfNew(written, after, sizeMm, design, product) };
    return { ...design, elements: design.elements.map((other) => (other === element ? retyped : other)) };
  };
}

function liesAsNew(element: Text, art: ArtSize, sizeMm: number, design: Design, product: Product): boolean {
  if (findPart(findTemplate(design.template, product), element.id) !== undefined) return false;
  return sameBox(element.box, boxOfNew(element, art, sizeMm, design, product));
}

/** Where this text would be laid if it were new. */
function boxOfNew(text: Text, art: ArtSize, sizeMm: number, design: Design, product: Product): Box {
  const others = { ...design, elements: design.elements.filter(({ id }) => id !== text.id) };
  const laid = newText(text, art, sizeMm, others, product);
  return clampBox(laid.box, product, text);
}

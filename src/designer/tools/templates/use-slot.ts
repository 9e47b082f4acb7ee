import { useCallback, useEffect, useRef, useState } from "react";
import { removeElement } from "#design/element-edits.ts";
import type { Edit } from "#design/edits.ts";
import { nameWriting } from "#design/elements.ts";
import { mostLinesOf, type Template, type TemplateElement } from "#design/templates/template.ts";
import { fillSlot, fitsSlot } from "#design/templates/template-edits.ts";
import { findSlotFault } from "#design/text-policy.ts";
import { checkText, maxLetters, type TextFlaw, tidyText } from "#design/text-rules.ts";
import type { TextHint } from "#contracts/text-hint.ts";
import { type DesignStore, typingGesture } from "../../store/design-store.ts";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { listHints } from "../written.ts";

/** What has to be said of what was typed. */
export interface Said {
  readonly problem?: TextFlaw | "tooLong" | "mustStay" | "full" | "failed";
  readonly missing?: readonly string[];
  readonly hints?: readonly TextHint[];
}

/** All that is typed until the field is left is one step of undo; what comes later is one of its own. */
function useTyping(store: DesignStore) {
  const isOpen = useRef(false);
  const begin = (): void => {
    isOpen.current = true;
  };
  const end = useCallback((): void => {
    isOpen.current = false;
    store.getState().endGesture(typingGesture);
  }, [store]);
  useEffect(() => end, [end]);
  const edit = (change: Edit): void => {
    if (!isOpen.current) return store.getState().edit(change);
    store.getState().beginGesture(typingGesture);
    store.getState().edit(change, typingGesture);
  };
  return { begin, end, edit };
}

function useSlotText(part: TemplateElement): string {
  const { element } = part;
  const laid = useDesignStore(({ design }) => design.elements.find(({ id }) => id === element.id));
  return laid?.kind === "text" ? laid.text : "";
}

interface Slot {
  /** As it stands in the field. */
  readonly typed: string;
  readonly said: Said;
  type(text: string): void;
  open(): void;
  close(): void;
}

/** A text of the template that is being filled: what is typed lies on the card as soon as its letters are there, the latest alone. */
export function useSlot(template: Template, part: TemplateElement): Slot {
  const store = useDesignStoreApi();
  const laid = useSlotText(part);
  const [typed, setTyped] = useState<string | null>(null);
  const [said, setSaid] = useState<Said>({});
  const latest = useRef(0);
  const typing = useTyping(store);
  const { element } = part;

  const write = async (text: string): Promise<void> => {
    if (element.kind !== "text") return;
    latest.current += 1;
    const mine = latest.current;
    try {
      const there = store.getState().design.elements.find(({ id }) => id === element.id);
      const { face, align } = there?.kind === "text" ? there : element;
      const { art, missing } = await store.getState().writeText({ text, face, align });
      if (mine !== latest.current) return;
      if (!fitsSlot(part, text, art)) return setSaid({ problem: "tooLong" });
      store.getState().addArts(new Map([[nameWriting({ text, face, align }), art]]));
      const { arts } = store.getState();
      if (art.ops.length > 0) typing.edit(fillSlot(template, element.id, text, art, (name) => arts.get(name)));
      if (art.ops.length === 0 && missing.length === 0) return setSaid({ problem: "no-letters" });
      const isLaid = store.getState().design.elements.some(({ id }) => id === element.id);
      setSaid(isLaid || art.ops.length === 0 ? { missing } : { problem: "full" });
      const hints = await listHints(text).catch(() => []);
      if (mine === latest.current) setSaid((now) => ({ ...now, hints }));
    } catch {
      if (mine === latest.current) setSaid({ problem: "failed" });
    }
  };

  const take = (next: string): void => {
    setTyped(next);
    const text = tidyText(next);
    const most = { lines: mostLinesOf(part), letters: maxLetters };
    const flaw = checkText(text, most) ?? findSlotFault(text, store.getState().product);
    if (flaw === null) return store.getState().awaitText(write(text));
    latest.current += 1;
    if (flaw !== "no-letters") return setSaid({ problem: flaw });
    const mustStay = part.locks.remove === true;
    setSaid(next !== "" ? { problem: flaw } : mustStay ? { problem: "mustStay" } : {});
    if (!mustStay) typing.edit(removeElement(element.id));
  };

  return {
    typed: typed ?? laid,
    said,
    type: take,
    open: () => {
      typing.begin();
      setTyped(laid);
    },
    close: () => {
      // What could not be laid stays in the field, with what is wrong with it.
      if (said.problem === undefined) setTyped(null);
      typing.end();
    },
  };
}

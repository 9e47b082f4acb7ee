import { useEffect, useRef, useState } from "react";
import type { Edit } from "#design/edits.ts";
import { addElement, findElement, newText, rewriteText, setFill } from "#design/element-edits.ts";
import { type Art, nameWriting, type Text, type Writing } from "#design/elements.ts";
import { checkText, type TextFlaw, tidyText } from "#design/text-rules.ts";
import type { TextHint } from "#lettering/text-hints.ts";
import { colourGesture, type DesignState, type GestureOwner } from "../../store/design-store.ts";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { listHints } from "./hints.ts";

type Style = Pick<Text, "face" | "align" | "fill">;

/** How it is written where nothing has been chosen. */
const plainStyle = { face: "plain", align: "centre", fill: "#ffffff" } as const satisfies Style;

/** 16 points. */
const newSizeMm = 5.6;

/** What became of the last thing that was typed. */
export interface Written {
  /** Letters that no font has. */
  readonly missing: readonly string[];
  readonly hints: readonly TextHint[];
  /** Shaper or font could not be loaded. */
  readonly failed: boolean;
}

const nothingWritten: Written = { missing: [], hints: [], failed: false };

interface Typing {
  /** As it stands in the field. */
  readonly typed: string;
  readonly flaw: TextFlaw | null;
  readonly written: Written;
  readonly writing: Writing;
  /** `#rrggbb`, lower case. */
  readonly fill: string;
  /** Nothing of it lies on the card yet. */
  readonly isNew: boolean;
  type(text: string): void;
  restyle(change: Partial<Pick<Text, "face" | "align">>): void;
  colour(fill: string, by?: GestureOwner): void;
  /** Whatever was typed until now is one step of undo. */
  finish(): void;
}

function selectedText({ design, selection }: DesignState): Text | undefined {
  const element = findElement(design, selection);
  return element?.kind === "text" ? element : undefined;
}

/** The text that is being written: the selected one, or a new one from its first letter on. */
export function useTyping(): Typing {
  const store = useDesignStoreApi();
  const selected = useDesignStore(selectedText);
  const [typed, setTyped] = useState(selected?.text ?? "");
  const [style, setStyle] = useState<Style>(selected ?? plainStyle);
  const [written, setWritten] = useState(nothingWritten);
  const [followed, setFollowed] = useState(selected);
  const latest = useRef(0);
  useEffect(() => () => store.getState().endGesture(colourGesture), [store]);

  // Another text is selected, or undo has made another of this one: the field shows that.
  if (selected !== followed) {
    setFollowed(selected);
    if (selected?.id !== followed?.id || selected?.text !== tidyText(typed)) setTyped(selected?.text ?? "");
    if (selected !== undefined) setStyle(selected);
  }

  const finish = (): void => store.getState().endGesture(colourGesture);
  const write = async (wanted: Writing): Promise<void> => {
    latest.current += 1;
    const mine = latest.current;
    try {
      const { art, missing } = await store.getState().writeText(wanted);
      const hints = await listHints(wanted.text);
      if (latest.current !== mine) return;
      setWritten({ missing, hints, failed: false });
      if (art.ops.length > 0) lay(store.getState(), wanted, style.fill, art);
    } catch {
      if (latest.current === mine) setWritten({ ...nothingWritten, failed: true });
    }
  };
  const text = tidyText(typed);
  const writing: Writing = { text, face: style.face, align: style.align };
  return {
    typed,
    flaw: checkText(text),
    written,
    writing,
    fill: style.fill,
    isNew: selected === undefined,
    type: (next) => {
      setTyped(next);
      const tidied = tidyText(next);
      if (checkText(tidied) === null) void write({ ...writing, text: tidied });
    },
    restyle: (change) => {
      setStyle({ ...style, ...change });
      // A step of its own.
      finish();
      if (checkText(text) === null) void write({ ...writing, ...change }).then(finish);
    },
    colour: (fill, by) => {
      setStyle({ ...style, fill });
      if (selected !== undefined) store.getState().edit(setFill(selected.id, fill), by);
    },
    finish,
  };
}

/** Lays the text on the card, in place of what was typed before it. */
function lay(state: DesignState, writing: Writing, fill: string, art: Art): void {
  const { arts, addArts, beginGesture, edit } = state;
  addArts(new Map([[nameWriting(writing), art]]));
  const id = selectedText(state)?.id ?? null;
  const write: Edit = (design, on) => {
    // What was typed before it in the same go is not there yet: such edits begin where the gesture began.
    const isThere = id !== null && findElement(design, id) !== undefined;
    if (!isThere) return addElement(newText({ ...writing, fill }, art, newSizeMm, design, on))(design, on);
    return rewriteText(id, writing, (name) => arts.get(name), art)(design, on);
  };
  beginGesture(colourGesture);
  edit(write, colourGesture);
}

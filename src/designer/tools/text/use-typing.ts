import { useEffect, useState } from "react";
import { setFill } from "#design/element-edits.ts";
import type { Text, Writing } from "#design/elements.ts";
import { checkTextFor, textLimitsOf } from "#design/text-policy.ts";
import { type TextFlaw, tidyText } from "#design/text-rules.ts";
import type { TextHint } from "#contracts/text-hint.ts";
import type { GestureOwner } from "../../store/design-store.ts";
import { useDesignStore, useDesignStoreApi } from "../../store/use-design-store.tsx";
import { listHints } from "../written.ts";
import { selectedText, type Style, Typewriter } from "./typewriter.ts";

const plainFill = "#ffffff";

/** How it is written where nothing has been chosen, in one of these colours, if only these may be. */
function plainStyle(colours: readonly string[] | undefined): Style {
  const fill = colours?.includes(plainFill) === false ? (colours[0] ?? plainFill) : plainFill;
  return { face: "plain", align: "centre", fill };
}

/** What became of the last thing that was typed. */
export interface Written {
  /** Letters that no font has. */
  readonly missing: readonly string[];
  /** Its letters are there and have no outlines: nothing of it would be seen. */
  readonly isUnseen: boolean;
  readonly hints: readonly TextHint[];
  /** Shaper or font could not be loaded. */
  readonly failed: boolean;
}

const nothingWritten: Written = { missing: [], isUnseen: false, hints: [], failed: false };

interface Typing {
  /** As it stands in the field. */
  readonly typed: string;
  /** An empty field has none. */
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
  /** The field has got the focus, or lost it. */
  open(): void;
  close(): void;
}

/** Has it written what is typed, and says what became of that. */
function useWriting(writer: Typewriter, fill: string) {
  const [written, setWritten] = useState(nothingWritten);
  const write = async (wanted: Writing): Promise<void> => {
    try {
      const result = await writer.write(wanted, fill);
      if (result === null) return;
      const { art, missing } = result;
      const isUnseen = art.ops.length === 0 && missing.length === 0;
      setWritten({ missing, isUnseen, hints: [], failed: false });
      const hints = await listHints(wanted.text).catch(() => []);
      setWritten((now) => (now.missing === missing ? { ...now, hints } : now));
    } catch {
      setWritten({ ...nothingWritten, failed: true });
    }
  };
  return { written, write, setWritten };
}

/** The text that is being written: the selected one, or a new one from its first letter on. */
export function useTyping(): Typing {
  const store = useDesignStoreApi();
  const [writer] = useState(() => new Typewriter(store));
  const selected = useDesignStore(selectedText);
  const limits = textLimitsOf(useDesignStore((state) => state.product));
  const [typed, setTyped] = useState(selected?.text ?? "");
  const [style, setStyle] = useState<Style>(selected ?? plainStyle(limits.colours));
  const { written, write, setWritten } = useWriting(writer, style.fill);
  const [followed, setFollowed] = useState(selected);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => () => writer.close(), [writer]);
  useEffect(() => writer.follow(selected?.id), [writer, selected?.id]);

  // Another text is selected, or undo has made another of this one. What is being typed is not touched.
  if (selected !== followed) {
    setFollowed(selected);
    if (!isOpen) setTyped(selected?.text ?? "");
    if (!isOpen && selected?.id !== followed?.id) setWritten(nothingWritten);
    if (selected !== undefined) setStyle(selected);
  }

  const text = tidyText(typed);
  const writing: Writing = { text, face: style.face, align: style.align };
  return {
    typed,
    flaw: typed === "" ? null : written.isUnseen ? "no-letters" : checkTextFor(text, limits),
    written,
    writing,
    fill: style.fill,
    isNew: selected === undefined,
    type: (next) => {
      setTyped(next);
      const tidied = tidyText(next);
      const flaw = checkTextFor(tidied, limits);
      if (flaw === null) return void write({ ...writing, text: tidied });
      setWritten(nothingWritten);
      if (flaw === "no-letters") writer.clear();
      else writer.forget();
    },
    restyle: (change) => {
      setStyle({ ...style, ...change });
      if (checkTextFor(text, limits) === null) void write({ ...writing, ...change });
    },
    colour: (fill, by) => {
      setStyle({ ...style, fill });
      if (selected !== undefined) store.getState().edit(setFill(selected.id, fill), by);
    },
    open: () => {
      setOpen(true);
      writer.open();
    },
    close: () => {
      setOpen(false);
      writer.close();
    },
  };
}

import { CardDesignerError, type Changes, type Handle, type Options } from "../options.ts";
import { loadCardDesigner, type ScriptOptions } from "./load.ts";

export type ShownOptions = Options & ScriptOptions;

/** What a page may ask of a designer, from before its script has come. */
export interface Actions extends Pick<Handle, "focus" | "submit" | "close"> {
  /** Starts anew a designer that could not be started; any other goes on as it is. */
  retry(): void;
}

/** A designer in an element of the page, however it was written there. */
export interface Shown extends Actions {
  /** The options may have changed: what the designer can change, it does. */
  update(): void;
  remove(): void;
}

/** What is asked of a designer that is not on the page. */
export async function refuseAbsent(): Promise<never> {
  throw new CardDesignerError("destroyed", "The designer is not on the page.");
}

function changesOf({ locale, messages, theme, colorScheme, layout }: ShownOptions): Changes {
  return { locale, messages, theme, colorScheme, layout } as Changes;
}

/** The options as they are now, with functions that call those of the time when they are called. */
function followOptions(read: () => ShownOptions): Options {
  const follow = (name: string, given: unknown): unknown => {
    if (typeof given !== "function") return given;
    return (...values: unknown[]) => ((read() as unknown as Record<string, typeof given>)[name] ?? given)(...values);
  };
  const given = Object.entries(read()).filter(([, value]) => value !== undefined);
  const followed = Object.fromEntries(given.map(([name, value]) => [name, follow(name, value)]));
  return { ...followed, onEvent: (event) => read().onEvent?.(event) } as Options;
}

/**
 * What the loader shows, with a button that starts anew, when the designer cannot be started and its frame has nothing to say. Nobody sees
 * this one: it tells `onChange` that there is something to be shown instead, or no longer.
 */
function createNote(place: HTMLElement, onChange: (isShown: boolean) => void) {
  const note = document.createElement("div");
  const button = document.createElement("button");
  note.dataset["failed"] = "";
  note.hidden = true;
  note.style.display = "none";
  note.append(button);
  place.append(note);
  const observer = new MutationObserver(() => onChange(!note.hidden));
  observer.observe(note, { attributeFilter: ["hidden"] });
  return {
    retry: () => {
      if (!note.hidden) button.click();
    },
    remove: () => {
      observer.disconnect();
      note.remove();
    },
  };
}

/**
 * Puts a designer into `place`, with the options as `read` gives them, then and later. Calls `onFailure` with true when its script does not
 * come, which is told to `onEvent` as well, or when it cannot be started and its frame has nothing to say, and with false when it can be.
 */
export function showDesigner(
  place: HTMLElement,
  read: () => ShownOptions,
  onFailure: (isFailed: boolean) => void,
): Shown {
  let isRemoved = false;
  let handle: Handle | undefined;
  let told = "";
  const note = createNote(place, onFailure);
  const mount = async (): Promise<Handle> => {
    const designer = await loadCardDesigner(read());
    if (isRemoved || !designer) return refuseAbsent();
    told = JSON.stringify(changesOf(read()));
    onFailure(false);
    handle = designer.mount(place, followOptions(read));
    return handle;
  };
  const start = (): Promise<Handle> => {
    const starting = mount();
    starting.catch(({ code = "not-started", detail = "" }: Partial<CardDesignerError>) => {
      if (isRemoved) return;
      // Nothing comes into it, and a page may have given it a look.
      place.hidden = true;
      onFailure(true);
      read().onEvent?.({ type: "problem", eventId: `form-${Math.random()}`, code, detail });
    });
    return starting;
  };
  let mounted = start();

  return {
    focus: (edge) => void mounted.then((it) => it.focus(edge)).catch(() => {}),
    submit: async () => (await mounted).submit(),
    close: async (o) => {
      const it = await mounted.catch(() => undefined);
      return it ? it.close(o) : "kept";
    },
    retry: () => {
      if (handle) note.retry();
      else if (place.hidden) {
        place.hidden = false;
        mounted = start();
        void mounted.then((it) => it.focus()).catch(() => {});
      }
    },
    update: () => {
      const changes = changesOf(read());
      const text = JSON.stringify(changes);
      // A page that writes `theme={{ … }}` has a new object at each render, and the same theme.
      if (!handle || text === told) return;
      told = text;
      handle.update(changes);
    },
    remove: () => {
      isRemoved = true;
      void handle?.destroy();
      note.remove();
      place.hidden = false;
    },
  };
}

import { CardDesignerError, type Changes, type Handle, type Options } from "../options.ts";
import { loadCardDesigner, type ScriptOptions } from "./load.ts";

export type ShownOptions = Options & ScriptOptions;

/** What a page may ask of a designer, from before its script has come. */
export type Actions = Pick<Handle, "focus" | "submit" | "close">;

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
 * Puts a designer into `place`, with the options as `read` gives them, then and later. Calls `onFailure` when its script does not come,
 * which is told to `onEvent` as well; for everything else there is the designer itself.
 */
export function showDesigner(place: HTMLElement, read: () => ShownOptions, onFailure: () => void): Shown {
  let isRemoved = false;
  let handle: Handle | undefined;
  let told = "";

  const mount = async (): Promise<Handle> => {
    const designer = await loadCardDesigner(read());
    if (isRemoved || !designer) return refuseAbsent();
    told = JSON.stringify(changesOf(read()));
    handle = designer.mount(place, followOptions(read));
    return handle;
  };
  const mounted = mount();
  mounted.catch(({ code = "not-started", detail = "" }: Partial<CardDesignerError>) => {
    if (isRemoved) return;
    onFailure();
    read().onEvent?.({ type: "problem", eventId: `form-${Math.random()}`, code, detail });
  });

  return {
    focus: (edge) => void mounted.then((it) => it.focus(edge)).catch(() => {}),
    submit: async () => (await mounted).submit(),
    close: async (o) => {
      const it = await mounted.catch(() => undefined);
      return it ? it.close(o) : "kept";
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
    },
  };
}

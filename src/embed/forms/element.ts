import type { Options, Receipt } from "../options.ts";
import { type Actions, refuseAbsent, type Shown, type ShownOptions, showDesigner } from "./shown.ts";

const tag = "card-designer";
const attributes = ["origin", "locale", "color-scheme", "layout", "frame-title"] as const;
/** What no attribute can say. */
const properties = ["fetchSession", "beforeSubmit", "pickImage", "messages", "theme"] as const;

type Property = Exclude<keyof Options, "locale" | "colorScheme" | "layout" | "title" | "onEvent">;
type Given = { -readonly [Name in Property]?: Options[Name] | undefined };

/** On a server there are no elements, and none is made. */
const Base = globalThis.HTMLElement ?? Object;

/** What is an attribute reads like this; null counts as not given. */
function readAttributes(element: HTMLElement): Record<string, string | undefined> {
  const [origin, locale, colorScheme, layout, title] = attributes.map(
    (name) => element.getAttribute(name) ?? undefined,
  );
  return { origin, locale, colorScheme, layout, title, nonce: element.nonce || undefined };
}

/** The children are shown where the designer cannot be started, before the place of its frame. */
function createSlots(host: HTMLElement): { place: HTMLElement; showChildren(isShown: boolean): void } {
  const root = host.attachShadow({ mode: "open" });
  const style = new CSSStyleSheet();
  style.replaceSync(":host { display: block } :host([hidden]) { display: none }");
  root.adoptedStyleSheets = [style];
  const designer = document.createElement("slot");
  designer.name = "designer";
  const children = document.createElement("slot");
  root.append(children, designer);
  const place = document.createElement("div");
  place.slot = designer.name;
  const showChildren = (isShown: boolean): void => {
    children.style.display = isShown ? "contents" : "none";
  };
  showChildren(false);
  return { place, showChildren };
}

// The properties are those of the designer's options, whichever they are.
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- its properties are made at run time, for each option
export interface CardDesignerElement extends Given {}

/**
 * `<card-designer origin="…">`: starts once it is on the page and has a `fetchSession`. Each event of the designer is a `CustomEvent` of its
 * type, with the event as its `detail`; none bubbles. Moved on the page, the designer goes on; taken off it, it goes too.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- its properties are made at run time, for each option
export class CardDesignerElement extends Base implements Actions {
  static readonly observedAttributes = attributes;
  readonly #given: Record<string, unknown> = {};
  #slots: ReturnType<typeof createSlots> | undefined;
  #shown: Shown | undefined;
  #origin = "";
  #isChecking = false;

  static {
    for (const name of properties)
      Object.defineProperty(this.prototype, name, {
        get(this: CardDesignerElement) {
          return this.#given[name];
        },
        set(this: CardDesignerElement, value: unknown) {
          this.#given[name] = value;
          this.#check();
        },
      });
  }

  constructor() {
    super();
    // Set before the element was defined, they are its own and would hide those above.
    for (const name of properties) {
      const { value } = Object.getOwnPropertyDescriptor(this, name) ?? {};
      if (!Reflect.deleteProperty(this, name) || value === undefined) continue;
      this.#given[name] = value;
    }
  }

  connectedCallback(): void {
    this.#check();
  }

  disconnectedCallback(): void {
    this.#check();
  }

  attributeChangedCallback(): void {
    this.#check();
  }

  /** Moves the focus to the designer's first or last control. */
  override focus(edge?: "first" | "last" | FocusOptions): void {
    this.#shown?.focus(typeof edge === "string" ? edge : "first");
  }

  /** Sends the design, as the designer's own button does. */
  async submit(): Promise<Receipt> {
    return this.#shown?.submit() ?? refuseAbsent();
  }

  /** Takes the designer away once it has kept the design, or deleted it with `discard`. */
  async close(o?: { discard?: boolean }): ReturnType<Actions["close"]> {
    return this.#shown?.close(o) ?? "kept";
  }

  /** Starts anew where the designer could not be started, as a button among the children may. */
  retry(): void {
    this.#shown?.retry();
  }

  /** Once the page is done with what it does now: a framework sets attributes and properties one by one, and moving is taking off and putting on. */
  #check(): void {
    if (this.#isChecking) return;
    this.#isChecking = true;
    queueMicrotask(() => {
      this.#isChecking = false;
      const { origin = "" } = readAttributes(this);
      const isWanted = this.isConnected && origin !== "" && this.#given["fetchSession"] !== undefined;
      if (this.#shown && (!isWanted || origin !== this.#origin)) this.#remove();
      if (this.#shown) this.#shown.update();
      else if (isWanted) this.#show(origin);
    });
  }

  #show(origin: string): void {
    this.#slots ??= createSlots(this);
    const { place, showChildren } = this.#slots;
    showChildren(false);
    this.append(place);
    const onEvent: Options["onEvent"] = (event) => {
      this.dispatchEvent(new CustomEvent(event.type, { detail: event }));
    };
    const read = () => ({ ...this.#given, ...readAttributes(this), onEvent }) as unknown as ShownOptions;
    this.#origin = origin;
    this.#shown = showDesigner(place, read, showChildren);
  }

  #remove(): void {
    this.#shown?.remove();
    this.#shown = undefined;
    this.#slots?.place.remove();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    [tag]: CardDesignerElement;
  }
}

if (globalThis.customElements && !customElements.get(tag)) customElements.define(tag, CardDesignerElement);

import type { DraftKey } from "./draft-mark.ts";
import { randomId } from "../host/random-id.ts";

/** How a designer stands to the card: it has none on the screen, works on one, sends one, or has sent one. */
export type Stand = "none" | "working" | "sending" | "sent";
type Busy = Extract<Stand, "working" | "sending">;

type Outcome = "free" | Exclude<Stand, "none">;

/** Of other designers of the same card, in another tab or in another place of the page. */
export interface Elsewhere {
  /** How one stands that has the card; null where none has said so within a moment. */
  find(): Promise<Busy | null>;
  /** Has them keep the card and leave it. "free": nobody has it, or has said nothing for too long; "working": one cannot keep it, and stays. */
  takeOver(): Promise<Outcome>;
  /** The others hear it when this one begins to work on the card. Call it as often as its stand may have changed. */
  noteStand(): void;
  stop(): void;
}

interface Deps {
  readonly readStand: () => Stand;
  /** Keeps the card and leaves it: the cardholder goes on elsewhere. False where it could not be kept, and was not left. Does not take longer than `leaveMs`. */
  readonly leave: () => Promise<boolean>;
  /** Another one has the card, which was asked for or has just begun. */
  readonly onFound: (stand: Busy) => void;
  /** The page has come back whole, with everything as it was: others may have worked on the card since. */
  readonly onReturn: () => Promise<void>;
}

const stands: readonly unknown[] = ["none", "working", "sending", "sent"] satisfies readonly Stand[];
const maxIdLength = 64;
const maxOthers = 20;
/** One that can answer does so in a few milliseconds. */
const findMs = 200;
const firstSignMs = 1000;
/** Longer than the work on it takes: see `closeDesign`. */
const leaveMs = 10_000;

type Message = {
  readonly fullbleed: "card";
  readonly from: string;
  /** Left out for all. */
  readonly to?: string;
} & ({ readonly type: "who" | "leave" | "left" | "stays" } | { readonly type: "stand"; readonly stand: Stand });

const isId = (value: unknown): boolean => typeof value === "string" && value !== "" && value.length <= maxIdLength;

/** Other versions of this designer may say something else. */
function isMessage(value: unknown): value is Message {
  if (typeof value !== "object" || value === null) return false;
  const { fullbleed, from, to, type, stand } = value as Record<string, unknown>;
  if (fullbleed !== "card" || !isId(from) || (to !== undefined && !isId(to))) return false;
  return type === "stand" ? stands.includes(stand) : ["who", "leave", "left", "stays"].includes(String(type));
}

const isBusy = (stand: Stand): stand is Busy => stand === "working" || stand === "sending";

class OtherPlaces implements Elsewhere {
  readonly #name: string;
  readonly #deps: Deps;
  readonly #own = randomId();
  readonly #listening = new AbortController();
  #channel: BroadcastChannel | null = null;
  #told: Stand = "none";
  #leaving: Promise<boolean> | null = null;
  #answered: (stand: Busy) => void = () => {};
  #found: Promise<Busy | null>;
  /** Hears what the others say to "leave". */
  #taking: ((message: Message) => void) | null = null;

  constructor({ scope, productId }: DraftKey, deps: Deps) {
    this.#name = `fullbleed.card ${scope} ${productId}`;
    this.#deps = deps;
    const { signal } = this.#listening;
    this.#open();
    this.#found = this.#ask();
    // A page that is kept for Back answers nobody, nor does one that has gone.
    addEventListener("pagehide", () => this.#close(), { signal });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#return(), { signal });
    // As of a tab that was frozen in the background.
    document.addEventListener("resume", () => void this.#ask(), { signal });
  }

  find(): Promise<Busy | null> {
    return this.#found;
  }

  takeOver(): Promise<Outcome> {
    return new Promise((resolve) => {
      const leaving = new Set<string>();
      const end = (outcome: Outcome): void => {
        for (const timer of timers) clearTimeout(timer);
        this.#taking = null;
        // Whatever was known of them is over.
        this.#found = Promise.resolve(null);
        resolve(outcome);
      };
      const timers = [
        setTimeout(() => leaving.size === 0 && end("free"), this.#channel === null ? 0 : firstSignMs),
        setTimeout(() => end("free"), leaveMs),
      ];
      this.#taking = (message) => {
        if (message.type === "left" && leaving.delete(message.from) && leaving.size === 0) end("free");
        if (message.type === "stays") end("working");
        if (message.type !== "stand") return;
        if (message.stand === "sending" || message.stand === "sent") end(message.stand);
        else if (message.stand === "working" && leaving.size < maxOthers) leaving.add(message.from);
      };
      this.#post({ type: "leave" });
    });
  }

  noteStand(): void {
    const stand = this.#deps.readStand();
    if (isBusy(stand) && !isBusy(this.#told)) this.#post({ type: "stand", stand });
    this.#told = stand;
  }

  stop(): void {
    this.#listening.abort();
    this.#close();
  }

  /** Where the browser has none or denies it, nobody is heard. */
  #open(): void {
    try {
      this.#channel = new BroadcastChannel(this.#name);
      this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(data);
    } catch {
      this.#channel = null;
    }
  }

  #close(): void {
    this.#channel?.close();
    this.#channel = null;
  }

  #return(): void {
    if (this.#channel !== null) return;
    this.#open();
    this.#found = this.#ask();
    void this.#found.then((other) => (other === null ? this.#deps.onReturn() : undefined));
  }

  #ask(): Promise<Busy | null> {
    if (this.#channel === null) return Promise.resolve(null);
    const answer = new Promise<Busy | null>((resolve) => {
      this.#answered = resolve;
      setTimeout(() => resolve(null), findMs);
    });
    this.#post({ type: "who" });
    return answer;
  }

  #post(message: { type: "who" | "leave" | "left" | "stays" } | { type: "stand"; stand: Stand; to?: string }): void {
    this.#channel?.postMessage({ fullbleed: "card", from: this.#own, ...message });
  }

  #hear(message: unknown): void {
    if (!isMessage(message) || (message.to !== undefined && message.to !== this.#own)) return;
    if (this.#taking !== null) this.#taking(message);
    else if (message.type === "stand" && isBusy(message.stand)) this.#hearOther(message.stand, message.to);
    const stand = this.#deps.readStand();
    if (message.type === "who" && isBusy(stand)) this.#post({ type: "stand", stand, to: message.from });
    if (message.type === "leave" && stand !== "none") {
      this.#post({ type: "stand", stand, to: message.from });
      if (stand === "working") void this.#leave();
    }
  }

  #hearOther(stand: Busy, to: string | undefined): void {
    // Who works on it already has been told before, and is not disturbed by one that begins all the same.
    if (to === undefined && this.#deps.readStand() !== "none") return;
    this.#answered(stand);
    this.#deps.onFound(stand);
  }

  async #leave(): Promise<void> {
    this.#leaving ??= this.#deps.leave();
    if (await this.#leaving.catch(() => false)) {
      this.#post({ type: "left" });
      this.stop();
      return;
    }
    this.#leaving = null;
    const stand = this.#deps.readStand();
    this.#post(stand === "sending" || stand === "sent" ? { type: "stand", stand } : { type: "stays" });
  }
}

/** Of the designers of this card in the same browser. It asks at once who has it. */
export function createElsewhere(key: DraftKey, deps: Deps): Elsewhere {
  return new OtherPlaces(key, deps);
}

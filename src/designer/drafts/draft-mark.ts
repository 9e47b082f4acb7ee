/** Whose draft, and of which card. */
export interface DraftKey {
  /** The session's `draftScope`. */
  readonly scope: string;
  readonly productId: string;
}

const nameOfScope = ({ scope }: Pick<DraftKey, "scope">): string => `fullbleed.draft ${scope} `;
const nameOf = (key: DraftKey): string => `${nameOfScope(key)}${key.productId}`;

/**
 * Whether the device has a draft. Read at once, where a database takes its time: the first screen need not wait to know whether it
 * is wanted at all. A frame of another site may be denied it.
 */
export function hasDraftMark(key: DraftKey): boolean {
  try {
    return localStorage.getItem(nameOf(key)) !== null;
  } catch {
    return false;
  }
}

/** What the mark of a draft without a photo says. */
const bare = "bare";

/** Whether the device has a draft with a photo, of another product of the same scope. */
export function hasOtherMark(key: DraftKey): boolean {
  try {
    const isOther = (name: string): boolean =>
      name.startsWith(nameOfScope(key)) && name !== nameOf(key) && localStorage.getItem(name) !== bare;
    return Object.keys(localStorage).some(isOther);
  } catch {
    return false;
  }
}

/** Says that the device has a draft now, with or without a photo, or has none any more. */
export function markDraft(key: DraftKey, isThere: boolean, hasPhoto = true): void {
  try {
    if (isThere) localStorage.setItem(nameOf(key), hasPhoto ? "1" : bare);
    else localStorage.removeItem(nameOf(key));
  } catch {
    // Then it is not looked for.
  }
}

const nameOfWanted = (key: DraftKey): string => nameOf(key).replace("draft", "wanted");

/** The page opens the other card at once; whoever opens it later has not come for that photo. */
const wantedForMs = 120_000;

/** Notes that the cardholder has asked for this card with the photo of the one before. */
export function markWanted(key: DraftKey): void {
  try {
    localStorage.setItem(nameOfWanted(key), String(Date.now()));
  } catch {
    // Then the photo is offered there and does not come by itself.
  }
}

/** Whether that has been noted just now, which it is no more from now on. */
export function takeWanted(key: DraftKey): boolean {
  try {
    const noted = localStorage.getItem(nameOfWanted(key));
    localStorage.removeItem(nameOfWanted(key));
    return noted !== null && Math.abs(Date.now() - Number(noted)) < wantedForMs;
  } catch {
    return false;
  }
}

/** Has the card be gone on with here, wherever else it is open, when the designer is loaded again. */
export function markGoOn(): void {
  history.replaceState({ ...(history.state as object | null), goOn: true }, "");
}

/** Whether that was noted, which it is no more from now on. */
export function takeGoOn(): boolean {
  const { goOn, ...rest } = (history.state ?? {}) as Record<string, unknown>;
  if (goOn === true) history.replaceState(rest, "");
  return goOn === true;
}

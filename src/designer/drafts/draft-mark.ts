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

/** Whether the device has a draft of another product of the same scope. */
export function hasOtherMark(key: DraftKey): boolean {
  try {
    const isOther = (name: string): boolean => name.startsWith(nameOfScope(key)) && name !== nameOf(key);
    return Object.keys(localStorage).some(isOther);
  } catch {
    return false;
  }
}

/** Says that the device has a draft now, or has none any more. */
export function markDraft(key: DraftKey, isThere: boolean): void {
  try {
    if (isThere) localStorage.setItem(nameOf(key), "1");
    else localStorage.removeItem(nameOf(key));
  } catch {
    // Then it is not looked for.
  }
}

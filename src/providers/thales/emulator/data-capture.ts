import type { PlatformSettings } from "./config.ts";
import type { PlatformStore } from "./store.ts";
import { nothingDone, type Platform, type Work } from "./work.ts";

/** `Key=Value&Key=Value`, percent-encoded, or undefined when it is not that. A repeated key counts as it came last. */
function parseDataCapture(text: string): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>();
  for (const pair of text.split("&")) {
    const at = pair.indexOf("=");
    if (at < 1) return undefined;
    try {
      const decode = (part: string) => decodeURIComponent(part.replaceAll("+", " "));
      fields.set(decode(pair.slice(0, at)), decode(pair.slice(at + 1)));
    } catch {
      return undefined;
    }
  }
  return fields;
}

/** What of a data capture the platform keeps: the fields that it was set up with. */
export function readKnownFields({ dataCaptureFields }: PlatformSettings, text: string | null): [string, string][] {
  const given = parseDataCapture(text ?? "");
  return [...(given ?? [])].filter(([field]) => dataCaptureFields.includes(field));
}

/** The issuer's reference for a picture: the value of the first field that the platform was set up with. */
export function readReference(settings: PlatformSettings, text: string | null): string | null {
  const [field] = settings.dataCaptureFields;
  return readKnownFields(settings, text).find(([name]) => name === field)?.[1] ?? null;
}

/** From when on the search finds a value that is written now. */
export function searchableFrom(lagMs: number | null, now: number): number | null {
  return lagMs === null ? null : now + lagMs;
}

export const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface CaptureChange {
  readonly cardImageId: string | null;
  readonly imageInformationKey: string | null;
  readonly dataCapture: string | null;
}

/**
 * SetCustomDataCapture's documented code for a change: 0, 1 CardImageIdInvalid, 2 ImageInformationKeyInvalid,
 * 3 DataCaptureFieldsDoNotMatch, 4 CardImageIdDidNotReturnClient, 5 DataCaptureFieldsNotSetForUpdate, 6 DataCaptureNotInformed.
 */
function judgeCapture(settings: PlatformSettings, store: PlatformStore, change: CaptureChange): number {
  const id = change.cardImageId ?? "";
  if (!guid.test(id)) return 1;
  if (store.findImage(id.toLowerCase()) === undefined) return 4;
  if (settings.imageInformationKey === undefined || change.imageInformationKey !== settings.imageInformationKey)
    return 2;
  if ((change.dataCapture ?? "") === "") return 6;
  const given = parseDataCapture(change.dataCapture ?? "");
  if (given === undefined) return 3;
  const names = [...given.keys()];
  if (!names.every((name) => settings.dataCaptureFields.includes(name))) return 3;
  const { lockedFields } = store.readSwitches().dataCapture;
  if (names.some((name) => lockedFields.includes(name))) return 5;
  return [...given.values()].includes("") ? 6 : 0;
}

/** `commit` writes what judgeCapture lets pass. */
export function prepareSetDataCapture({ settings, store, checking }: Platform, change: CaptureChange): Work {
  const code = judgeCapture(settings, store, change);
  const image = store.findImage(change.cardImageId?.toLowerCase() ?? "");
  if (code !== 0 || image === undefined) return nothingDone(code, null, image?.product_id);
  const commit = () => {
    const reference = readReference(settings, change.dataCapture);
    const sameReference =
      reference === null ? [] : store.listIdsWithCapture(settings.dataCaptureFields[0] ?? "", reference);
    const searchable = searchableFrom(image.search_lag_ms, Date.now());
    for (const [field, value] of readKnownFields(settings, change.dataCapture)) {
      store.setCapture({ image_id: image.id, field, value, searchable_at: searchable });
    }
    return {
      cardImageId: image.id,
      reference,
      notification: checking.foresee(image, reference !== null),
      previewFrom: image.viewable_at,
      searchableFrom: reference === null ? null : searchable,
      sameReference: sameReference.filter((id) => id !== image.id),
      sameSha256: store.listIdsWithSha256(image.sha256).filter((id) => id !== image.id),
    };
  };
  return { code, cardImageId: image.id, productId: image.product_id, note: null, commit };
}

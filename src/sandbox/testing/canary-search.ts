import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";

/** Something that must not be found where it is not needed. */
export interface Needle {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Something that left a process or stayed behind. */
export interface Source {
  /** A kind and what it is of, such as `log of server`. */
  readonly name: string;
  readonly bytes: Buffer;
}

export interface Hit {
  readonly source: string;
  readonly needle: string;
  readonly form: string;
}

/** Shorter pieces of Base64 would be found in texts that know nothing of the needle. */
const leastBase64 = 8;

/** Base64 of the bytes wherever they begin in a longer text, without the characters in which their neighbours have a part. */
function listBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replaceAll("=", "");
    const own = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return own.length < leastBase64 ? [] : [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

const eachByte = (bytes: Buffer, write: (hex: string) => string): string =>
  [...bytes].map((byte) => write(byte.toString(16).padStart(2, "0"))).join("");

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function listTextForms(text: string): Record<string, readonly string[]> {
  const units = text.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
  const json = JSON.stringify(text).slice(1, -1);
  const html = text.replace(/[&<>"]/g, (one) => entities[one] ?? one);
  return {
    "URL-encoded": [encodeURIComponent(text), new URLSearchParams({ "": text }).toString().slice(1)],
    "JSON-escaped": [json, JSON.stringify(json).slice(1, -1), units.map((unit) => `\\u${unit}`).join("")],
    "HTML-escaped": ["'", "&#39;", "&#x27;", "&apos;"]
      .map((quote) => html.replaceAll("'", quote))
      .flatMap((once) => [once, once.replaceAll("&", "&amp;"), once.replaceAll("&quot;", '"')]),
  };
}

/** What of a needle is looked for, by the name of its form. No form twice. */
export function writeForms({ bytes }: Needle): ReadonlyMap<string, readonly Buffer[]> {
  const text = bytes.toString("utf8");
  const isText = Buffer.from(text).equals(bytes);
  const forms: Record<string, readonly string[]> = {
    base64: listBase64(bytes),
    hex: [bytes.toString("hex"), bytes.toString("hex").toUpperCase()],
    "percent-encoded": [eachByte(bytes, (hex) => `%${hex}`), eachByte(bytes, (hex) => `%${hex.toUpperCase()}`)],
    ...(isText && listTextForms(text)),
  };
  const seen = new Set([bytes.toString("latin1")]);
  const found = new Map<string, readonly Buffer[]>([["as it is", [bytes]]]);
  for (const [name, variants] of Object.entries(forms)) {
    const fresh = [...new Set(variants)]
      .map((one) => Buffer.from(one))
      .filter((one) => !seen.has(one.toString("latin1")));
    for (const one of fresh) seen.add(one.toString("latin1"));
    if (fresh.length > 0) found.set(name, fresh);
  }
  if (isText) {
    const little = Buffer.from(text, "utf16le");
    found.set("UTF-16", [little, Buffer.from(little).swap16()]);
  }
  return found;
}

const maxUnpacked = 8 * 1024 * 1024;
/** A stream that ends too early gives what it has. */
const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: maxUnpacked };
const leastUnpacked = 16;

function tryTo(unpack: () => Buffer): Buffer[] {
  try {
    const unpacked = unpack();
    return unpacked.length < leastUnpacked ? [] : [unpacked];
  } catch {
    return [];
  }
}

const starts: readonly { readonly magic: Buffer; readonly unpack: (bytes: Buffer) => Buffer }[] = [
  { magic: Buffer.from([0x1f, 0x8b, 0x08]), unpack: (bytes) => gunzipSync(bytes, options) },
  ...[0x01, 0x5e, 0x9c, 0xda].map((level) => ({
    magic: Buffer.from([0x78, level]),
    unpack: (bytes: Buffer) => inflateSync(bytes, options),
  })),
];

/** What is compressed in it, wherever it begins; the whole may be brotli or deflate without a head. */
export function unpack({ name, bytes }: Source): Buffer[] {
  const inside = starts.flatMap(({ magic, unpack }) => {
    const found: Buffer[] = [];
    for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1))
      found.push(...tryTo(() => unpack(bytes.subarray(at))));
    return found;
  });
  const brotli = name.endsWith(".br") ? tryTo(() => brotliDecompressSync(bytes)) : [];
  return [...inside, ...brotli, ...tryTo(() => inflateRawSync(bytes, { maxOutputLength: maxUnpacked }))];
}

export interface Findings {
  readonly hits: readonly Hit[];
  readonly searchedBytes: number;
}

/** Shorter ones are in everything. */
const leastNeedle = 8;

interface Wanted {
  readonly needle: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/**
 * Makes a function that answers what of this is in some bytes, which are gone through once: there are thousands of forms to look for,
 * and megabytes to look at.
 */
function createFinder(wanted: readonly Wanted[]): (bytes: Buffer) => Set<Wanted> {
  const byHead = Map.groupBy(wanted, ({ bytes }) => bytes.readUInt32LE());
  const canBegin = new Uint8Array(0x1_0000);
  for (const head of byHead.keys()) canBegin[head & 0xffff] = 1;
  return (bytes) => {
    const found = new Set<Wanted>();
    for (let at = 0; at <= bytes.length - 4; at += 1) {
      if (canBegin[(bytes[at] as number) | ((bytes[at + 1] as number) << 8)] === 0) continue;
      for (const one of byHead.get(bytes.readUInt32LE(at)) ?? [])
        if (!found.has(one) && bytes.subarray(at, at + one.bytes.length).equals(one.bytes)) found.add(one);
    }
    return found;
  };
}

/** Every needle, in every form, in every source and in what is compressed in it. A hit for each needle, source and form. */
export function search(sources: readonly Source[], needles: readonly Needle[]): Findings {
  const short = needles.find(({ bytes }) => bytes.length < leastNeedle);
  if (short !== undefined) throw new Error(`${short.name} is too short to be looked for`);
  const find = createFinder(
    needles.flatMap((needle) =>
      [...writeForms(needle)].flatMap(([form, variants]) =>
        variants.map((bytes) => ({ needle: needle.name, form, bytes })),
      ),
    ),
  );
  let searchedBytes = 0;
  const hits = sources.flatMap((source) => {
    const seen = new Map<string, Hit>();
    for (const [layer, bytes] of [source.bytes, ...unpack(source)].entries()) {
      searchedBytes += bytes.length;
      for (const one of find(bytes)) {
        const form = layer === 0 ? one.form : `${one.form}, packed`;
        seen.set(`${one.needle} ${form}`, { source: source.name, needle: one.needle, form });
      }
    }
    return [...seen.values()];
  });
  return { hits, searchedBytes };
}

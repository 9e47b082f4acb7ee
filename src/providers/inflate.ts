import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflateRaw, inflate as inflateZlib, zstdDecompress } from "node:zlib";

type Inflate = (bytes: Uint8Array, bounds: { maxOutputLength: number }) => Promise<Uint8Array>;

const zlibStream: Inflate = promisify(inflateZlib);
const rawStream: Inflate = promisify(inflateRaw);
const gzip: Inflate = promisify(gunzip);

const isTooLarge = (error: unknown) => (error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE";

/** "deflate" means a zlib stream (RFC 9110, 8.4.1.2), and many send the bare one. */
const deflate: Inflate = (bytes, bounds) =>
  zlibStream(bytes, bounds).catch((error: unknown) => {
    if (isTooLarge(error)) throw error;
    return rawStream(bytes, bounds);
  });

const inflaters: ReadonlyMap<string, Inflate> = new Map<string, Inflate>([
  ["gzip", gzip],
  ["x-gzip", gzip],
  ["deflate", deflate],
  ["br", promisify(brotliDecompress)],
  ["zstd", promisify(zstdDecompress)],
]);

/** Each may make a thousand times more of what it is given. */
const mostCodings = 4;

export type Inflated =
  | { readonly bytes: Uint8Array; readonly fault?: undefined }
  /** `bytes` are as they came: something on the way may have inflated them already and left the header as it was. */
  | { readonly bytes: Uint8Array; readonly fault: string }
  | "too-large";

/**
 * The body without its Content-Encoding (RFC 9110, 8.4), of which there may be several. Servers and proxies compress although
 * identity was asked. `too-large` when it grows beyond `maxBytes`.
 */
export async function inflate(given: Uint8Array, contentEncoding: string | null, maxBytes: number): Promise<Inflated> {
  const codings = (contentEncoding ?? "")
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity");
  // No text and no picture begins with these two: a server that has forgotten to name what it did.
  if (codings.length === 0 && given[0] === 0x1f && given[1] === 0x8b) codings.push("gzip");
  if (codings.length > mostCodings) return { bytes: given, fault: "compressed too often" };
  let bytes = given;
  for (const coding of codings.toReversed()) {
    const inflateOne = inflaters.get(coding);
    if (inflateOne === undefined) return { bytes: given, fault: "in a Content-Encoding that is not known" };
    try {
      bytes = await inflateOne(bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      if (isTooLarge(error)) return "too-large";
      return { bytes: given, fault: `not the ${coding} that its Content-Encoding says` };
    }
  }
  return { bytes };
}

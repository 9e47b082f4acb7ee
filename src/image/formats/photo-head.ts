/** The picture formats that browsers decode. */
export type PhotoFormat = "jpeg" | "png" | "gif" | "webp" | "avif" | "bmp";

/** What a file's own structure says of the picture in it, before anything is decoded. */
export interface PhotoHead {
  readonly format: PhotoFormat;
  /** As stored, before any orientation is applied. Undefined when the header was not understood. */
  readonly size: { readonly widthPx: number; readonly heightPx: number } | undefined;
  /** False when the file ends before its picture does, or a check sum is wrong. */
  readonly complete: boolean;
  readonly animated: boolean;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The four bytes at `offset` as Latin letters; shorter at the end of the file. */
export function tagAt(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

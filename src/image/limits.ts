import type { Product } from "#card/products.ts";
import type { PhotoHead } from "./photo-head.ts";

/** How much memory a device has for a photo. docs/embed.md tells issuers what that means. */
export type Memory = "much" | "some" | "little";

/** What all pixels of a photo may take while it is decoded, in bytes. */
const decodedBytes: Readonly<Record<Memory, number>> = {
  much: 840_000_000,
  some: 400_000_000,
  little: 200_000_000,
};

/** What a browser says of its device; Chromium alone tells its memory, in GB, and rounds it. */
export interface DeviceHints {
  readonly userAgent: string;
  readonly maxTouchPoints: number;
  readonly deviceMemory?: number;
}

/** A browser on a telephone or tablet ends a page that takes more than a part of the memory. An iPad says that it is a Mac; no Mac has a touch screen. */
function isHandheld({ userAgent, maxTouchPoints }: DeviceHints): boolean {
  return /iP(?:hone|ad|od)|Android/.test(userAgent) || (userAgent.includes("Macintosh") && maxTouchPoints > 1);
}

/** The device's class: a computer with 8 GB, or of which nothing is known, has much; one with 2 GB or less little. */
export function readMemory(hints: DeviceHints = navigator): Memory {
  const { deviceMemory } = hints;
  if (deviceMemory !== undefined && deviceMemory <= 2) return "little";
  return isHandheld(hints) || (deviceMemory !== undefined && deviceMemory < 8) ? "some" : "much";
}

/** What each pixel takes while all of the photo is in memory, in bytes; nothing where a photo is read smaller, or a part after the other. */
function bytesPerPixel({ format, rare }: PhotoHead): number {
  // Once in the decoder, and once as the browser's own.
  if (format === "heic" || format === "tiff") return 8;
  return format === "jpeg" && rare === undefined ? 0 : 4;
}

/** The pixels that such a photo may have here: no more than the product takes, nor than the device can decode. */
export function maxPixelsOf(head: PhotoHead, { maxPhotoPixels }: Product, memory: Memory): number {
  return Math.min(maxPhotoPixels, Math.floor(decodedBytes[memory] / bytesPerPixel(head)));
}

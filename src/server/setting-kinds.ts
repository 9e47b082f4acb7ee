import { isIP } from "node:net";
import path from "node:path";
import * as z from "zod";
import { isEncryptedOrLocal } from "#providers/encrypted-or-local.ts";

export const bearerKey = z.string().regex(/^[A-Za-z0-9._~+/=-]{32,200}$/);

export function isPublicOrigin(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && url.origin === value && isEncryptedOrLocal(url);
}

/** One address, or a network in CIDR form. */
function isAddressRange(value: string): boolean {
  const [address = "", prefix = "1", ...more] = value.split("/");
  const bits = { 4: 32, 6: 128 }[isIP(address)] ?? 0;
  return more.length === 0 && /^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= bits;
}

/** Addresses and networks with commas between. */
export function addressRanges() {
  return z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(z.array(z.string().refine(isAddressRange)).max(50))
    .default([]);
}

/** As in `127.0.0.1:9464` or `[::1]:9464`. */
export const addressAndPort = z
  .string()
  .regex(/^(?:\[[\da-f:.]+\]|[\w.-]+):\d{1,5}$/i)
  .transform((text) => {
    const colon = text.lastIndexOf(":");
    return { host: text.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(text.slice(colon + 1)) };
  })
  .refine(({ port }) => port <= 65_535);

export function toAbsolute(folder: string): string {
  return path.resolve(folder);
}

import { isIP } from "node:net";
import path from "node:path";
import * as z from "zod";
import { isEncryptedOrLocal } from "./encrypted-or-local.ts";

export interface Setting {
  readonly variable: string;
  readonly schema: z.ZodType;
  /** Ends the sentence "expected ...". */
  readonly expected: string;
  /** Its values are kept out of every log line and every answer. */
  readonly secret?: true;
}

export const bearerKey = z.string().regex(/^[A-Za-z0-9._~+/=-]{32,200}$/);
export const xmlName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/);
export const webAddress = z.string().max(500).refine(isWebAddress);

/** Keys and photos go there. */
function isWebAddress(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && isEncryptedOrLocal(url) && url.username === "" && url.password === "" && url.hash === "";
}

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

export function toAbsolute(folder: string): string {
  return path.resolve(folder);
}

export function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom" });
    return z.NEVER;
  }
}

export function seconds(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most);
}

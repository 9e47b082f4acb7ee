import { createHmac, timingSafeEqual } from "node:crypto";

/** Long enough for an upload on a slow line, short enough that a proof that somebody has seen is soon worth nothing. */
export const nonceLifeMs = 5 * 60_000;
/** By which the clocks of two machines of one installation may differ. */
const skewMs = 30_000;
const dayMs = 24 * 60 * 60_000;
const timeBytes = 6;
const macBytes = 16;

/** Times that this installation has told, which nobody else can write: what was signed with one of them was signed after it. */
export interface Nonces {
  issue(): string;
  /** When it was issued, in epoch milliseconds; undefined for one that is not ours, or is older than five minutes. */
  read(nonce: string): number | undefined;
}

/** `now` in epoch milliseconds. Nothing is kept of what is issued. The key that signs is another each day. */
export function createNonces(key: Buffer, now: () => number): Nonces {
  const sign = (time: Buffer): Buffer => {
    const day = Math.floor(time.readUIntBE(0, timeBytes) / dayMs);
    const ofDay = createHmac("sha256", key).update(`nonces of day ${day}`).digest();
    return createHmac("sha256", ofDay).update(time).digest().subarray(0, macBytes);
  };
  return {
    issue() {
      const time = Buffer.alloc(timeBytes);
      time.writeUIntBE(Math.max(0, now()), 0, timeBytes);
      return Buffer.concat([time, sign(time)]).toString("base64url");
    },
    read(nonce) {
      const bytes = Buffer.from(nonce, "base64url");
      if (bytes.byteLength !== timeBytes + macBytes) return undefined;
      const time = bytes.subarray(0, timeBytes);
      if (!timingSafeEqual(sign(time), bytes.subarray(timeBytes))) return undefined;
      const issuedAt = time.readUIntBE(0, timeBytes);
      const ageMs = now() - issuedAt;
      return ageMs < nonceLifeMs && ageMs > -skewMs ? issuedAt : undefined;
    },
  };
}

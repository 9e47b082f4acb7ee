let out: usize = 0;
let bits: u64 = 0;
let count: u64 = 0;

export function beginBits(at: usize): void {
  out = at;
  bits = 0;
  count = 0;
}

/** At most 48 bits, of which the first to send is the lowest. */
export function writeBits(value: u64, length: u64): void {
  bits |= value << count;
  count += length;
  store<u64>(out, bits);
  out += <usize>(count >> 3);
  bits >>= count & ~7;
  count &= 7;
}

/** Fills the last byte up. Returns where the next one goes. */
export function endBits(): usize {
  if (count > 0) out++;
  return out;
}

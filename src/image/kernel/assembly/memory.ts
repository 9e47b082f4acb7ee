const pageBits = 16;
let base: usize = 0;
let top: usize = 0;

/** Gives back all that was allocated. Has to be called once before anything is. */
export function freeAll(): void {
  // Behind what the modules have made for good.
  if (base === 0) base = heap.alloc(16);
  top = base;
}

/** Zeroed memory that begins at a multiple of 16. It is given back with all other. */
export function allocate(bytes: usize): usize {
  const at = top;
  top = (at + bytes + 15) & ~15;
  const missing = <i32>(((top - 1) >> pageBits) + 1) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
  memory.fill(at, 0, bytes);
  return at;
}

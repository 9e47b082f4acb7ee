/**
 * Zeroed memory that begins at a multiple of 16. It is never given back: every picture has an instance of its own, whose
 * memory goes with it.
 */
export function allocate(bytes: usize): usize {
  return heap.alloc(bytes);
}

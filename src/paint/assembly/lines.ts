import { Edge } from "./edges";
import { active, heads } from "./raster";

/** How many edges the line crosses. */
export let crossed = 0;

export function clearLine(): void {
  crossed = 0;
}

export function edgeAt(index: i32): Edge {
  return changetype<Edge>(<usize>load<u32>(active + ((<usize>index) << 2)));
}

function put(index: i32, edge: Edge): void {
  store<u32>(active + ((<usize>index) << 2), <u32>changetype<usize>(edge));
}

/** Goes on to this line: edges that have ended leave, those that begin come, all in the order in which it crosses them. */
export function enterLine(line: i32): void {
  let kept = 0;
  for (let index = 0; index < crossed; index++) {
    const edge = edgeAt(index);
    if (edge.end <= line) continue;
    edge.x += edge.step;
    put(kept++, edge);
  }
  let begins: usize = load<u32>(heads + ((<usize>line) << 2));
  while (begins !== 0) {
    const edge = changetype<Edge>(begins);
    begins = edge.next;
    put(kept++, edge);
  }
  crossed = kept;
  if (!sortNearly()) sortAny();
}

/** By insertion, since they were in order on the line before. False where they are so little in order that it would take long. */
function sortNearly(): bool {
  let left = 64 + (crossed << 3);
  for (let index = 1; index < crossed; index++) {
    const edge = edgeAt(index);
    const x = edge.x;
    let to = index;
    while (to > 0) {
      const before = edgeAt(to - 1);
      if (before.x <= x) break;
      put(to, before);
      to--;
      left--;
    }
    put(to, edge);
    if (left < 0) return false;
  }
  return true;
}

/** By a heap: n log n whatever there is. Which of two at the same place comes first makes no difference. */
function sortAny(): void {
  for (let index = (crossed >> 1) - 1; index >= 0; index--) sink(index, crossed);
  for (let end = crossed - 1; end > 0; end--) {
    const last = edgeAt(end);
    put(end, edgeAt(0));
    put(0, last);
    sink(0, end);
  }
}

function sink(from: i32, end: i32): void {
  const edge = edgeAt(from);
  let at = from;
  while (true) {
    let child = (at << 1) + 1;
    if (child >= end) break;
    if (child + 1 < end && edgeAt(child + 1).x > edgeAt(child).x) child++;
    if (edgeAt(child).x <= edge.x) break;
    put(at, edgeAt(child));
    at = child;
  }
  put(at, edge);
}

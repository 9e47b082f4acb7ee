// What a browser's processes keep in memory: proportional set size, so that what they share counts once.
import { readdirSync, readFileSync } from "node:fs";

const everyMs = 40;
const childrenEveryMs = 400;

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch {
    // It has ended.
    return "";
  }
}

function listDescendants(): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const parents = new Map(
    pids.map((pid) => [Number(pid), Number(/\) \S (\d+)/.exec(readProc(`${pid}/stat`))?.[1] ?? 0)]),
  );
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid) ?? 0;
    return parent === process.pid || (parent > 1 && isOurs(parent));
  };
  return [...parents.keys()].filter(isOurs);
}

export interface MemoryWatch {
  /** From here on what is more than now counts. */
  begin(): void;
  /** The most since then, in MB (10^6 bytes). */
  peak(): number;
  stop(): void;
}

/** Of all processes that this one has started since. Linux's /proc tells. */
export function watchMemory(): MemoryWatch {
  const others = new Set(listDescendants());
  let [from, most, listedAt, pids] = [0, 0, 0, [] as number[]];
  const measure = (): number => {
    if (performance.now() - listedAt > childrenEveryMs) {
      [pids, listedAt] = [listDescendants().filter((pid) => !others.has(pid)), performance.now()];
    }
    const kilobytes = pids.map((pid) => Number(/^Pss:\s+(\d+)/m.exec(readProc(`${pid}/smaps_rollup`))?.[1] ?? 0));
    return kilobytes.reduce((sum, each) => sum + each, 0) * 1024;
  };
  const timer = setInterval(() => {
    most = Math.max(most, measure());
  }, everyMs);
  return {
    begin() {
      from = measure();
      most = from;
    },
    peak: () => (Math.max(most, measure()) - from) / 1e6,
    stop: () => clearInterval(timer),
  };
}

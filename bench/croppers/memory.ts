// What the browsers of this process keep in memory.
import { readdirSync, readFileSync } from "node:fs";

export interface MemoryWatch {
  /** Megabytes resident now. */
  now(): number;
  /** The most since the last call of this. */
  takePeak(): number;
  stop(): void;
}

const memoryEveryMs = 10;
const childrenEveryMs = 250;
const pageBytes = 4096;

/** This process's browsers with all their processes; what two of them share counts twice. */
export function watchMemory(): MemoryWatch {
  let [peak, last, tree, listedAt] = [0, 0, [] as number[], 0];
  const sample = (): void => {
    if (performance.now() - listedAt > childrenEveryMs) [tree, listedAt] = [listBrowser(), performance.now()];
    last = tree.reduce((sum, pid) => sum + residentPages(pid) * pageBytes, 0) / 1e6;
    peak = Math.max(peak, last);
  };
  const timer = setInterval(sample, memoryEveryMs);
  return {
    now: () => (sample(), last),
    takePeak() {
      sample();
      const most = peak;
      peak = last;
      return most;
    },
    stop: () => clearInterval(timer),
  };
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch {
    // It has ended.
    return "";
  }
}

function residentPages(pid: number): number {
  return Number(readProc(`${pid}/statm`).split(" ")[1] ?? 0);
}

function listBrowser(): number[] {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const parents = new Map(
    processes.map((pid) => [Number(pid), Number(/\) \S (\d+)/.exec(readProc(`${pid}/stat`))?.[1] ?? 0)]),
  );
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid) ?? 0;
    return parent === process.pid || (parent > 1 && isOurs(parent));
  };
  return [...parents.keys()].filter((pid) => isOurs(pid) && /chrom|headless/i.test(readProc(`${pid}/comm`)));
}

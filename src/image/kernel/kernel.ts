/** What the WebAssembly in assembly/ gives. Pointers are bytes into `memory`, which moves when it grows. */
export interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly allocate: (bytes: number) => number;
  readonly freeAll: () => void;
  readonly beginRows: (width: number, layout: number, shiftX: number, shiftY: number) => void;
  readonly setBand: (at: number, rows: number) => void;
  readonly beginUpright: (
    photoWidth: number,
    photoHeight: number,
    acrossCount: number,
    acrossScale: number,
    acrossOffset: number,
    acrossPixels: number,
    downCount: number,
    downScale: number,
    downOffset: number,
    downPixels: number,
  ) => number;
  readonly pushUpright: (first: number, rows: number) => void;
  readonly beginTurned: (
    photoWidth: number,
    photoHeight: number,
    rasterWidth: number,
    rasterHeight: number,
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
  ) => number;
  readonly pushTurned: (first: number, rows: number) => void;
  readonly filterRows: (rgba: number, width: number, height: number) => number;
  readonly deflate: (bytes: number, length: number) => number;
  readonly deflatedLength: () => number;
}

const started = new WeakMap<WebAssembly.Module, Kernel>();

/**
 * The kernel with nothing in its memory, for one piece of work: whatever was begun before has to be over. Without room for more
 * memory it throws a RangeError here, and a WebAssembly.RuntimeError later.
 */
export function startKernel(code: WebAssembly.Module): Kernel {
  // Another instance each time would be there until the garbage is collected, and its memory's pages are slow to get.
  const kernel = started.get(code) ?? (new WebAssembly.Instance(code).exports as unknown as Kernel);
  started.set(code, kernel);
  kernel.freeAll();
  return kernel;
}

/** What is in the kernel's memory, to be read and written, until the kernel does something. */
export function viewBytes({ memory }: Kernel, at: number, length: number): Uint8ClampedArray<ArrayBuffer> {
  return new Uint8ClampedArray(memory.buffer, at, length);
}

/** A copy of what is in the kernel's memory. */
export function readBytes({ memory }: Kernel, at: number, length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(memory.buffer, at, length).slice();
}

/** Copies into the kernel's memory, where there is room for it. */
export function writeBytes({ memory }: Kernel, at: number, bytes: Uint8Array | Uint8ClampedArray): void {
  new Uint8Array(memory.buffer).set(bytes, at);
}

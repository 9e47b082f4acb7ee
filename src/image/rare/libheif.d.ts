/** Its own types name everything but this file. */
declare module "libheif-js/libheif-wasm/libheif.js" {
  const createHeif: (options: {
    wasmBinary: ArrayBuffer;
    print(line: string): void;
    printErr(line: string): void;
  }) => unknown;
  export default createHeif;
}

import { loadPaint } from "#image/load-paint.ts";
import { paintedDigests } from "#paint/testing/painted-cases.ts";

// Called `worker` as the designer's: the server lets no other script run WebAssembly.
postMessage(await paintedDigests(await loadPaint()));

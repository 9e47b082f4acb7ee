import { loadPaint } from "#image/load-paint.ts";
import { paintedDigests } from "#paint/testing/painted-cases.ts";

const body = await loadPaint()
  .then(paintedDigests)
  .then(JSON.stringify, (error: unknown) => String(error));
await fetch("/painted", { method: "POST", body });

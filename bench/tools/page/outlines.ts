// Runs in the browser: how far the outlines of the stage are from the picture's.
import { measureOutlines } from "#designer/steps/design/canvas/testing/stage-outlines.tsx";

/** Of a phone's card, of a desk's, and of one of whole pixels, in CSS pixels. */
const widthsPx = [343.42, 731.3, 512];

const said = await measureOutlines(widthsPx).then((found) => JSON.stringify(found), String);
await fetch("/done", { method: "POST", body: said });

import { expect, test } from "vitest";
import { pickImage } from "./pick-image.ts";

const request = { source: "library", accept: "image/*", maxBytes: 1 } as const;
const photo = new Blob(["a"]);
const wrong = { kind: "failed", cause: "pickImage has to answer a Blob or null" };

test.each([
  ["a photo", async () => photo, { kind: "photo", photo }],
  ["nothing", async () => null, { kind: "nothing" }],
  ["no answer at all", async () => undefined, wrong],
  ["an address", async () => "file:///photo.jpg", wrong],
  [
    "an AbortError, as of a chooser that is cancelled",
    () => Promise.reject(new Error("AbortError: The user aborted a request.")),
    { kind: "nothing" },
  ],
  ["an error", () => Promise.reject(new Error("Error: no camera")), { kind: "failed", cause: "Error: no camera" }],
])("a picker of the page's that gives %s", async (_what, ask, expected) => {
  expect(await pickImage(ask, request, new AbortController().signal)).toEqual(expected);
});

test.each([async () => photo, () => Promise.reject(new Error("closed"))])(
  "what comes after it was stopped is nothing",
  async (ask) => {
    const stopping = new AbortController();
    const picked = pickImage(ask, request, stopping.signal);
    stopping.abort();
    expect(await picked).toEqual({ kind: "nothing" });
  },
);

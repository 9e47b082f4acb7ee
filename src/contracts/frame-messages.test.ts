import fc from "fast-check";
import { expect, test } from "vitest";
import { isDesignerEvent, isFrameHello, isLoaderConnect, isToFrame, isToLoader } from "./frame-messages.ts";

const guards = { isDesignerEvent, isFrameHello, isLoaderConnect, isToFrame, isToLoader };

test.each(Object.entries(guards))("%s never throws, and takes nothing that has no type of its own", (_name, guard) => {
  fc.assert(
    fc.property(fc.anything(), (value) => !guard(value)),
    { numRuns: 2000 },
  );
  for (const type of ["__proto__", "constructor", "toString", "hasOwnProperty", "", 1, null])
    expect(guard({ type })).toBe(false);
});

test("the messages of both sides are told apart", () => {
  expect(isToFrame({ type: "update", options: {} })).toBe(true);
  expect(isToLoader({ type: "update", options: {} })).toBe(false);
  expect(isToLoader({ type: "height", heightPx: 10 })).toBe(true);
  expect(isToFrame({ type: "height", heightPx: 10 })).toBe(false);
});

test.each([
  { type: "height", heightPx: "10" },
  { type: "height", heightPx: Number.NaN },
  { type: "height" },
  { type: "submitted", id: "1", submissionId: "s" },
  { type: "event", event: null },
  { type: "event", event: [] },
  { type: "fetch-session", id: 1, why: "start" },
])("a message with a field missing or of another kind is none: %j", (message) => {
  expect(isToLoader(message)).toBe(false);
});

test("the focus goes to the first or last control and nowhere else", () => {
  expect(isToFrame({ type: "focus", edge: "last" })).toBe(true);
  expect(isToFrame({ type: "focus", edge: "middle" })).toBe(false);
});

test("an event has an id and what its type promises", () => {
  expect(isDesignerEvent({ type: "status", eventId: "e", submissionId: "s", state: "approved" })).toBe(true);
  expect(isDesignerEvent({ type: "status", eventId: "e", submissionId: "s" })).toBe(false);
  expect(isDesignerEvent({ type: "ready" })).toBe(false);
});

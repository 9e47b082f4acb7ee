import fc from "fast-check";
import { expect, test } from "vitest";
import {
  eventFields,
  frameName,
  isDesignerEvent,
  isFrameHello,
  isLoaderConnect,
  isToFrame,
  isToLoader,
  readFrameName,
  toFrameFields,
  toLoaderFields,
} from "./frame-messages.ts";
import { type RecordedMessage, visitV1, visitV1Later } from "./testing/recorded-visit.ts";

const guards = { isDesignerEvent, isFrameHello, isLoaderConnect, isToFrame, isToLoader };

test.each(Object.entries(guards))("%s never throws, and takes nothing that has no type of its own", (_name, guard) => {
  fc.assert(
    fc.property(fc.anything(), (value) => !guard(value)),
    { numRuns: 2000 },
  );
  for (const type of ["__proto__", "constructor", "toString", "hasOwnProperty", "", 1, null])
    expect(guard({ type })).toBe(false);
});

test("a hello may say what the browser lacks, in words", () => {
  const hello = { fullbleed: "hello", protocol: 1, nonce: "n", boot: "b" };
  expect([hello, { ...hello, lacks: "No modules." }, { ...hello, lacks: 1 }].map(isFrameHello)).toEqual([
    true,
    true,
    false,
  ]);
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
  { type: "ask", id: 1, what: "fetchSession", about: {} },
  { type: "ask", id: 1, what: "__proto__", about: {} },
  { type: "ask", id: 1, what: "beforeSubmit", about: [] },
])("a message with a field missing or of another kind is none: %j", (message) => {
  expect(isToLoader(message)).toBe(false);
});

test("the focus goes to the first or last control and nowhere else", () => {
  expect(isToFrame({ type: "focus", edge: "last" })).toBe(true);
  expect(isToFrame({ type: "focus", edge: "middle" })).toBe(false);
});

test("a scheme is light or dark, in a message as in a frame's name", () => {
  for (const scheme of ["light", "dark"] as const) {
    expect(isToFrame({ type: "scheme", scheme })).toBe(true);
    expect(readFrameName(frameName(scheme))).toBe(scheme);
  }
  expect(isToFrame({ type: "scheme", scheme: "page" })).toBe(false);
  for (const name of ["", "dark", "fullbleed-", "fullbleed-page", "fullbleed-dark "]) {
    expect(readFrameName(name)).toBe(undefined);
  }
});

test("how the frame lies is told with its lengths, and how far the cardholder is in one of three words", () => {
  expect(isToFrame({ type: "inline", topPx: 0, bottomPx: 640.5 })).toBe(true);
  expect(isToFrame({ type: "inline", topPx: 0 })).toBe(false);
  expect(isToFrame({ type: "full", safeAreas: "47px 0px 34px" })).toBe(true);
  expect(isToFrame({ type: "full" })).toBe(false);
  expect(isToLoader({ type: "phase", phase: "photo" })).toBe(true);
  expect(isToLoader({ type: "phase", phase: "full" })).toBe(false);
});

test("the designer is asked to go with its design or without, and says in one of two words what is left", () => {
  expect([true, "yes", undefined].map((discard) => isToFrame({ type: "close", discard }))).toEqual([
    true,
    false,
    false,
  ]);
  expect(["closed", "kept", "gone"].map((outcome) => isToLoader({ type: "closed", outcome }))).toEqual([
    true,
    true,
    false,
  ]);
  expect(isDesignerEvent({ type: "closed", eventId: "e", outcome: "kept" }), "which the loader alone says").toBe(false);
  expect(isDesignerEvent({ type: "checked", eventId: "e", checks: { dark: "warn" } })).toBe(true);
  expect(isDesignerEvent({ type: "checked", eventId: "e", checks: ["dark"] })).toBe(false);
});

test("an event has an id and what its type promises", () => {
  expect(isDesignerEvent({ type: "status", eventId: "e", submissionId: "s", state: "approved" })).toBe(true);
  expect(isDesignerEvent({ type: "status", eventId: "e", submissionId: "s" })).toBe(false);
  expect(isDesignerEvent({ type: "ready" })).toBe(false);
  const problem = { type: "problem", eventId: "e", code: "open-failed", detail: "The photo could not be opened" };
  for (const [cause, isEvent] of [
    [undefined, true],
    ["Error: no", true],
    [{}, false],
  ]) {
    expect(isDesignerEvent({ ...problem, cause })).toBe(isEvent);
  }
  expect(isDesignerEvent(problem)).toBe(true);
});

test.each([
  ["in version 1", visitV1],
  ["on 30 November", visitV1Later],
])("every message of a visit that was recorded %s is understood as what it was", (_when, visit) => {
  const readers = { isFrameHello, isLoaderConnect, isToFrame, isToLoader };
  for (const { from, over, message } of visit) {
    const readBy = Object.entries(readers).flatMap(([name, reads]) => (reads(message) ? [name] : []));
    const expected = {
      window: { frame: "isFrameHello", loader: "isLoaderConnect" },
      port: { frame: "isToLoader", loader: "isToFrame" },
    };
    expect(readBy, JSON.stringify(message)).toEqual([expected[over][from]]);
    if (message.type === "event") expect(isDesignerEvent(message.event), JSON.stringify(message)).toBe(true);
  }
});

test("the recorded visit has every kind of message that version 1 had", () => {
  const list = (from: RecordedMessage["from"]) =>
    new Set(visitV1.filter((each) => each.from === from).map(({ message }) => message.fullbleed ?? message.type));
  expect(list("loader")).toEqual(
    new Set(["connect", "start", "update", "session", "session-failed", "submit", "focus"]),
  );
  expect(list("frame")).toEqual(
    new Set(["hello", "event", "height", "top", "fetch-session", "submitted", "submit-failed"]),
  );
  const events = visitV1.flatMap(({ message }) => (isDesignerEvent(message.event) ? [message.event.type] : []));
  expect(new Set(events)).toEqual(new Set(["ready", "changed", "submitted", "status", "problem"]));
});

test("there is no message, event or question that does not occur in a recorded visit", () => {
  const all = [...visitV1, ...visitV1Later];
  const typesFrom = (from: RecordedMessage["from"]) =>
    new Set(all.flatMap(({ from: whose, over, message }) => (whose === from && over === "port" ? [message.type] : [])));
  expect(typesFrom("loader")).toEqual(new Set(Object.keys(toFrameFields)));
  expect(typesFrom("frame")).toEqual(new Set(Object.keys(toLoaderFields)));
  const events = all.flatMap(({ message }) => (isDesignerEvent(message.event) ? [message.event.type] : []));
  expect(new Set(events)).toEqual(new Set(Object.keys(eventFields)));
  const questions = all.flatMap(({ message }) => (message.type === "ask" ? [message.what] : []));
  expect(new Set(questions)).toEqual(new Set(toLoaderFields.ask["what"] as readonly string[]));
});

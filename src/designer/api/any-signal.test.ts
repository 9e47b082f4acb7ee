import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { anySignal } from "./any-signal.ts";

const listenersOf = (...controllers: AbortController[]) =>
  controllers.map(({ signal }) => getEventListeners(signal, "abort").length);

test.each([0, 1])("aborts with signal %i of two, for its reason, and lets go of both", (which) => {
  const controllers = [new AbortController(), new AbortController()];
  const any = anySignal(controllers.map(({ signal }) => signal));
  expect([any.aborted, ...listenersOf(...controllers)]).toEqual([false, 1, 1]);
  controllers[which]?.abort("because");
  expect([any.aborted, any.reason, ...listenersOf(...controllers)]).toEqual([true, "because", 0, 0]);
});

test("has aborted when one of the signals has, and holds on to none", () => {
  const other = new AbortController();
  const any = anySignal([other.signal, AbortSignal.abort("before"), undefined, AbortSignal.abort("later")]);
  expect([any.aborted, any.reason, ...listenersOf(other)]).toEqual([true, "before", 0]);
});

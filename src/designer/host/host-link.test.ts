import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NoAnswer } from "../api/request.ts";
import { createHostLink, type HostMessage, parseFrameOptions } from "./host-link.ts";

const start = { options: {}, sessionId: "sess", clientSecret: "secret" };
let port: MessagePort;
let frame: MessagePort;
let received: unknown[];

beforeEach(() => {
  ({ port1: port, port2: frame } = new MessageChannel());
  received = [];
  port.addEventListener("message", ({ data }) => received.push(data));
  port.start();
});
afterEach(() => port.close());

test("requests that come before anyone listens are kept in order, then delivered once", async () => {
  const link = createHostLink(frame, start);
  for (const id of [1, 2, 3]) port.postMessage({ type: "submit", id });
  const got: HostMessage[] = [];
  await expect
    .poll(() => {
      link.onMessage((message) => got.push(message))();
      return got.map((message) => message.type === "submit" && message.id);
    })
    .toEqual([1, 2, 3]);
});

test("everyone who asks for a session at once shares one question and its answer", async () => {
  const link = createHostLink(frame, start);
  const both = Promise.all([link.fetchSession(), link.fetchSession()]);
  await expect.poll(() => received).toEqual([{ type: "fetch-session", id: 1, why: "refresh" }]);
  port.postMessage({ type: "session", id: 7, sessionId: "sess", clientSecret: "of another question" });
  port.postMessage({ type: "session", id: 1, sessionId: "sess", clientSecret: "new" });
  const credentials = { sessionId: "sess", clientSecret: "new" };
  expect(await both).toEqual([credentials, credentials]);
});

test("a page that never answers, or cannot, ends nothing; the next question is a new one", async () => {
  const link = createHostLink(frame, start, 50);
  await expect(link.fetchSession()).rejects.toBeInstanceOf(NoAnswer);
  const second = link.fetchSession();
  port.postMessage({ type: "session-failed", id: 2 });
  await expect(second).rejects.toBeInstanceOf(NoAnswer);
});

test("a question to the page is answered by what bears its number, and ends with what stops it", async () => {
  const link = createHostLink(frame, start);
  const about = { productId: "p", pictureSha256: "a", rulesVersion: "1" };
  const ended = new AbortController();
  const asked = ["good", "bad", "stopped"].map(() => link.ask("beforeSubmit", about, ended.signal));
  await expect.poll(() => received).toHaveLength(3);
  for (const message of received) expect(message).toMatchObject({ type: "ask", what: "beforeSubmit", about });
  const [good = 0, bad = 0] = received.map((message) => (message as { id: number }).id);
  port.postMessage({ type: "answer", id: good + 0.5, answer: true });
  port.postMessage({ type: "answer", id: good, answer: "No." });
  port.postMessage({ type: "answer-failed", id: bad, detail: "beforeSubmit threw" });
  expect(await asked[0]).toBe("No.");
  await expect(asked[1]).rejects.toThrow("beforeSubmit threw");
  ended.abort();
  await expect(asked[2]).rejects.toThrow(/abort/i);
});

test("a page that takes too long to answer is told that it is not waited for any more, and the reason names its function", async () => {
  const link = createHostLink(frame, start, undefined, 50);
  const request = { source: "library", accept: "image/*", maxBytes: 1 } as const;
  const asked = link.ask("pickImage", request, new AbortController().signal);
  await expect(asked).rejects.toThrow("pickImage has not answered within ten minutes.");
  await expect.poll(() => received).toHaveLength(2);
  const [{ id }] = received as [{ id: number }];
  expect(received).toEqual([
    { type: "ask", id, what: "pickImage", about: request },
    { type: "ask", id, what: "nothing", about: {} },
  ]);
});

test("who asks late hears the page's last scheme, and then every change", async () => {
  const link = createHostLink(frame, start);
  const heard: string[] = [];
  for (const scheme of ["dark", "neither", "light"]) port.postMessage({ type: "scheme", scheme });
  port.postMessage({ type: "submit", id: 1 });
  const got: HostMessage[] = [];
  link.onMessage((message) => got.push(message));
  await expect.poll(() => got).toHaveLength(1);
  link.onScheme((scheme) => heard.push(scheme));
  port.postMessage({ type: "scheme", scheme: "dark" });
  await expect.poll(() => heard).toEqual(["light", "dark"]);
});

test("who asks late hears that the visit is already over, once, and not of one that goes on", async () => {
  const link = createHostLink(frame, start);
  const heard = vi.fn();
  const over = link.fetchSession();
  port.postMessage({ type: "session-failed", id: 1, code: "session-ended" });
  await expect(over).rejects.toMatchObject({ code: "session-expired" });
  link.onOver(heard);
  expect(heard).toHaveBeenCalledOnce();
  const given = link.fetchSession();
  port.postMessage({ type: "session", id: 2, sessionId: "sess", clientSecret: "new" });
  await given;
  link.onOver(heard);
  expect(heard).toHaveBeenCalledOnce();
});

test("options keep what has the agreed shape and drop the rest", () => {
  const options = { locale: "ar", messages: { a: "b", c: 1 }, theme: { accent: "#123", radius: null }, extra: true };
  expect(parseFrameOptions(options)).toEqual({ locale: "ar", messages: { a: "b" }, theme: { accent: "#123" } });
  expect(parseFrameOptions({ locale: "../x", theme: "red" })).toEqual({});
  for (const locale of ["ar-EG-u-nu-latn", "ar_EG"]) expect(parseFrameOptions({ locale })).toEqual({ locale });
});

test("whatever a page passes as options, only texts come through", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("locale", "messages", "theme"), fc.anything()), (given) => {
      const { locale = "en", messages = {}, theme = {} } = parseFrameOptions(given);
      const texts = [locale, ...Object.values(messages), ...Object.values(theme)];
      return texts.every((text) => typeof text === "string");
    }),
  );
});

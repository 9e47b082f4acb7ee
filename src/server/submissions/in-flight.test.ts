import { expect, test } from "vitest";
import { createInFlight } from "./in-flight.ts";

const claim = { idempotencyKey: "k", designSha256: "d", pictureSha256: "p" };

test("when as many uploads come in as may, the next is told that the server is busy, until one has ended", async () => {
  const inFlight = createInFlight(1);
  const first = Promise.withResolvers<string>();
  const held = inFlight.hold("ses_1", claim, () => first.promise);
  const another = () => inFlight.hold("ses_2", claim, async () => "taken");
  await expect(another()).rejects.toMatchObject({ code: "overloaded" });
  first.resolve("taken");
  expect(await held).toBe("taken");
  expect(await another()).toBe("taken");
});

import { expect, test } from "vitest";
import { findProduct } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";
import { makePicture } from "../testing/picture.ts";
import { createPictureValidator } from "./validator.ts";

const picture = makePicture();
const product = findProduct("photo-landscape")!;
const staying = () => new AbortController().signal;
const gone = AbortSignal.abort(new Problem("bad-request"));

/** `fine`, or the code of the problem. */
function look(validator: ReturnType<typeof createPictureValidator>, signal: AbortSignal): Promise<string> {
  return validator.check(picture, product, signal).then(
    () => "fine",
    (problem: Problem) => problem.code,
  );
}

test("a picture whose sender has gone is looked at while nobody else waits", async () => {
  const validator = createPictureValidator({ slots: 1, queue: 1 });
  expect(await Promise.all([look(validator, gone), look(validator, gone)])).toEqual(["fine", "fine"]);
});

test("those whose senders have gone, however many, keep nobody out and nobody waiting", async () => {
  const validator = createPictureValidator({ slots: 1, queue: 2 });
  const first = look(validator, staying());
  // One of them is waiting when its sender goes.
  const leaving = new AbortController();
  const left = [look(validator, leaving.signal)];
  leaving.abort(gone.reason);
  for (let more = 0; more < 50; more += 1) left.push(look(validator, gone));
  const next = look(validator, staying());
  expect(await look(validator, staying())).toBe("overloaded");
  expect(await Promise.all([first, next])).toEqual(["fine", "fine"]);
  expect(new Set(await Promise.all(left))).toEqual(new Set(["bad-request"]));
});

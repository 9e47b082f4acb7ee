import fc from "fast-check";
import { expect, it } from "vitest";
import { layOnGround } from "./lay-on-ground.ts";

const level = fc.integer({ min: 0, max: 255 });
const colour = fc.tuple(level, level, level);

it("leaves what is opaque, gives the very ground where nothing is seen, and the nearest level in between", () => {
  fc.assert(
    fc.property(colour, colour, level, (photo, ground, alpha) => {
      const rgba = Uint8ClampedArray.of(...photo, 0, ...photo, alpha, ...photo, 255);
      layOnGround(rgba, `#${Buffer.from(ground).toString("hex")}`);
      const mixed = photo.map((each, index) =>
        Math.round((each * alpha + (ground[index] as number) * (255 - alpha)) / 255),
      );
      expect([...rgba]).toEqual([...ground, 255, ...mixed, 255, ...photo, 255]);
    }),
  );
});

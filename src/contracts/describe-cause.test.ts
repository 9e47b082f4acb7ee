import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeCause } from "./describe-cause.ts";

const decoder = new DOMException("The source image could not be decoded.", "InvalidStateError");

describe("the cause of a failure", () => {
  it("is what was said, the outermost first", () => {
    const error = new Error("createImageBitmap of image/jpeg", { cause: decoder });
    expect(describeCause(error)).toBe(
      "Error: createImageBitmap of image/jpeg < InvalidStateError: The source image could not be decoded.",
    );
    expect(describeCause(new ReferenceError("OffscreenCanvas is not defined"))).toBe(
      "ReferenceError: OffscreenCanvas is not defined",
    );
    expect(describeCause("no OffscreenCanvasRenderingContext2D here")).toBe(
      "no OffscreenCanvasRenderingContext2D here",
    );
  });

  it.each([
    [
      "Failed to fetch dynamically imported module: https://cards.example/designer/assets/DesignStep-C3x_9a.js?v=1#top",
      "Failed to fetch dynamically imported module: DesignStep-C3x_9a.js",
    ],
    ["GET https://user:pw@cards.example/frame/ses_01?token=abc failed", "GET … failed"],
    ["cannot read C:\\Users\\Ali\\Holiday\\beach.jpg", "cannot read …"],
    ["cannot read /home/ali/pictures/beach", "cannot read …"],
    ["the file 'Ali and Sara 2024.jpg' is gone", "the file … is gone"],
    ["beach_2024.HEIC is gone", "… is gone"],
    ["no such object blob:https://cards.example/8b1c2c1e-7f3e-4f7f-9f53-5a7cbb8ad001", "no such object …"],
    ["bad secret cs_5f1kQ0aPq7ZJr3N5v2xYw8LmT4uHs6Gd", "bad secret …"],
    ["digest e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 differs", "digest … differs"],
    ["card 4111 1111 1111 1111 of ali@example.com", "card … of …"],
    ["/v1/sessions?secret=abc said no", "… said no"],
    ["two\n\tlines\u0000", "two lines"],
  ])("keeps to itself what %j may tell", (message, shown) => {
    expect(describeCause(message)).toBe(shown);
  });

  it("keeps the name of the file to itself, whatever it is", () => {
    expect(describeCause(new Error("Summer at the lake could not be read"), ["Summer at the lake"])).toBe(
      "Error: … could not be read",
    );
  });

  it("is nothing when nothing is known", () => {
    for (const nothing of [undefined, null, "", " \n"]) expect(describeCause(nothing)).toBeUndefined();
  });

  it("is one line of at most 300 characters, whatever was thrown", () => {
    const strange = fc.oneof(
      fc.anything(),
      fc.string({ maxLength: 2000 }),
      fc.string().map((text) => new Error(text)),
    );
    fc.assert(
      fc.property(strange, (thrown) => {
        const text = describeCause(thrown);
        if (text === undefined) return;
        expect(text.length).toBeLessThanOrEqual(300);
        expect(text).not.toMatch(/[\r\n]/);
      }),
    );
    const loop = new Error("round");
    loop.cause = loop;
    expect(describeCause(loop)?.match(/round/g)).toHaveLength(4);
    expect(
      describeCause(
        new Proxy(
          {},
          {
            has: () => {
              throw new Error("no");
            },
          },
        ),
      ),
    ).toBe("unreadable");
  });
});

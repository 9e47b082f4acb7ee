import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { paintElements } from "./paint.ts";
import { paintedDigests } from "./testing/painted-cases.ts";
import { paintOn } from "./testing/paint-on.ts";
import { readPaint } from "./testing/read-paint.ts";

const small = { width: 4, height: 3 };
const square = (from: number, to: number): string => `M${from} ${from}L${to} ${from}L${to} ${to}L${from} ${to}Z`;
const back = (from: number, to: number): string => `M${from} ${from}L${from} ${to}L${to} ${to}L${to} ${from}Z`;

describe("coverage", () => {
  test("a pixel is as dark as it is covered, and its neighbours are left alone", () => {
    expect(paintOn(small, [{ path: "M1 1L2.5 1L2.5 2L1 2Z" }]).levels).toEqual([
      255, 255, 255, 255, 255, 0, 127, 255, 255, 255, 255, 255,
    ]);
    expect(paintOn(small, [{ path: "M1.25 0.5L1.75 0.5L1.75 1.5L1.25 1.5Z" }]).levels.slice(0, 8)).toEqual([
      255, 191, 255, 255, 255, 191, 255, 255,
    ]);
  });

  test("an outline that is left open is filled as if it were closed, each of them", () => {
    const open = paintOn(small, [{ path: "M0 0L2 0L2 2L0 2M2 2L4 2L4 3L2 3" }]).levels;
    expect(open).toEqual(paintOn(small, [{ path: "M0 0L2 0L2 2L0 2ZM2 2L4 2L4 3L2 3Z" }]).levels);
    expect(open).toEqual([0, 0, 255, 255, 0, 0, 255, 255, 255, 255, 0, 0]);
  });

  test("neighbours that share an edge as one path leave no seam", () => {
    const { levels } = paintOn(small, [{ path: "M0 0L1.3 0L2.7 3L0 3ZM1.3 0L4 0L4 3L2.7 3Z" }]);
    expect(levels).toEqual(Array(12).fill(0));
  });
});

describe("what is inside", () => {
  const raster = { width: 12, height: 12 };
  const centre = ({ levels }: { readonly levels: readonly number[] }) => levels[6 * 12 + 6];
  const twice = square(1, 11) + square(3, 9);
  const thrice = `${twice}${square(4, 8)}`;

  test("is every second of the same direction by one rule, and all by the other", () => {
    expect(centre(paintOn(raster, [{ path: twice, rule: "evenodd" }]))).toBe(255);
    expect(centre(paintOn(raster, [{ path: twice, rule: "nonzero" }]))).toBe(0);
    expect(centre(paintOn(raster, [{ path: thrice, rule: "evenodd" }]))).toBe(0);
    expect(centre(paintOn(raster, [{ path: thrice, rule: "nonzero" }]))).toBe(0);
  });

  test("is not what goes around once in each direction", () => {
    const path = square(1, 11) + back(3, 9);
    expect(centre(paintOn(raster, [{ path, rule: "nonzero" }]))).toBe(255);
    expect(centre(paintOn(raster, [{ path, rule: "evenodd" }]))).toBe(255);
  });

  test("has no seam where it meets what goes the other way around, in the middle of a pixel", () => {
    const path = "M1 1L5.5 1L5.5 11L1 11ZM5.5 1L5.5 11L11 11L11 1Z";
    expect(paintOn(raster, [{ path }]).levels.slice(6 * 12 + 1, 6 * 12 + 11)).toEqual(Array(10).fill(0));
  });
});

describe("outside the raster", () => {
  const raster = { width: 8, height: 8 };
  /** The same on a raster with a border of 8 pixels, which is then cut off. */
  const cut = (path: string, rule: "nonzero" | "evenodd"): readonly number[] => {
    const moved = path.replaceAll(/(-?[\d.]+) (-?[\d.]+)/g, (_, x, y) => `${Number(x) + 8} ${Number(y) + 8}`);
    const { levels } = paintOn({ width: 24, height: 24 }, [{ path: moved, rule }]);
    return levels.filter((_, pixel) => pixel % 24 >= 8 && pixel % 24 < 16 && pixel >= 192 && pixel < 384);
  };
  const coordinate = fc.integer({ min: -32, max: 64 }).map((quarter) => quarter / 4);
  const point = fc.tuple(coordinate, coordinate).map(([x, y]) => `${x} ${y}`);
  const piece = fc.oneof(
    point.map((to) => `L${to}`),
    fc.tuple(point, point).map((points) => `Q${points.join(" ")}`),
    fc.tuple(point, point, point).map((points) => `C${points.join(" ")}`),
  );
  const path = fc
    .tuple(point, fc.array(piece, { minLength: 2, maxLength: 8 }))
    .map(([from, rest]) => `M${from}${rest.join("")}Z`);

  test("a path is cut off as if there were more of the raster", () => {
    fc.assert(
      fc.property(path, fc.constantFrom("nonzero" as const, "evenodd" as const), (one, rule) => {
        const differences = paintOn(raster, [{ path: one, rule }]).levels.map((level, pixel) =>
          Math.abs(level - (cut(one, rule)[pixel] as number)),
        );
        // Where it leaves the raster a crossing is rounded, once more than where nothing ends.
        expect(Math.max(...differences)).toBeLessThanOrEqual(6);
      }),
      { numRuns: 100 },
    );
  });

  test("what is far away costs nothing and is not there; what encloses the raster covers it", () => {
    const away = ["M-90 -90L-80 -90L-80 990Z", "M900 0C990 0 990 9 900 9Z", "M0 -9L9 -9L9 -1Z", "M0 99L9 99L9 9Z"];
    for (const path of away) expect(paintOn(raster, [{ path }]).levels, path).toEqual(Array(64).fill(255));
    const around = [
      "M-1000000 -1000000L1000000 -1000000L1000000 1000000L-1000000 1000000Z",
      "M-999999 -999999C999999 -999999 999999 -999999 999999 999999L-999999 999999Z",
    ];
    expect(paintOn(raster, [{ path: around[0] as string }]).levels).toEqual(Array(64).fill(0));
    expect(paintOn(raster, [{ path: around[1] as string }]).levels[63]).toBe(0);
  });
});

describe("colours", () => {
  test("are laid over in whole levels, both shares rounded apart, as the veil does it", () => {
    for (const ground of [0, 1, 127, 200, 254, 255]) {
      for (let sixteenths = 1; sixteenths < 16; sixteenths += 1) {
        const op = { path: `M1 1L${1 + sixteenths / 16} 1L${1 + sixteenths / 16} 2L1 2Z`, fill: "#ff80c3" };
        const { rgba } = paintOn(small, [op], [ground, ground, ground]);
        const opacity = Math.round((sixteenths * 255) / 16);
        const expected = [255, 128, 195].map(
          (level) => Math.round((level * opacity) / 255) + Math.round((ground * (255 - opacity)) / 255),
        );
        expect([...rgba.subarray(20, 24)]).toEqual([...expected, 255]);
      }
    }
  });

  test("what is on top hides what is below it", () => {
    const { rgba } = paintOn(small, [
      { path: square(0, 3), fill: "#ff0000" },
      { path: square(1, 3), fill: "#0000ff" },
    ]);
    expect([...rgba.subarray(0, 4), ...rgba.subarray(20, 24)]).toEqual([255, 0, 0, 255, 0, 0, 255, 255]);
  });
});

describe("a path that cannot be drawn is left out as a whole, and nothing else", () => {
  const good = { path: square(0, 2) };
  const zigzag = Array.from({ length: 5000 }, (_, index) => `L${index % 2 === 0 ? "0 999" : "19 0"}`).join("");
  test.each([
    ["broken", "M0 0L4 0L4 3L", "not-a-path"],
    ["too far away", "M0 0L4 0L4 3L9999999 0", "too-far"],
    ["too intricate", `M0 0${zigzag}`, "too-complex"],
  ] as const)("%s", (_, path, fault) => {
    const large = { width: 20, height: 900 };
    const { skipped, levels } = paintOn(large, [{ path, fill: "#ffffff" }, { path }, good]);
    expect(skipped).toEqual([0, 1].map((index) => ({ element: "e", path: index, fault })));
    expect(levels).toEqual(paintOn(large, [good]).levels);
  });

  test("a box so small in units that its corners are nowhere", () => {
    const rgba = new Uint8ClampedArray(48).fill(255);
    const product = { widthPx: 4, heightPx: 3, dpi: 300 };
    for (const scale of [1e300, Number.POSITIVE_INFINITY, Number.NaN]) {
      const element = {
        id: "e",
        matrix: [scale, 0, 0, scale, -scale, 0] as const,
        ops: [{ ...good, fill: "#000000", rule: "nonzero" as const }],
      };
      expect(paintElements(readPaint(), rgba, product, [element])).toMatchObject([{ fault: "too-far" }]);
    }
    expect(new Set(rgba)).toEqual(new Set([255]));
  });
});

test("no path takes the memory or an hour: what is too much for a picture is left out", () => {
  const paint = readPaint();
  const [width, height] = [1036, 664];
  const fill = { fill: "#000000", rule: "evenodd" } as const;
  const random = fc.sample(fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 12_000, maxLength: 12_000 }), {
    numRuns: 1,
    seed: 7,
  })[0] as number[];
  const wild = `M${random.join(" ")}`;
  const curves = `M0 0${"C999 999 0 999 999 0".repeat(2_900)}`;
  const loops = `M0 0${"Q999999 5 -999999 9".repeat(3_000)}`;
  const covers = { path: "M0 0L9999 0L9999 999L0 999Z", ...fill };
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  const ops = [wild, curves, loops]
    .map((path) => ({ path, ...fill }))
    .concat(Array.from({ length: 2_000 }, () => covers));
  const skipped = paintElements(paint, rgba, { widthPx: width, heightPx: height, dpi: 25.4 }, [
    { id: "e", ops, matrix: [1, 0, 0, 1, -518, -332] },
  ]);
  expect(new Set(skipped.map(({ fault }) => fault))).toEqual(new Set(["too-complex"]));
  expect(skipped.at(-1)?.path).toBe(ops.length - 1);
  expect(paint.memory.buffer.byteLength).toBeLessThan(24 * 1024 * 1024);
  // And the next picture has all it needs.
  expect(
    paintElements(paint, rgba, { widthPx: width, heightPx: height, dpi: 25.4 }, [
      { id: "e", ops: [covers], matrix: [1, 0, 0, 1, -518, -332] },
    ]),
  ).toEqual([]);
});

test("these are the pixels of the first release, in every browser and here", async () => {
  expect(await paintedDigests(readPaint())).toMatchInlineSnapshot(`
    {
      "fifty on top of each other": "c1d4192183b6ac1594d5fd6f9b07d5ce13603896eb96b1bcbf167f3a25a59f7f",
      "hairlines of 0.1 mm": "e85d6930173db915e657c63142d2a6653c3f466d3447c5bd608e756e25eb5ecd",
      "half outside": "9544ad5dc590b64b0c936391e0c9cb435cff5084d35600cf614620103dd3f628",
      "holes": "1bb07a8edd818e057a717068139a7a77d236f95a2aa4c78fc10343284389b900",
      "mostly outside": "fadc58e9a99aabb786fb6d015c47175236bdd617d8871984417dbe2b831180a7",
      "nested curves": "744c73dece4eb212a2df0d4c83fc5c733fe5ace5257b16fff624bd6f2df66606",
      "stars that cross themselves": "ddf678729c5eac10d24cbf67f42099870eddda9f221a7a68b970c88bb093067d",
      "turned and mirrored": "2f079ac0dab9e59d6026ac002dbf9b14517ecfdda58ebad00d8889c4720716e4",
    }
  `);
});

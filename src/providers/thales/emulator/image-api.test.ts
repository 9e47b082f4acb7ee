import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { products } from "#card/products.ts";
import { renderPicture, trimBox } from "./render.ts";
import {
  addFault,
  makeNoise,
  openTestPlatform,
  sendPicture,
  type TestPlatform,
  testDeliveryKey,
  testKeys,
} from "./testing/platform.ts";

let platform: TestPlatform;
let id: string;
let picture: Buffer;

const ground = { create: { width: 1036, height: 664, channels: 3, background: "#2040a0" } } as const;
// One colour at each corner, so that every rotation and crop shows where it came from.
const patch = (background: string) => ({
  input: { create: { width: 200, height: 200, channels: 3 as const, background } },
});

beforeAll(async () => {
  platform = await openTestPlatform();
  picture = await sharp(ground)
    .composite([
      { ...patch("#ff0000"), left: 0, top: 0 },
      { ...patch("#00ff00"), left: 836, top: 0 },
      { ...patch("#ffff00"), left: 836, top: 464 },
    ])
    .removeAlpha()
    .png()
    .toBuffer();
  id = await sendPicture(platform, picture);
});
afterAll(() => platform.close());

const get = (query: Record<string, string>, path = "GetImage") =>
  platform.app.inject(`/ImageAPI/${path}?${new URLSearchParams({ ImageDeliveryKey: testDeliveryKey, ...query })}`);
const image = (query: Record<string, string> = {}) =>
  get({ CardImageID: id, ImageFormat: "PNG", Corner: "Square", ...query });

async function colourAt(bytes: Buffer, x: number, y: number): Promise<string> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const start = (y * info.width + x) * info.channels;
  return `#${data.subarray(start, start + info.channels).toString("hex")}`;
}

test("asked for nothing but the picture, it is the print as a JPEG with round, white corners", async () => {
  const reply = await get({ CardImageID: id });
  expect(reply.headers["content-type"]).toBe("image/jpeg");
  expect(await sharp(reply.rawPayload).metadata()).toMatchObject({
    format: "jpeg",
    width: 1036,
    height: 664,
    channels: 3,
  });
  expect(await colourAt(reply.rawPayload, 0, 0)).toBe("#ffffff");
  expect(await colourAt(reply.rawPayload, 150, 150)).toMatch(/^#f[c-f]0[0-3]0[0-3]$/);
});

test("square and PNG, the print is the picture that was sent, pixel by pixel", async () => {
  const reply = await image();
  expect(reply.headers["content-type"]).toBe("image/png");
  const pixels = (bytes: Buffer) => sharp(bytes).raw().toBuffer();
  expect((await pixels(reply.rawPayload)).equals(await pixels(picture))).toBe(true);
});

test("round corners of a PNG are transparent, and the middle of each side is not", async () => {
  const { rawPayload } = await image({ Corner: "Round", DesignType: "Design" });
  const { width, height } = await sharp(rawPayload).metadata();
  for (const [x, y] of [
    [0, 0],
    [width - 1, 0],
    [0, height - 1],
    [width - 1, height - 1],
  ] as const) {
    expect((await colourAt(rawPayload, x, y)).slice(7)).toBe("00");
  }
  for (const [x, y] of [
    [width >> 1, 0],
    [0, height >> 1],
    [width - 1, height >> 1],
    [width >> 1, height - 1],
  ] as const) {
    expect((await colourAt(rawPayload, x, y)).slice(7)).toBe("ff");
  }
});

test.each([
  ["Rotate0", 1036, ["#ff0000", "#00ff00", "#ffff00"]],
  ["Rotate90", 664, ["#2040a0", "#ff0000", "#00ff00"]],
  ["Rotote180", 1036, ["#ffff00", "#2040a0", "#ff0000"]],
  ["Rotate180", 1036, ["#ffff00", "#2040a0", "#ff0000"]],
  ["Rotate270", 664, ["#00ff00", "#ffff00", "#2040a0"]],
])("%s turns it clockwise", async (DesignRotate, expectedWidth, [topLeft, topRight, bottomRight]) => {
  const { rawPayload } = await image({ DesignRotate });
  const { width, height } = await sharp(rawPayload).metadata();
  expect(width).toBe(expectedWidth);
  expect(await colourAt(rawPayload, 5, 5)).toBe(topLeft);
  expect(await colourAt(rawPayload, width - 5, 5)).toBe(topRight);
  expect(await colourAt(rawPayload, width - 5, height - 5)).toBe(bottomRight);
});

test.each([
  [{ Width: "518" }, 518, 332],
  [{ Height: "332" }, 518, 332],
  [{ Width: "518", Height: "664" }, 518, 332],
  [{ Width: "1036", Height: "166" }, 259, 166],
  [{ Width: "332", DesignRotate: "Rotate90" }, 332, 518],
  [{ Width: "2072" }, 2072, 1328],
] as [Record<string, string>, number, number][])(
  "%j keeps the aspect ratio, the smaller scale wins",
  async (query, width, height) => {
    expect(await sharp((await image(query)).rawPayload).metadata()).toMatchObject({ width, height });
  },
);

test("Design is the cut card: 85.60 x 53.98 mm at the product's resolution, without the bleed", async () => {
  const { rawPayload } = await image({ DesignType: "Design" });
  expect(await sharp(rawPayload).metadata()).toMatchObject({ width: 1011, height: 638 });
  for (const product of products) {
    const box = trimBox(product);
    expect((box.width / product.dpi) * 25.4).toBeCloseTo(product.trimWidthMm, 1);
    expect(Math.abs(product.widthPx - box.width - 2 * box.left)).toBeLessThanOrEqual(1);
    expect(Math.abs(product.heightPx - box.height - 2 * box.top)).toBeLessThanOrEqual(1);
  }
});

test("design types and templates differ where they say they do", async () => {
  const shot = async (query: Record<string, string>) => (await image(query)).rawPayload;
  const chip = async (query: Record<string, string>) => (await colourAt(await shot(query), 210, 290)) !== "#2040a0";
  expect(await chip({ DesignType: "Design" })).toBe(false);
  expect(await chip({ DesignType: "DesignwithTemplate" })).toBe(true);
  expect(await chip({ DesignType: "DesignwithTemplate", Overlay: "False" })).toBe(false);
  expect(await chip({ DesignType: "Design", Overlay: "True" })).toBe(true);
  expect(await chip({ DesignType: "Design", TemplateType: "Print" })).toBe(true);
  expect(await chip({ DesignType: "Design", TemplateType: "VCDesign" })).toBe(false);
  const variants = await Promise.all([
    shot({ DesignType: "Print" }),
    shot({ DesignType: "Review" }),
    shot({ TemplateType: "Print" }),
    shot({ TemplateType: "Design" }),
    shot({ TemplateType: "VCDesign" }),
  ]);
  expect(new Set(variants.map((bytes) => bytes.toString("base64"))).size).toBe(variants.length);
  expect(await shot({ DesignType: "Original" })).toEqual(variants[0]);
});

test("the template is drawn without any font: each line of it leaves ink, whichever way round the card is", async () => {
  for (const product of products.slice(0, 2)) {
    const flat = await sharp({ create: { ...ground.create, width: product.widthPx, height: product.heightPx } })
      .png()
      .toBuffer();
    const rendition = {
      designType: "Design",
      overlay: null,
      rotateDeg: 0,
      corner: "Square",
      widthPx: null,
      heightPx: null,
      format: "PNG",
    } as const;
    const drawn = await renderPicture(flat, product, { ...rendition, templateType: "Design" });
    const box = trimBox(product);
    for (const zone of product.zones.filter(({ kind }) => kind !== "issuer-logo")) {
      const px = (mm: number) => Math.round((mm / 25.4) * product.dpi);
      const region = {
        left: px(zone.xMm) + Math.round(box.width / 2),
        top: px(zone.yMm) + Math.round(box.height / 2),
        width: px(zone.widthMm),
        height: px(zone.heightMm),
      };
      const { channels } = await sharp(await sharp(drawn).extract(region).png().toBuffer()).stats();
      expect(channels[0]?.stdev, `${zone.kind} on ${product.id}`).toBeGreaterThan(10);
    }
  }
});

test("names of parameters are read without regard to case", async () => {
  const reply = await platform.app.inject(
    `/ImageAPI/GetImage?imagedeliverykey=${testDeliveryKey}&CARDIMAGEID=${id.toUpperCase()}&imageFORMAT=PNG`,
  );
  expect(reply.statusCode).toBe(200);
  expect(reply.headers["content-type"]).toBe("image/png");
});

const other = "11111111-2222-4333-8444-555555555555";
test.each<[Record<string, string>, number, string]>([
  [{ ImageDeliveryKey: "wrong" }, 400, "Invalid Delivery Image Key"],
  [{ CardImageID: "42" }, 400, "Invalid Card Image Id"],
  [{ CardImageID: "" }, 400, "Invalid Card Image Id"],
  [{ DesignRotate: "Rotate45" }, 400, "Invalid Parameter"],
  [{ DesignRotate: "constructor" }, 400, "Invalid Parameter"],
  [{ Width: "0" }, 400, "Invalid Parameter"],
  [{ Height: "5000" }, 400, "Invalid Parameter"],
  [{ Width: "10px" }, 400, "Invalid Parameter"],
  [{ cardimageid: other }, 400, "Invalid Parameter"],
  [{ CardImageID: other }, 404, "Design Not Found"],
  [{ Overlay: "Yes" }, 500, "Invalid Overlay"],
  [{ DesignType: "Poster" }, 500, "Invalid Design Image Type"],
  [{ TemplateType: "Poster" }, 500, "Invalid Template Type"],
  [{ ImageFormat: "GIF" }, 500, "Invalid Image Format"],
  [{ Corner: "Soft" }, 500, "Invalid Corner"],
])("%j is answered with %i %s", async (query, status, message) => {
  const reply = await image(query);
  expect([reply.statusCode, reply.json()]).toEqual([status, { Message: message }]);
});

test("GetTemplate gives a transparent PNG for a handover key, and wants a template type", async () => {
  const HandoverKey = testKeys["photo-portrait"];
  const reply = await get({ HandoverKey, TemplateType: "Design" }, "GetTemplate");
  expect(await sharp(reply.rawPayload).metadata()).toMatchObject({
    format: "png",
    width: 638,
    height: 1011,
    channels: 4,
  });
  const answers = await Promise.all([
    get({ HandoverKey: "wrong", TemplateType: "Design" }, "GetTemplate"),
    get({ HandoverKey }, "GetTemplate"),
  ]);
  expect(answers.map((answer) => [answer.statusCode, answer.json().Message])).toEqual([
    [500, "Invalid Hand Over Key"],
    [500, "Invalid Template Type"],
  ]);
});

test("every call is in the ledger, with its answer and never with a key", async () => {
  const before = (await platform.app.inject("/sandbox/ledger?limit=5000")).json<{ calls: unknown[] }>().calls.length;
  await image();
  await image({ Corner: "Soft" });
  const reply = await platform.app.inject("/sandbox/ledger?limit=5000");
  expect(reply.json<{ calls: unknown[] }>().calls.slice(before)).toMatchObject([
    { method: "GetImage", httpStatus: 200, cardImageId: id },
    { method: "GetImage", httpStatus: 500, cardImageId: id, note: "Invalid Corner" },
  ]);
  expect(reply.body).not.toContain("CANARY");
});

test("a photograph stays itself in a JPEG preview", async () => {
  const noise = await makeNoise(1036, 664).blur(6).png().toBuffer();
  const reply = await get({ CardImageID: await sendPicture(platform, noise), Corner: "Square" });
  const [a, b] = await Promise.all([noise, reply.rawPayload].map((bytes) => sharp(bytes).raw().toBuffer()));
  const error = a!.reduce((sum, value, index) => sum + (value - b![index]!) ** 2, 0) / a!.length;
  expect(10 * Math.log10(255 ** 2 / error)).toBeGreaterThan(38);
});

test.each([
  ["error-400", 400, "Invalid Parameter"],
  ["error-404", 404, "Design Not Found"],
  ["error-500", 500, "Internal error"],
] as const)("GetImage with %s answers the sentence, though the picture is there", async (fault, status, message) => {
  await addFault(platform, { method: "GetImage", fault });
  const reply = await image();
  expect([reply.statusCode, reply.json()]).toEqual([status, { Message: message }]);
  expect((await image()).statusCode).toBe(200);
});

test.each(["page-200", "page-403", "page-404", "page-503"] as const)("GetImage with %s: a web page", async (fault) => {
  await addFault(platform, { method: "GetImage", fault });
  const reply = await image();
  expect([reply.statusCode, reply.headers["content-type"]]).toEqual([
    Number(fault.split("-")[1]),
    "text/html; charset=utf-8",
  ]);
});

test("a picture of the wrong size, one a pixel too wide, and one that is only its head", async () => {
  const sizes = [];
  for (const fault of ["wrong-size", "pixel-wider", "header-only"] as const) {
    await addFault(platform, { method: "GetImage", fault });
    const reply = await image({ Width: "518" });
    const { rawPayload: bytes } = reply;
    sizes.push([
      reply.headers["content-type"],
      bytes.readUInt32BE(16),
      bytes.readUInt32BE(20),
      bytes.byteLength === 33,
    ]);
  }
  expect(sizes).toEqual([
    ["image/png", 7, 4, false],
    ["image/png", 519, 332, false],
    ["image/png", 518, 332, true],
  ]);
});

test("the search suffers other faults than GetImage by id, and GetTemplate its own", async () => {
  await addFault(platform, { method: "Search", fault: "page-503" });
  await addFault(platform, { method: "GetTemplate", fault: "error-500" });
  expect((await image()).statusCode).toBe(200);
  expect((await image({ SearchField: "Ref" })).statusCode).toBe(503);
  const HandoverKey = testKeys["photo-portrait"];
  expect((await get({ HandoverKey, TemplateType: "Design" }, "GetTemplate")).statusCode).toBe(500);
  const { calls } = (await platform.app.inject("/sandbox/ledger?limit=5000")).json<{ calls: { fault: string }[] }>();
  expect(calls.slice(-3).map(({ fault }) => fault)).toEqual([null, "page-503", "error-500"]);
});

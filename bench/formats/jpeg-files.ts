import sharp, { type Sharp } from "sharp";
import { makeTiff } from "#image/testing/make-tiff.ts";
import { exif, profileSegments, profiles, withSegments } from "./bytes.ts";
import { decode, heightPx, mapPixels, photo, sharpOf, source, storedAs, widthPx } from "./pictures.ts";
import type { Opens, TableFile } from "./table.ts";

/** Decoders may round each step of the inverse transform, and of YCbCr to RGB, in their own way. */
const most = 0.15;
/** Between the press's profile and sRGB lie tables, between whose lines colour engines go in different ways. */
const mostOfInks = 1;

async function opens(name: string, bytes: Uint8Array, change: Partial<Opens> = {}): Promise<TableFile> {
  return { name: `JPEG, ${name}`, bytes, opens: { picture: await decode(bytes), most, ...change } };
}

/** Four inks as they are, of what stands in `inks`: libvips takes no bare CMYK. */
function ofInks(inks: Uint8Array): Sharp {
  const tiff = makeTiff(
    { 256: [widthPx], 257: [heightPx], 258: [8, 8, 8, 8], 259: [1], 262: [5], 277: [4], 278: [heightPx] },
    [inks],
  );
  return sharp(tiff).pipelineColourspace("cmyk").toColourspace("cmyk");
}

/** As Adobe's programs mix inks: the first three are stored as their brightness and colour, and all the wrong way round. */
async function ycck(profile: Uint8Array): Promise<Buffer> {
  const mixed = mapPixels(photo, (red, green, blue) => {
    const [c, m, y] = [255 - red, 255 - green, 255 - blue];
    const stored = [
      0.299 * c + 0.587 * m + 0.114 * y,
      128 - 0.168736 * c - 0.331264 * m + 0.5 * y,
      128 + 0.5 * c - 0.418688 * m - 0.081312 * y,
      255 - c / 8,
    ];
    // As the encoder turns them round.
    return stored.map((value) => 255 - Math.min(255, Math.max(0, Math.round(value))));
  });
  const jpeg = await ofInks(mixed).jpeg({ quality: 95, chromaSubsampling: "4:4:4" }).toBuffer();
  const adobe = jpeg.indexOf("Adobe", 0, "latin1");
  if (adobe === -1) throw new Error("the JPEG of inks has no segment of Adobe's");
  jpeg[adobe + 11] = 2;
  return withSegments(jpeg, ...profileSegments(profile));
}

export async function makeJpegFiles(): Promise<TableFile[]> {
  const plain = (options = {}): Promise<Buffer> =>
    source()
      .jpeg({ quality: 92, ...options })
      .toBuffer();
  const full = await plain({ chromaSubsampling: "4:4:4" });
  const grey = await source().greyscale().toColourspace("b-w").jpeg({ quality: 92 }).toBuffer();
  const odd = sharpOf(photo).extract({ left: 0, top: 0, width: 715, height: 473 });
  const cmyk = await source().withIccProfile("cmyk").toColourspace("cmyk").jpeg({ quality: 95 }).toBuffer();
  const press = (await sharp(cmyk).metadata()).icc;
  if (press === undefined) throw new Error("the JPEG of inks has no profile");
  const bareCmyk = await source().toColourspace("cmyk").jpeg({ quality: 95 }).toBuffer();
  const mixed = await ycck(press);
  const files = [
    opens("4:2:0", await plain({ chromaSubsampling: "4:2:0" })),
    opens("4:4:4", full),
    opens("of odd sides, 4:2:0", await odd.jpeg({ quality: 92, chromaSubsampling: "4:2:0" }).toBuffer()),
    opens("progressive, 4:2:0", await plain({ progressive: true })),
    opens("progressive, 4:4:4", await plain({ progressive: true, chromaSubsampling: "4:4:4" })),
    opens("quality 40", await plain({ quality: 40 })),
    opens("grey", grey),
    opens("grey, with a profile", withSegments(grey, ...profileSegments(profiles.grey))),
    // Which says nothing of colours.
    opens("of colours, with a profile of greys", withSegments(full, ...profileSegments(profiles.grey)), {
      picture: await decode(full),
    }),
    opens("Display P3", withSegments(full, ...profileSegments(profiles.p3))),
    opens("Display P3, 4:2:0", withSegments(await plain(), ...profileSegments(profiles.p3))),
    opens("Adobe RGB", withSegments(full, ...profileSegments(profiles.adobe))),
    opens("CMYK with a profile", cmyk, { most: mostOfInks, inks: "profiled" }),
    opens("YCCK with a profile", mixed, { most: mostOfInks, inks: "profiled" }),
    // Nobody can tell what they look like; not inverted, and not far off.
    opens("CMYK without a profile", bareCmyk, { most: 12, inks: "bare" }),
  ];
  for (let orientation = 1; orientation <= 8; orientation++) {
    const stored = await sharpOf(storedAs(orientation)).jpeg({ quality: 92 }).toBuffer();
    const bytes = withSegments(stored, [0xe1, Buffer.concat([Buffer.from("Exif\0\0"), exif(orientation)])]);
    files.push(opens(`EXIF ${orientation}`, bytes, { isTurned: true }));
  }
  return Promise.all(files);
}

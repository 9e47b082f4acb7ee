import { isPortrait, type Product } from "#card/products.ts";
import type { Box, DrawOp, Text } from "../elements.ts";
import { point, polygon, rectangle, Sheet } from "./sheet.ts";
import type { Names, Template, TemplateElement, TemplateGround } from "./template.ts";

const colour: Names = { en: "Colour", de: "Farbe", fr: "Couleur", es: "Color", ar: "اللون" };

/** Over everything, in a colour of the cardholder's own. */
function frame(sheet: Sheet, path: string, fill: string): TemplateElement {
  return {
    element: sheet.draw("frame", [{ path, fill, rule: "evenodd" }]),
    locks: { move: true, content: true, remove: true },
    slot: { names: colour },
    prints: true,
    onTop: true,
  };
}

/** Where neither chip nor print is: beside the chip, or below it on a card that stands upright. */
function captionRoom(product: Product, heightMm: number, downMm = 0): Box {
  const room = isPortrait(product) ? { xMm: 0, yMm: 3.5, widthMm: 44 } : { xMm: 9.7, yMm: -6, widthMm: 52 };
  return { ...room, yMm: room.yMm + downMm, heightMm, rotationDeg: 0, mirrored: false };
}

function caption(names: Names, written: Pick<Text, "text" | "face" | "fill">, box: Box): TemplateElement {
  return {
    element: { kind: "text", id: "caption", align: "centre", box, ...written },
    locks: { move: true },
    slot: { names },
    prints: true,
  };
}

const yourName: Names = { en: "Your name", de: "Ihr Name", fr: "Votre nom", es: "Su nombre", ar: "اسمك" };
const yourGreeting: Names = {
  en: "Your greeting",
  de: "Ihr Gruß",
  fr: "Votre salutation",
  es: "Su saludo",
  ar: "تحيتك",
};

function corners(sheet: Sheet, insetMm: number): string {
  const [left, top, right, bottom] = sheet.within(insetMm);
  const [arm, line] = [8, 0.7];
  const angle = (x: number, y: number, toX: 1 | -1, toY: 1 | -1): string =>
    polygon(
      [x, y],
      [x + toX * arm, y],
      [x + toX * arm, y + toY * line],
      [x + toX * line, y + toY * line],
      [x + toX * line, y + toY * arm],
      [x, y + toY * arm],
    );
  return [
    angle(left, top, 1, 1),
    angle(right, top, -1, 1),
    angle(left, bottom, 1, -1),
    angle(right, bottom, -1, -1),
  ].join("");
}

/** Bands along the longer edges with holes through which the photo is seen. */
function film(sheet: Sheet, product: Product): string {
  const [left, top, right, bottom] = sheet.within(0);
  const [band, hole, gap] = [4.6, 2.4, 4.8];
  const upright = isPortrait(product);
  const [from, to] = upright ? [top, bottom] : [left, right];
  const count = Math.floor((to - from - gap / 2) / gap);
  const first = (from + to) / 2 - ((count - 1) * gap) / 2;
  const holes = Array.from({ length: count }, (_, at) => first + at * gap);
  const across = upright ? [left + band / 2, right - band / 2] : [top + band / 2, bottom - band / 2];
  const bands = upright
    ? [rectangle([0, 0, left + band, sheet.heightMm]), rectangle([right - band, 0, sheet.widthMm, sheet.heightMm])]
    : [rectangle([0, 0, sheet.widthMm, top + band]), rectangle([0, bottom - band, sheet.widthMm, sheet.heightMm])];
  const punched = across.flatMap((middle) =>
    holes.map((along) => {
      const [x, y] = upright ? [middle, along] : [along, middle];
      return rectangle([x - hole / 2, y - hole / 2, x + hole / 2, y + hole / 2], 0.6);
    }),
  );
  return [...bands, ...punched].join("");
}

/** Stripes of a letter that goes by air, around the card. */
function airmail(sheet: Sheet): readonly DrawOp[] {
  const { widthMm, heightMm } = sheet;
  const [left, top, right, bottom] = sheet.within(2.6);
  const slant = 2;
  const stripes = (lengthMm: number, place: (from: number, to: number) => readonly string[]): string[][] => {
    const count = Math.round(lengthMm / 4.4 / 4) * 4;
    const step = lengthMm / count;
    const all = Array.from({ length: count }, (_, at) => place(at * step, (at + 0.62) * step));
    return [0, 1].map((turn) => all.filter((_, at) => at % 2 === turn).flat());
  };
  const long = stripes(widthMm, (from, to) => [
    polygon([from + slant, 0], [to + slant, 0], [to, top], [from, top]),
    polygon([from + slant, bottom], [to + slant, bottom], [to, heightMm], [from, heightMm]),
  ]);
  const high = stripes(heightMm - top - (heightMm - bottom), (from, to) => [
    polygon([0, top + from + slant], [left, top + from], [left, top + to], [0, top + to + slant]),
    polygon([right, top + from + slant], [widthMm, top + from], [widthMm, top + to], [right, top + to + slant]),
  ]);
  const border = sheet.all() + rectangle([left, top, right, bottom], 1);
  const inColour = (turn: number, fill: string): DrawOp => ({
    path: [...(long[turn] ?? []), ...(high[turn] ?? [])].join(""),
    fill,
    rule: "nonzero",
  });
  return [{ path: border, fill: "#f4efe3", rule: "evenodd" }, inColour(0, "#b3262d"), inColour(1, "#1f4e8c")];
}

/** Three ridges along the lower edge, the farthest first, each as far down as a share of the card's height. */
function hills(sheet: Sheet): readonly DrawOp[] {
  const { widthMm: w, heightMm: h } = sheet;
  const ridge = (
    fill: string,
    start: number,
    ...curves: readonly (readonly [number, number, number, number])[]
  ): DrawOp => ({
    path: `M${point(0, start * h)}${curves
      .map(([x, y, toX, toY]) => `Q${point(x * w, y * h)} ${point(toX * w, toY * h)}`)
      .join("")}L${point(w, h)}L${point(0, h)}Z`,
    fill,
    rule: "nonzero",
  });
  return [
    ridge("#5d5878", 0.66, [0.14, 0.46, 0.3, 0.6], [0.44, 0.72, 0.58, 0.58], [0.76, 0.4, 1, 0.62]),
    ridge("#3f4263", 0.72, [0.2, 0.84, 0.42, 0.7], [0.66, 0.54, 0.8, 0.68], [0.9, 0.77, 1, 0.74]),
    ridge("#262a45", 0.9, [0.22, 0.7, 0.5, 0.84], [0.76, 0.96, 1, 0.8]),
  ];
}

interface Draft {
  readonly id: string;
  /** 1 where it is left out. */
  readonly version?: number;
  readonly names: Names;
  readonly ground?: TemplateGround;
  readonly elements: readonly TemplateElement[];
}

const doubleLine = {
  id: "double-line",
  names: { en: "Double line", de: "Doppellinie", fr: "Double filet", es: "Línea doble", ar: "خط مزدوج" },
} as const;
const cornered = {
  id: "corners",
  names: { en: "Corners", de: "Ecken", fr: "Coins", es: "Esquinas", ar: "زوايا" },
} as const;
const mount = {
  id: "mount",
  names: { en: "Mount", de: "Passepartout", fr: "Passe-partout", es: "Paspartú", ar: "إطار عريض" },
} as const;

/** Released before these, whose lines run through the network mark: designs that were made by them stay as they are. */
function draftEarlier(product: Product): readonly Draft[] {
  const sheet = new Sheet(product);
  return [
    { ...doubleLine, elements: [frame(sheet, sheet.ring(2.6, 0.9) + sheet.ring(4.3, 0.35), "#ffffff")] },
    { ...cornered, elements: [frame(sheet, corners(sheet, 4), "#ffffff")] },
    { ...mount, elements: [frame(sheet, sheet.all() + sheet.rounded(3.6) + sheet.ring(4.4, 0.3), "#14274e")] },
  ];
}

function draftFrames(product: Product): readonly Draft[] {
  const sheet = new Sheet(product);
  return [
    {
      id: "line",
      names: { en: "Fine line", de: "Feine Linie", fr: "Filet fin", es: "Línea fina", ar: "خط رفيع" },
      elements: [frame(sheet, sheet.ring(3, 0.6), "#ffffff")],
    },
    {
      ...doubleLine,
      version: 2,
      elements: [frame(sheet, sheet.ring(2, 0.75) + sheet.steppedRing(3.5, 0.35), "#ffffff")],
    },
    { ...cornered, version: 2, elements: [frame(sheet, corners(sheet, 2.05), "#ffffff")] },
    {
      ...mount,
      version: 2,
      elements: [frame(sheet, sheet.all() + sheet.rounded(2.7) + sheet.steppedRing(3.5, 0.3), "#14274e")],
    },
    {
      id: "film",
      names: { en: "Film", de: "Filmstreifen", fr: "Pellicule", es: "Película", ar: "شريط فيلم" },
      elements: [frame(sheet, film(sheet, product), "#000000")],
    },
  ];
}

function draftCaptioned(product: Product): readonly Draft[] {
  const sheet = new Sheet(product);
  const below = isPortrait(product) ? 7.5 : 6.8;
  const { widthMm, heightMm } = sheet;
  const rule = captionRoom(product, 0, below);
  const [ruleX, ruleY] = [widthMm / 2 + rule.xMm, heightMm / 2 + rule.yMm];
  return [
    {
      id: "airmail",
      names: { en: "Airmail", de: "Luftpost", fr: "Par avion", es: "Correo aéreo", ar: "بريد جوي" },
      elements: [
        {
          element: sheet.draw("frame", airmail(sheet)),
          locks: { move: true, style: true, content: true, remove: true },
          prints: true,
          onTop: true,
        },
        caption(yourGreeting, { text: "Greetings", face: "hand", fill: "#ffffff" }, captionRoom(product, 11)),
      ],
    },
    {
      id: "name",
      names: { en: "Name", de: "Name", fr: "Nom", es: "Nombre", ar: "اسم" },
      elements: [
        {
          element: sheet.draw("rule", [
            {
              path: rectangle([ruleX - rule.widthMm / 4, ruleY - 0.25, ruleX + rule.widthMm / 4, ruleY + 0.25]),
              fill: "#ffffff",
              rule: "nonzero",
            },
          ]),
          locks: { move: true, content: true, remove: true },
          slot: { names: { en: "Line", de: "Linie", fr: "Trait", es: "Línea", ar: "الخط" } },
          prints: true,
        },
        caption(yourName, { text: "Name", face: "classic", fill: "#ffffff" }, captionRoom(product, 10)),
      ],
    },
  ];
}

/** With a sky of its own where there is no photo, which is the cardholder's to change. */
function draftScenes(product: Product): readonly Draft[] {
  const sheet = new Sheet(product);
  return [
    {
      id: "hills",
      names: { en: "Hills", de: "Hügel", fr: "Collines", es: "Colinas", ar: "تلال" },
      ground: { fill: { from: "#2f4a7d", to: "#e9a178", angleDeg: 90 }, locks: {} },
      elements: [
        {
          element: sheet.draw("hills", hills(sheet)),
          locks: { move: true, style: true, content: true, remove: true },
          prints: true,
        },
      ],
    },
  ];
}

const made = new Map<string, readonly Template[]>();

/**
 * The templates that every issuer has, drawn for this product, the latest version of each before all earlier ones. One that was released is never
 * drawn otherwise: that is a later version.
 */
export function listBuiltIn(product: Product): readonly Template[] {
  const before = made.get(product.id);
  if (before !== undefined) return before;
  const latest = [...draftFrames(product), ...draftCaptioned(product), ...draftScenes(product)];
  const drafts = [...latest, ...draftEarlier(product)];
  const now = drafts.map((draft) => ({ version: 1, ...draft, products: [product.id] }));
  made.set(product.id, now);
  return now;
}

export const builtInIds = ["line", "double-line", "corners", "mount", "film", "airmail", "name", "hills"] as const;

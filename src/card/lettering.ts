/** Writes contours of one glyph; coordinates in cap heights, y downwards from the top of the capitals. */
class Pen {
  readonly #leftMm: number;
  readonly #topMm: number;
  readonly #heightMm: number;
  path = "";

  constructor(leftMm: number, topMm: number, heightMm: number) {
    this.#leftMm = leftMm;
    this.#topMm = topMm;
    this.#heightMm = heightMm;
  }

  /** A closed contour; clockwise is ink, anticlockwise is a hole. A point with an arc is reached by it. */
  contour(...points: readonly (readonly [x: number, y: number] | readonly [x: number, y: number, arc: Arc])[]): void {
    const drawn = points.map(([x, y, arc], index) => {
      const to = `${this.#mm(this.#leftMm, x)} ${this.#mm(this.#topMm, y)}`;
      if (arc === undefined) return `${index === 0 ? "M" : "L"}${to}`;
      return `A${this.#mm(0, arc.rx)} ${this.#mm(0, arc.ry)} 0 0 ${arc.clockwise ? 1 : 0} ${to}`;
    });
    this.path += `${drawn.join("")}Z`;
  }

  bar(x: number, y: number, width: number, height: number): void {
    this.contour([x, y], [x + width, y], [x + width, y + height], [x, y + height]);
  }

  /** A diagonal with level ends: `width` is measured along them. */
  slant(fromX: number, toX: number, width: number, fromY = 0, toY = 1): void {
    this.contour([fromX, fromY], [fromX + width, fromY], [toX + width, toY], [toX, toY]);
  }

  /** Two straight sides between a top and a bottom that are half an ellipse, `roundness` high. */
  ring(width: number, roundness: number, stem: number): void {
    const outer = { rx: width / 2, ry: roundness, clockwise: true };
    const inner = { rx: width / 2 - stem, ry: roundness - stem, clockwise: false };
    const [right, low] = [width - stem, 1 - roundness];
    this.contour([0, low], [0, roundness], [width, roundness, outer], [width, low], [0, low, outer]);
    this.contour([stem, roundness], [stem, low], [right, low, inner], [right, roundness], [stem, roundness, inner]);
  }

  #mm(fromMm: number, heights: number): number {
    return Math.round((fromMm + heights * this.#heightMm) * 1000) / 1000;
  }
}

interface Arc {
  readonly rx: number;
  readonly ry: number;
  readonly clockwise: boolean;
}

interface Glyph {
  /** In cap heights. */
  readonly width: number;
  readonly draw: (pen: Pen, width: number, stem: number) => void;
}

const glyphs: Readonly<Record<string, Glyph>> = {
  "0": { width: 0.62, draw: (pen, width, stem) => pen.ring(width, width / 2, stem) },
  A: {
    width: 0.8,
    draw(pen, width, stem) {
      const leg = stem * 1.08;
      pen.slant(width / 2 - leg * 0.58, 0, leg);
      pen.slant(width / 2 - leg * 0.42, width - leg, leg);
      pen.bar(width * 0.24, 0.61, width * 0.52, stem * 0.92);
    },
  },
  E: {
    width: 0.55,
    draw(pen, width, stem) {
      pen.bar(0, 0, stem, 1);
      for (const [y, share] of [
        [0, 1],
        [(1 - stem) * 0.49, 0.9],
        [1 - stem * 0.95, 1],
      ] as const)
        pen.bar(0, y, width * share, stem * 0.95);
    },
  },
  K: {
    width: 0.7,
    draw(pen, width, stem) {
      const arm = stem * 1.28;
      const [top, foot] = [width - arm * 1.05, stem * 0.5];
      pen.bar(0, 0, stem, 1);
      pen.slant(top, foot, arm, 0, 0.66);
      pen.slant(top + ((foot - top) * 0.4) / 0.66, width - arm, arm, 0.4);
    },
  },
  M: {
    width: 0.9,
    draw(pen, width, stem) {
      const arm = stem * 1.12;
      pen.bar(0, 0, stem, 1);
      pen.bar(width - stem, 0, stem, 1);
      pen.slant(0, (width - arm) / 2, arm, 0, 0.8);
      pen.slant(width - arm, (width - arm) / 2, arm, 0, 0.8);
    },
  },
  N: {
    width: 0.76,
    draw(pen, width, stem) {
      const arm = stem * 1.2;
      pen.bar(0, 0, stem, 1);
      pen.bar(width - stem, 0, stem, 1);
      pen.slant(0, width - arm, arm);
    },
  },
  O: { width: 0.94, draw: (pen, width, stem) => pen.ring(width, 0.5, stem) },
  R: {
    width: 0.64,
    draw(pen, width, stem) {
      const bowl = 0.56;
      const outer = { rx: bowl / 2, ry: bowl / 2, clockwise: true };
      const inner = { rx: bowl / 2 - stem, ry: bowl / 2 - stem, clockwise: false };
      const bend = width - bowl / 2 - 0.01;
      pen.bar(0, 0, stem, 1);
      pen.contour([0, 0], [bend, 0], [bend, bowl, outer], [0, bowl]);
      pen.contour([stem, stem], [stem, bowl - stem], [bend, bowl - stem], [bend, stem, inner]);
      pen.slant(width * 0.4, width - stem * 1.14, stem * 1.16, bowl - stem / 2);
    },
  },
  T: {
    width: 0.62,
    draw(pen, width, stem) {
      pen.bar(0, 0, width, stem * 0.95);
      pen.bar((width - stem) / 2, 0, stem, 1);
    },
  },
  U: {
    width: 0.74,
    draw(pen, width, stem) {
      const outer = { rx: width / 2, ry: width / 2, clockwise: true };
      const inner = { rx: width / 2 - stem, ry: width / 2 - stem, clockwise: false };
      const bend = 1 - width / 2;
      pen.contour(
        [0, 0],
        [stem, 0],
        [stem, bend],
        [width - stem, bend, inner],
        [width - stem, 0],
        [width, 0],
        [width, bend],
        [0, bend, outer],
      );
    },
  },
  W: {
    width: 1.14,
    draw(pen, width, stem) {
      const arm = stem * 1.06;
      const middle = (width - arm) / 2;
      const [left, right] = [width * 0.265 - arm / 2, width * 0.735 - arm / 2];
      for (const [top, foot] of [
        [0, left],
        [middle, left],
        [middle, right],
        [width - arm, right],
      ] as const)
        pen.slant(top, foot, arm);
    },
  },
  Y: {
    width: 0.74,
    draw(pen, width, stem) {
      const arm = stem * 1.18;
      pen.slant(0, (width - arm) / 2, arm, 0, 0.58);
      pen.slant(width - arm, (width - arm) / 2, arm, 0, 0.58);
      pen.bar((width - stem) / 2, 0.5, stem, 0.5);
    },
  },
};

const wordSpace: Glyph = { width: 0.42, draw: () => {} };

export interface LineOfLetters {
  readonly xMm: number;
  /** Where the letters stand. */
  readonly baselineYMm: number;
  /** Of the capitals. */
  readonly heightMm: number;
  /** Thickness of an upright stroke as a share of the height: 0.1 is light, 0.2 bold. */
  readonly stem: number;
  /** Between two letters as a share of the height; or so much that the line becomes this wide. */
  readonly spacing: number | { readonly lineWidthMm: number };
}

/**
 * `text` as the outlines of a plain sans serif, one path in mm, filled by the nonzero rule. Has the letters that stand on
 * an undesigned card, 0 A E K M N O R T U W Y; any other is a space. Drawn here so that a card looks the same on every
 * device, also on a server without fonts.
 */
export function letterPath(text: string, line: LineOfLetters): string {
  const { xMm, baselineYMm, heightMm, stem, spacing } = line;
  const letters = Array.from(text, (letter) => glyphs[letter] ?? wordSpace);
  const inkMm = letters.reduce((sum, { width }) => sum + width * heightMm, 0);
  const gapMm =
    typeof spacing === "number" ? spacing * heightMm : (spacing.lineWidthMm - inkMm) / Math.max(1, letters.length - 1);
  let leftMm = xMm;
  let path = "";
  for (const { width, draw } of letters) {
    const pen = new Pen(leftMm, baselineYMm - heightMm, heightMm);
    draw(pen, width, stem);
    path += pen.path;
    leftMm += width * heightMm + gapMm;
  }
  return path;
}

import { type Gradient, type Ground, isGradient } from "#design/ground.ts";
import type { MessageId } from "../locales/en.ts";
import type { Translate } from "../locales/text.tsx";

/** The colours that are offered behind a photo, in the order of the rows. */
export const grounds = [
  { ground: "#ffffff", nameId: "design.ground.white" },
  { ground: "#eadfca", nameId: "design.ground.sand" },
  { ground: "#8a93a0", nameId: "design.ground.grey" },
  { ground: "#000000", nameId: "design.ground.black" },
  { ground: "#14274e", nameId: "design.ground.navy" },
  { ground: "#2e6fdb", nameId: "design.ground.blue" },
  { ground: "#1e7d5a", nameId: "design.ground.green" },
  { ground: "#f6c544", nameId: "design.ground.yellow" },
  { ground: "#c0272d", nameId: "design.ground.red" },
  { ground: "#f3a9bf", nameId: "design.ground.pink" },
] as const satisfies readonly { ground: string; nameId: MessageId }[];

/** The gradients that are offered, each of colours that have a name. */
export const gradients = [
  { from: "#14274e", to: "#2e6fdb" },
  { from: "#14274e", to: "#c0272d" },
  { from: "#1e7d5a", to: "#14274e" },
  { from: "#2e6fdb", to: "#f3a9bf" },
  { from: "#f3a9bf", to: "#eadfca" },
  { from: "#c0272d", to: "#f6c544" },
  { from: "#1e7d5a", to: "#f6c544" },
  { from: "#000000", to: "#8a93a0" },
] as const satisfies readonly Pick<Gradient, "from" | "to">[];

/** Where a gradient may run: across, down, and between corners. */
export const directions = [
  { angleDeg: 0, nameId: "design.ground.across" },
  { angleDeg: 45, nameId: "design.ground.downwards" },
  { angleDeg: 90, nameId: "design.ground.down" },
  { angleDeg: 315, nameId: "design.ground.upwards" },
] as const satisfies readonly { angleDeg: number; nameId: MessageId }[];

export function isOffered(ground: string): boolean {
  return grounds.some((offered) => offered.ground === ground);
}

/** What a ground is called. */
export function nameGround(ground: Ground, t: Translate): string {
  if (isGradient(ground))
    return t("design.ground.gradient", { from: nameGround(ground.from, t), to: nameGround(ground.to, t) });
  return t(grounds.find((offered) => offered.ground === ground)?.nameId ?? "design.ground.own");
}

/** The same of one in an issuer's palette, whose own colours are told by their numbers: there may be several. */
export function nameInPalette(ground: Ground, t: Translate): string {
  if (isGradient(ground))
    return t("design.ground.gradient", { from: nameInPalette(ground.from, t), to: nameInPalette(ground.to, t) });
  return isOffered(ground) ? nameGround(ground, t) : ground;
}

/** Whether black is seen better on this colour than white is. */
export function isLight(ground: string): boolean {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(ground.slice(at, at + 2), 16)) as [
    number,
    number,
    number,
  ];
  return 0.2126 * red ** 2.2 + 0.7152 * green ** 2.2 + 0.0722 * blue ** 2.2 > 0.179 * 255 ** 2.2;
}

/**
 * Lays RGBA pixels, whose colours are not multiplied by opacity, on a ground (`#rrggbb`), in place, in sRGB's own levels and to the
 * nearest one; every A is 255 then. By us and not by a canvas: some bring a colour that is given by name into those of the screen.
 */
export function layOnGround(rgba: Uint8ClampedArray, ground: string): void {
  const levels = Number.parseInt(ground.slice(1), 16);
  const [red, green, blue] = [levels >> 16, (levels >> 8) & 255, levels & 255] as const;
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3] as number;
    if (alpha === 255) continue;
    // Halves do not occur: 255 is odd.
    rgba[at] = ((rgba[at] as number) * alpha + red * (255 - alpha)) / 255;
    rgba[at + 1] = ((rgba[at + 1] as number) * alpha + green * (255 - alpha)) / 255;
    rgba[at + 2] = ((rgba[at + 2] as number) * alpha + blue * (255 - alpha)) / 255;
    rgba[at + 3] = 255;
  }
}

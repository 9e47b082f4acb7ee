const colour = (value: string): boolean => CSS.supports("color", value) && !/var\(|url\(/i.test(value);
const length = (value: string): boolean => /^\d{1,3}(\.\d+)?px$/.test(value);
const fonts = (value: string): boolean => /^[\p{L}\p{N} ,"'_-]{1,200}$/u.test(value);

/** Every token that an issuer may set, and which values it takes. Colours may be `light-dark(#fff, #000)`. */
const tokens: Readonly<Record<string, (value: string) => boolean>> = {
  accent: colour,
  "accent-ink": colour,
  "accent-tint": colour,
  page: colour,
  surface: colour,
  ink: colour,
  "ink-2": colour,
  line: colour,
  "control-line": colour,
  ok: colour,
  "ok-tint": colour,
  warn: colour,
  "warn-tint": colour,
  problem: colour,
  "problem-tint": colour,
  radius: length,
  font: fonts,
};

/** Puts the issuer's tokens on the page. Unknown names and values that a token does not take are left out. */
export function applyTheme(
  theme: Readonly<Record<string, string>> = {},
  root: HTMLElement = document.documentElement,
): void {
  for (const name of Object.keys(tokens)) root.style.removeProperty(`--${name}`);
  for (const [name, value] of Object.entries(theme)) {
    if (Object.hasOwn(tokens, name) && tokens[name]?.(value) === true) root.style.setProperty(`--${name}`, value);
  }
  const hasOwnTint = root.style.getPropertyValue("--accent-tint") !== "";
  if (root.style.getPropertyValue("--accent") !== "" && !hasOwnTint) {
    root.style.setProperty("--accent-tint", "color-mix(in srgb, var(--accent) 12%, var(--surface))");
  }
}

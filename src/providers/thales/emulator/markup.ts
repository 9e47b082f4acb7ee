import { escapeXml } from "../../xml.ts";

/** Markup that is safe to put into markup. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Html[];

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(({ text }) => text).join("");
  return escapeXml(String(part));
}

/** A template tag: strings and numbers are escaped, markup made by `html` is not. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, index) => (index === 0 ? "" : render(parts[index - 1] ?? "")) + text).join(""));
}

export const nothing = new Html("");

/** A select's options, by value. */
export function options(labels: Readonly<Record<string, string>>, selected: string): readonly Html[] {
  return Object.entries(labels).map(
    ([value, label]) =>
      html`<option value="${value}"${value === selected ? html` selected` : nothing}>${label}</option>`,
  );
}

/** Reasons that the designer has words for, and one code that it has not. The vendor does not publish its codes. */
const rejectionReasons = ["INAPPROPRIATE", "COPYRIGHT", "TRADEMARK", "BRANDED", "PROMOTIONAL", "07"] as const;

export function reasonOptions(selected: string): readonly Html[] {
  return options(Object.fromEntries([...rejectionReasons, selected].map((code) => [code, code])), selected);
}

import { escapeXml } from "../xml.ts";

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

export function time(epochMs: number): Html {
  const iso = new Date(epochMs).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`;
}

/** A table with a heading for every cell of a row; narrow screens show the headings beside the cells. */
export function table(
  titleId: string,
  headings: readonly string[],
  rows: readonly (readonly (Html | string)[])[],
): Html {
  const cell = (value: Html | string, column: number) =>
    html`<td role="cell" data-label="${headings[column] ?? ""}"><span>${value}</span></td>`;
  return html`<table role="table" aria-labelledby="${titleId}">
      <thead role="rowgroup"><tr role="row">${headings.map((heading) => html`<th role="columnheader" scope="col">${heading}</th>`)}</tr></thead>
      <tbody role="rowgroup">${rows.map((cells) => html`<tr role="row">${cells.map(cell)}</tr>`)}</tbody>
    </table>`;
}

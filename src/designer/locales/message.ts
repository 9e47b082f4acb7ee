export type TextValues = Readonly<Record<string, string | number>>;

/** `{name}`, `{name, number}`, `{name, number, percent}` or `{name, plural, one {# day} other {# days}}`. */
const argument = /\{(\w+)(?:, (number)(, percent)?|, plural,((?: \w+ \{[^{}'\\]*\})* other \{[^{}'\\]*\}))?\}/g;

/** Whether `formatMessage` understands all of an ICU message. Our own are made of nothing else. */
export function isSimple(message: string): boolean {
  return !/[{}'\\]/.test(message.replace(argument, ""));
}

/** An ICU message with its values, in the numbers and plurals of a BCP 47 tag. For what `isSimple` lets through. */
export function formatMessage(message: string, values: TextValues, tag: string): string {
  const format = (value: unknown, style: "decimal" | "percent" = "decimal"): string =>
    numberFormat(tag, style).format(Number(value));
  return message.replace(argument, (_whole, name: string, number?: string, percent?: string, choices?: string) => {
    const value = values[name];
    if (choices !== undefined) {
      const texts = new Map([...choices.matchAll(/(\w+) \{([^{}]*)\}/g)].map(([, form, text = ""]) => [form, text]));
      const form = new Intl.PluralRules(tag).select(Number(value));
      return (texts.get(form) ?? texts.get("other") ?? "").replaceAll("#", format(value));
    }
    if (number === undefined) return String(value ?? "");
    return format(value, percent === undefined ? "decimal" : "percent");
  });
}

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(tag: string, style: "decimal" | "percent"): Intl.NumberFormat {
  const key = `${style} ${tag}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(tag, { style });
  formats.set(key, format);
  return format;
}

const nilGuid = "00000000-0000-0000-0000-000000000000";

/** As .NET writes them: with hyphens ("D"), in braces ("B"), in parentheses ("P"), without anything ("N"). */
const forms = [
  /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/,
  /^\{([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\}$/,
  /^\(([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\)$/,
  /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/,
];

/** A card image id in its one spelling (lower case, with hyphens), or undefined when it is not a GUID or the empty one. */
export function readCardImageId(text: string): string | undefined {
  const given = text.trim().toLowerCase();
  const groups = forms.map((form) => form.exec(given)).find((match) => match !== null);
  const id = groups?.slice(1).join("-");
  return id === nilGuid ? undefined : id;
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text for an XML element, or for an attribute in either kind of quotes. Only what is in `characters` is escaped. */
export function escapeXml(text: string, characters = "&<>\"'"): string {
  return text.replace(/[&<>"']/g, (character) =>
    characters.includes(character) ? (escapes[character] ?? "") : character,
  );
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text for an XML element, or for an attribute in either kind of quotes. `characters` narrows down what is escaped. */
export function escapeXml(text: string, characters = /[&<>"']/g): string {
  return text.replace(characters, (character) => escapes[character] ?? character);
}

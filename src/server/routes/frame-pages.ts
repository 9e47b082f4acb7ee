function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The built page, told which origins it may speak to. */
export function designerPage(html: string, origins: readonly string[]): string {
  const meta = `<meta name="fullbleed-origins" content="${escapeAttribute(origins.join(" "))}">`;
  const page = html.replace(/<head>/i, (head) => `${head}\n    ${meta}`);
  if (page === html) throw new Error("the designer's index.html has no <head>");
  return page;
}

const notices = {
  unknown: {
    title: "This card designer link does not work",
    text: "Go back to your bank's page and start again from there.",
  },
  ended: {
    title: "This session has ended",
    text: "For your safety a session lasts only a few hours. Go back to your bank's page and start again from there.",
  },
} as const;

/** What stands in the frame instead of the designer. No script, no style, nothing about the session. */
export function noticePage(kind: keyof typeof notices): string {
  const { title, text } = notices[kind];
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      <p>${text}</p>
    </main>
  </body>
</html>
`;
}

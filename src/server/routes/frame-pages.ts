import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { languageOf } from "#contracts/locale.ts";
import { escapeHtml } from "../html.ts";

const originsTag = (origins: readonly string[]): string =>
  `<meta name="fullbleed-origins" content="${escapeHtml(origins.join(" "))}">`;

/** The built page, told which origins it may speak to, and the session's locale before it has asked for the session. */
export function designerPage(html: string, origins: readonly string[], locale = ""): string {
  const origin = originsTag(origins);
  const language = `<meta name="fullbleed-locale" content="${escapeHtml(locale)}">`;
  const page = html.replace(/<head>/i, (head) => `${head}\n    ${origin}\n    ${language}`);
  if (page === html) throw new Error("the designer's index.html has no <head>");
  return page;
}

const notices = {
  en: {
    direction: "ltr",
    unknown: {
      title: "This link does not work",
      text: "Go back to your bank’s page and open your card design again from there.",
    },
    ended: {
      title: "This visit has ended",
      text: "For your safety a visit lasts a limited time. Open your card design again from your bank’s page.",
    },
  },
  de: {
    direction: "ltr",
    unknown: {
      title: "Dieser Link funktioniert nicht",
      text: "Gehen Sie zurück zur Seite Ihrer Bank und öffnen Sie Ihr Kartendesign dort noch einmal.",
    },
    ended: {
      title: "Ihre Sitzung ist abgelaufen",
      text: "Zu Ihrer Sicherheit dauert eine Sitzung nur eine begrenzte Zeit. Öffnen Sie Ihr Kartendesign noch einmal über die Seite Ihrer Bank.",
    },
  },
  fr: {
    direction: "ltr",
    unknown: {
      title: "Ce lien ne fonctionne pas",
      text: "Retournez sur la page de votre banque et ouvrez-y de nouveau votre carte.",
    },
    ended: {
      title: "Votre session a expiré",
      text: "Pour votre sécurité, une session a une durée limitée. Ouvrez de nouveau votre carte depuis la page de votre banque.",
    },
  },
  es: {
    direction: "ltr",
    unknown: {
      title: "Este enlace no funciona",
      text: "Vuelva a la página de su banco y abra de nuevo desde allí el diseño de su tarjeta.",
    },
    ended: {
      title: "Su sesión ha caducado",
      text: "Por su seguridad, cada sesión dura un tiempo limitado. Vuelva a abrir el diseño de su tarjeta desde la página de su banco.",
    },
  },
  ar: {
    direction: "rtl",
    unknown: {
      title: "هذا الرابط لا يعمل",
      text: "عُد إلى صفحة مصرفك وافتح تصميم بطاقتك من جديد من هناك.",
    },
    ended: {
      title: "انتهت هذه الزيارة",
      text: "حفاظًا على أمانك تدوم الزيارة مدة محدودة. افتح تصميم بطاقتك من جديد من صفحة مصرفك.",
    },
  },
} as const;

type Language = keyof typeof notices;

/**
 * The first language in which there is a notice; English when there is none. Takes locales (`ar-EG`) and Accept-Language
 * headers, whose weights are not read: browsers name what they like best first.
 */
export function pickLanguage(...wanted: readonly (string | undefined)[]): Language {
  const languages = wanted
    .flatMap((each) => (each ?? "").split(","))
    .map((range) => languageOf(range.split(";", 1)[0] ?? ""));
  return languages.find((language): language is Language => Object.hasOwn(notices, language)) ?? "en";
}

const style = readFileSync(path.join(import.meta.dirname, "notice.css"), "utf8");

/** Its style is inline and allowed by its hash; that of a visit that has ended runs a script of ours. */
const styleSource = `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`;
export const noticeSources = { unknown: [styleSource], ended: ["script-src 'self'", styleSource] };

/**
 * The page that is shown instead of the designer; it says nothing about the session. Where that has ended, a script tells the page
 * around it, if it is of these origins. To who frames a session that is unknown nothing is said.
 */
export function noticePage(kind: "unknown" | "ended", language: Language, origins: readonly string[]): string {
  const { direction, [kind]: notice } = notices[language];
  const script =
    kind === "ended" ? `\n    ${originsTag(origins)}\n    <script src="/ended-visit.js" defer></script>` : "";
  return `<!doctype html>
<html lang="${language}" dir="${direction}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${notice.title}</title>
    <style>${style}</style>${script}
  </head>
  <body>
    <main>
      <svg width="32" height="32" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
        <path d="M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M12 11.2V16M12 8.1v.1"/>
      </svg>
      <h1>${notice.title}</h1>
      <p>${notice.text}</p>
    </main>
  </body>
</html>
`;
}

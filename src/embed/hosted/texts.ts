/** What the hosted page says itself; all else is the designer's. `{bank}` is the issuer's name. */
const texts = {
  en: {
    title: "Your card design",
    back: "Back to {bank}",
    leaving: "Keeping your design…",
    left: "You have left the card designer",
    refused: {
      title: "The card designer cannot be opened right now",
      text: "Try again in a minute. Nothing you made is lost.",
    },
    unusable: {
      title: "This link does not work any more",
      text: "A link works once and for a short time. Go back to your bank and open your card design from there.",
    },
    unreachable: {
      title: "No connection",
      text: "Check that you are online, then try again. Nothing you made is lost.",
    },
    retry: "Try again",
  },
  de: {
    title: "Ihr Kartendesign",
    back: "Zurück zu {bank}",
    leaving: "Ihr Design wird aufbewahrt …",
    left: "Sie haben den Kartendesigner verlassen",
    refused: {
      title: "Der Kartendesigner lässt sich gerade nicht öffnen",
      text: "Versuchen Sie es in einer Minute noch einmal. Ihr Design ist nicht verloren.",
    },
    unusable: {
      title: "Dieser Link funktioniert nicht mehr",
      text: "Ein Link gilt einmal und nur kurze Zeit. Gehen Sie zurück zu Ihrer Bank und öffnen Sie Ihr Kartendesign von dort.",
    },
    unreachable: {
      title: "Keine Verbindung",
      text: "Prüfen Sie, ob Sie online sind, und versuchen Sie es dann noch einmal. Ihr Design ist nicht verloren.",
    },
    retry: "Noch einmal versuchen",
  },
  fr: {
    title: "Votre carte",
    back: "Retour à {bank}",
    leaving: "Enregistrement de votre création…",
    left: "Vous avez quitté l’outil de création",
    refused: {
      title: "L’outil de création ne peut pas s’ouvrir pour le moment",
      text: "Réessayez dans une minute. Rien n’est perdu.",
    },
    unusable: {
      title: "Ce lien ne fonctionne plus",
      text: "Un lien ne sert qu’une fois et pour peu de temps. Retournez chez votre banque et ouvrez votre carte à partir de là.",
    },
    unreachable: {
      title: "Pas de connexion",
      text: "Vérifiez que vous êtes en ligne, puis réessayez. Rien n’est perdu.",
    },
    retry: "Réessayer",
  },
  es: {
    title: "El diseño de su tarjeta",
    back: "Volver a {bank}",
    leaving: "Guardando su diseño…",
    left: "Ha salido del diseñador de tarjetas",
    refused: {
      title: "El diseñador de tarjetas no se puede abrir en este momento",
      text: "Vuelva a intentarlo dentro de un minuto. No se ha perdido nada.",
    },
    unusable: {
      title: "Este enlace ya no funciona",
      text: "Cada enlace sirve una sola vez y por poco tiempo. Vuelva a su banco y abra desde allí el diseño de su tarjeta.",
    },
    unreachable: {
      title: "Sin conexión",
      text: "Compruebe que está en línea y vuelva a intentarlo. No se ha perdido nada.",
    },
    retry: "Intentar de nuevo",
  },
  ar: {
    title: "تصميم بطاقتك",
    back: "العودة إلى {bank}",
    leaving: "جارٍ حفظ تصميمك…",
    left: "لقد غادرت مصمم البطاقات",
    refused: { title: "يتعذر فتح مصمم البطاقات الآن", text: "حاول مرة أخرى بعد دقيقة. لم يضع شيء مما صنعته." },
    unusable: {
      title: "لم يعد هذا الرابط يعمل",
      text: "يعمل الرابط مرة واحدة ولمدة قصيرة. عُد إلى مصرفك وافتح تصميم بطاقتك من هناك.",
    },
    unreachable: { title: "لا يوجد اتصال", text: "تأكد من اتصالك بالإنترنت ثم حاول مرة أخرى. لم يضع شيء مما صنعته." },
    retry: "حاول مرة أخرى",
  },
} as const;

type Language = keyof typeof texts;

/** The first of these locales in whose language there are texts, else English. */
export function pickLanguage(...locales: readonly string[]): Language {
  const languages = locales.map((locale) => locale.split("-", 1)[0]?.toLowerCase() ?? "");
  return languages.find((language): language is Language => Object.hasOwn(texts, language)) ?? "en";
}

export function textsIn(language: Language) {
  return texts[language];
}

/**
 * What is said before a language's texts have been loaded, or when they cannot be. Built in, in every language, and part of
 * its texts like all others.
 */
export const firstTexts = {
  en: {
    "app.title": "Design your card",
    "loading.title": "Getting your card ready",
    "closed.browser-unsupported.title": "The card designer does not work in this browser",
    "closed.browser-unsupported.help":
      "The browser is too old, or blocks something the designer needs. Update it, or open your bank’s page in another browser.",
    "closed.not-loaded.title": "The design tools could not be loaded",
    "closed.not-loaded.help": "Check that you are online, then try again and begin once more.",
    "closed.retry": "Try again",
    "closed.asking": "Looking for the connection",
    "closed.unreachable": "There is still no connection. Please try again in a moment.",
  },
  de: {
    "app.title": "Gestalten Sie Ihre Karte",
    "loading.title": "Ihre Karte wird vorbereitet",
    "closed.browser-unsupported.title": "Der Kartendesigner funktioniert in diesem Browser nicht",
    "closed.browser-unsupported.help":
      "Der Browser ist zu alt oder blockiert etwas, das der Kartendesigner braucht. Aktualisieren Sie ihn, oder öffnen Sie die Seite Ihrer Bank in einem anderen Browser.",
    "closed.not-loaded.title": "Der Kartendesigner konnte nicht geladen werden",
    "closed.not-loaded.help":
      "Prüfen Sie, ob Sie online sind. Versuchen Sie es dann erneut und beginnen Sie noch einmal.",
    "closed.retry": "Noch einmal versuchen",
    "closed.asking": "Die Verbindung wird geprüft",
    "closed.unreachable": "Es besteht noch keine Verbindung. Bitte versuchen Sie es gleich noch einmal.",
  },
  fr: {
    "app.title": "Créez votre carte",
    "loading.title": "Nous préparons votre carte",
    "closed.browser-unsupported.title": "L’outil de création ne fonctionne pas dans ce navigateur",
    "closed.browser-unsupported.help":
      "Le navigateur est trop ancien, ou bloque quelque chose dont l’outil a besoin. Mettez-le à jour, ou ouvrez la page de votre banque dans un autre navigateur.",
    "closed.not-loaded.title": "L’outil de création n’a pas pu être chargé",
    "closed.not-loaded.help": "Vérifiez que vous êtes en ligne, puis réessayez et recommencez.",
    "closed.retry": "Réessayer",
    "closed.asking": "Vérification de la connexion",
    "closed.unreachable": "Toujours pas de connexion. Veuillez réessayer dans un instant.",
  },
  es: {
    "app.title": "Diseñe su tarjeta",
    "loading.title": "Preparando su tarjeta",
    "closed.browser-unsupported.title": "El diseñador de tarjetas no funciona en este navegador",
    "closed.browser-unsupported.help":
      "El navegador es demasiado antiguo o bloquea algo que el diseñador necesita. Actualícelo o abra la página de su banco en otro navegador.",
    "closed.not-loaded.title": "No se ha podido cargar el diseñador",
    "closed.not-loaded.help": "Compruebe su conexión, inténtelo de nuevo y vuelva a empezar.",
    "closed.retry": "Intentar de nuevo",
    "closed.asking": "Comprobando la conexión",
    "closed.unreachable": "Sigue sin haber conexión. Inténtelo de nuevo dentro de un momento.",
  },
  ar: {
    "app.title": "صمّم بطاقتك",
    "loading.title": "نجهّز بطاقتك",
    "closed.browser-unsupported.title": "لا يعمل مصمّم البطاقة في هذا المتصفّح",
    "closed.browser-unsupported.help":
      "المتصفّح قديم جدًا أو يحجب شيئًا يحتاج إليه المصمّم. حدّثه، أو افتح صفحة مصرفك في متصفّح آخر.",
    "closed.not-loaded.title": "تعذّر تحميل أدوات التصميم",
    "closed.not-loaded.help": "تأكّد من اتصالك بالإنترنت ثم حاول مرة أخرى وابدأ من جديد.",
    "closed.retry": "حاول مرة أخرى",
    "closed.asking": "نتحقق من الاتصال",
    "closed.unreachable": "لا يزال الاتصال مقطوعًا. حاول مرة أخرى بعد قليل.",
  },
} as const;

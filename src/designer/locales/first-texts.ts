/**
 * What is said before a language's texts have been loaded, or when they cannot be. Built in, in every language, and part of
 * its texts like all others.
 */
export const firstTexts = {
  en: {
    "app.title": "Design your card",
    "loading.title": "Getting your card ready",
    "closed.not-loaded.title": "The design tools could not be loaded",
    "closed.not-loaded.help": "Check that you are online, then try again and choose your photo once more.",
    "closed.retry": "Try again",
    "closed.asking": "Looking for the connection",
    "closed.unreachable": "There is still no connection. Please try again in a moment.",
  },
  ar: {
    "app.title": "صمّم بطاقتك",
    "loading.title": "نجهّز بطاقتك",
    "closed.not-loaded.title": "تعذّر تحميل أدوات التصميم",
    "closed.not-loaded.help": "تأكّد من اتصالك بالإنترنت ثم حاول مرة أخرى واختر صورتك من جديد.",
    "closed.retry": "حاول مرة أخرى",
    "closed.asking": "نتحقق من الاتصال",
    "closed.unreachable": "لا يزال الاتصال مقطوعًا. حاول مرة أخرى بعد قليل.",
  },
} as const;

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
    "closed.not-loaded.help": "Check that you are online, then try again and choose your photo once more.",
    "closed.retry": "Try again",
    "closed.asking": "Looking for the connection",
    "closed.unreachable": "There is still no connection. Please try again in a moment.",
  },
  ar: {
    "app.title": "صمّم بطاقتك",
    "loading.title": "نجهّز بطاقتك",
    "closed.browser-unsupported.title": "لا يعمل مصمّم البطاقة في هذا المتصفّح",
    "closed.browser-unsupported.help":
      "المتصفّح قديم جدًا أو يحجب شيئًا يحتاج إليه المصمّم. حدّثه، أو افتح صفحة مصرفك في متصفّح آخر.",
    "closed.not-loaded.title": "تعذّر تحميل أدوات التصميم",
    "closed.not-loaded.help": "تأكّد من اتصالك بالإنترنت ثم حاول مرة أخرى واختر صورتك من جديد.",
    "closed.retry": "حاول مرة أخرى",
    "closed.asking": "نتحقق من الاتصال",
    "closed.unreachable": "لا يزال الاتصال مقطوعًا. حاول مرة أخرى بعد قليل.",
  },
} as const;

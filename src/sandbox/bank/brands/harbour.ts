import type { Brand } from "./brand.ts";

export const harbour: Brand = {
  id: "harbour",
  theme: {},
  cardholderIds: "opaque",
  decides: false,
  // Everything, some of it, filters alone, and the photo alone.
  features: {
    "photo-landscape": { texts: true, grounds: true, drawings: true, templates: true },
    "photo-portrait": { texts: true, shapes: false, templates: true },
    "photo-fine": { filters: false },
  },
  texts: {
    en: {
      pageTitle: "Your picture on your card · Harbour Bank",
      bank: "Harbour Bank",
      title: "Put your own picture on your card",
      lead: "Choose a card, bring a photo, and see it the way we print it.",
      which: "Which card?",
      toldMore: "The bank's page hears what happens in the designer, and nothing else. It never sees the photo.",
      news: "What the bank knows about your cards",
      newsMore: "The card designer tells the bank's server. You may close this page meanwhile.",
      footer: "Harbour Bank is invented, for trying the card designer. Nothing is printed and nothing is posted.",
    },
    de: {
      pageTitle: "Ihr Bild auf Ihrer Karte · Hafenbank",
      bank: "Hafenbank",
      title: "Ihr eigenes Bild auf Ihrer Karte",
      lead: "Wählen Sie eine Karte, bringen Sie ein Foto mit und sehen Sie, wie wir es drucken.",
      which: "Welche Karte?",
      toldMore:
        "Die Seite der Bank erfährt, was im Kartendesigner geschieht, und sonst nichts. Das Foto sieht sie nie.",
      news: "Was die Bank über Ihre Karten weiß",
      newsMore: "Der Kartendesigner meldet es dem Server der Bank. Sie können diese Seite so lange schließen.",
      footer:
        "Die Hafenbank ist erfunden, um den Kartendesigner auszuprobieren. Es wird nichts gedruckt und nichts verschickt.",
    },
    fr: {
      pageTitle: "Votre image sur votre carte · Banque du Port",
      bank: "Banque du Port",
      title: "Mettez votre propre image sur votre carte",
      lead: "Choisissez une carte, apportez une photo et voyez-la telle que nous l’imprimons.",
      which: "Quelle carte ?",
      toldMore:
        "La page de la banque apprend ce qui se passe dans l’outil de création, et rien d’autre. Elle ne voit jamais la photo.",
      news: "Ce que la banque sait de vos cartes",
      newsMore: "L’outil de création informe le serveur de la banque. Vous pouvez fermer cette page entre-temps.",
      footer: "La Banque du Port est inventée, pour essayer l’outil de création. Rien n’est imprimé, rien n’est posté.",
    },
    es: {
      pageTitle: "Su imagen en su tarjeta · Banco del Puerto",
      bank: "Banco del Puerto",
      title: "Ponga su propia imagen en su tarjeta",
      lead: "Elija una tarjeta, traiga una foto y véala tal como la imprimimos.",
      which: "¿Qué tarjeta?",
      toldMore: "La página del banco sabe lo que ocurre en el diseñador y nada más. Nunca ve la foto.",
      news: "Lo que el banco sabe de sus tarjetas",
      newsMore: "El diseñador de tarjetas avisa al servidor del banco. Mientras tanto puede cerrar esta página.",
      footer: "El Banco del Puerto es inventado, para probar el diseñador de tarjetas. No se imprime ni se envía nada.",
    },
    ar: {
      pageTitle: "صورتك على بطاقتك · بنك المرفأ",
      bank: "بنك المرفأ",
      title: "ضع صورتك الخاصة على بطاقتك",
      lead: "اختر بطاقة، وأضف صورة، وشاهدها كما سنطبعها.",
      which: "أي بطاقة؟",
      toldMore: "تعرف صفحة البنك ما يحدث في المصمم ولا شيء غيره. وهي لا ترى الصورة أبدًا.",
      news: "ما يعرفه البنك عن بطاقاتك",
      newsMore: "يُبلغ مصمم البطاقة خادم البنك. يمكنك إغلاق هذه الصفحة في هذه الأثناء.",
      footer: "بنك المرفأ بنك خيالي لتجربة مصمم البطاقة. لا يُطبع شيء ولا يُرسل شيء بالبريد.",
    },
  },
};

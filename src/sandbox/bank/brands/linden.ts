import type { Brand } from "./brand.ts";

export const linden = {
  id: "linden",
  theme: {
    accent: "light-dark(#1b6b47, #7fd6a8)",
    page: "light-dark(#f3f0e6, #121b16)",
    surface: "light-dark(#fffdf7, #1a251f)",
    radius: "20px",
  },
  cardholderIds: "uuid",
  decides: true,
  cards: {
    "photo-landscape": {
      en: { name: "Linden Everyday", intro: "For every day, with your photo across the whole card." },
      ar: { name: "زيزفون اليومية", intro: "لكل يوم، وصورتك على البطاقة كلها." },
    },
    "photo-portrait": {
      en: { name: "Linden Upright", intro: "Stands upright, as you hold it out to pay." },
      ar: { name: "زيزفون العمودية", intro: "عمودية، كما تمدّها عند الدفع." },
    },
    "photo-fine": {
      en: { name: "Linden Keepsake", intro: "Printed twice as fine, for a photo you look at closely." },
      ar: { name: "زيزفون التذكارية", intro: "طباعة أدق بمرتين، لصورة تتأملها عن قرب." },
    },
  },
  texts: {
    en: {
      pageTitle: "A member's card · Linden Credit Union",
      bank: "Linden Credit Union",
      title: "Your credit union, your picture",
      lead: "Members bring the photo. One of us looks at it, and then your card is made.",
      which: "Member cards",
      toldMore: "Our page hears what happens in the designer, and nothing else. It never sees the photo.",
      news: "Where your cards stand",
      newsMore: "We are told by the card designer, also while this page is closed.",
      footer: "Linden Credit Union is invented, for trying the card designer. Nobody can join it, and no card is made.",
      states: {
        "in-review": "One of us is looking at your picture.",
        approved: "Your picture is approved. Now your card is made.",
        rejected: "We cannot print this picture. The card designer says why, and takes another.",
      },
    },
    ar: {
      pageTitle: "بطاقة الأعضاء · اتحاد الزيزفون الائتماني",
      bank: "اتحاد الزيزفون الائتماني",
      title: "اتحادك الائتماني، وصورتك أنت",
      lead: "الصورة من الأعضاء. ينظر فيها أحد موظفينا، ثم تُصنع بطاقتك.",
      which: "بطاقات الأعضاء",
      toldMore: "تعرف صفحتنا ما يحدث في المصمم ولا شيء غيره. وهي لا ترى الصورة أبدًا.",
      news: "إلى أين وصلت بطاقاتك",
      newsMore: "يُبلغنا مصمم البطاقة، حتى حين تكون هذه الصفحة مغلقة.",
      footer: "اتحاد الزيزفون الائتماني خيالي، لتجربة مصمم البطاقة. لا يمكن الانضمام إليه، ولا تُصنع بطاقات.",
      states: {
        "in-review": "ينظر أحد موظفينا في صورتك.",
        approved: "تمت الموافقة على صورتك، والآن تُصنع بطاقتك.",
        rejected: "لا يمكننا طباعة هذه الصورة. يوضح مصمم البطاقة السبب ويستقبل صورة أخرى.",
      },
    },
  },
} as const satisfies Brand;

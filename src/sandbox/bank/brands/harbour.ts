import type { Brand } from "./brand.ts";

export const harbour: Brand = {
  id: "harbour",
  theme: {},
  cardholderIds: "opaque",
  decides: false,
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

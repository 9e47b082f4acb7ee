import type { Brand } from "./brand.ts";

export const linden = {
  id: "linden",
  theme: {
    accent: "light-dark(#1b6b47, #7fd6a8)",
    page: "light-dark(#f3f0e6, #121b16)",
    surface: "light-dark(#fffdf7, #1a251f)",
    radius: "20px",
  },
  art: { ink: "#f6df9e", chip: "silver", contacts: 6, logo: "top-right" },
  cardholderIds: "uuid",
  decides: true,
  features: {
    "photo-landscape": {
      texts: true,
      drawings: true,
      templates: true,
      grounds: {
        colours: ["#1b6b47", "#2c6e7f", "#7a3b2e", "#f6df9e", "#f3f0e6"],
        gradients: [
          { from: "#0f3a29", to: "#3f9a6c" },
          { from: "#7a3b2e", to: "#f6df9e" },
        ],
      },
    },
    "photo-portrait": { texts: true, shapes: false, templates: true },
    "photo-fine": { filters: ["print-lift", "warm", "mono", "mono-warm"] },
  },
  stickerGroup: {
    en: "From Linden",
    de: "Von der Lindenkasse",
    fr: "De la Caisse du Tilleul",
    es: "De la Cooperativa del Tilo",
    ar: "من اتحاد الزيزفون",
  },
  stickers: {
    "linden-leaf": {
      name: { en: "Linden leaf", de: "Lindenblatt", fr: "Feuille de tilleul", es: "Hoja de tilo", ar: "ورقة زيزفون" },
      words: { en: ["green"], de: ["grün"], fr: ["vert"], es: ["verde"], ar: ["أخضر"] },
    },
    "linden-tree": {
      name: { en: "Linden tree", de: "Lindenbaum", fr: "Tilleul", es: "Tilo", ar: "شجرة زيزفون" },
      words: { en: ["blossom"], de: ["Blüte"], fr: ["arbre", "fleur"], es: ["árbol", "flor"], ar: ["زهر"] },
    },
    "piggy-bank": {
      name: { en: "Piggy bank", de: "Sparschwein", fr: "Tirelire", es: "Hucha", ar: "حصّالة" },
      words: {
        en: ["pig", "savings"],
        de: ["sparen"],
        fr: ["cochon", "épargne"],
        es: ["cerdito", "ahorro"],
        ar: ["ادخار", "توفير"],
      },
    },
  },
  templates: ["linden-member", "linden-postcard", "linden-evening"],
  cards: {
    "photo-landscape": {
      en: { name: "Linden Everyday", intro: "For every day, with your photo across the whole card." },
      de: { name: "Linde Alltag", intro: "Für jeden Tag, mit Ihrem Foto auf der ganzen Karte." },
      fr: { name: "Tilleul Quotidien", intro: "Pour tous les jours, avec votre photo sur toute la carte." },
      es: { name: "Tilo Diaria", intro: "Para cada día, con su foto en toda la tarjeta." },
      ar: { name: "زيزفون اليومية", intro: "لكل يوم، وصورتك على البطاقة كلها." },
    },
    "photo-portrait": {
      en: { name: "Linden Upright", intro: "Stands upright, as you hold it out to pay." },
      de: { name: "Linde Hochformat", intro: "Hochkant, so wie Sie sie beim Bezahlen halten." },
      fr: { name: "Tilleul Vertical", intro: "À la verticale, comme vous la tendez pour payer." },
      es: { name: "Tilo Vertical", intro: "En vertical, como la sostiene al pagar." },
      ar: { name: "زيزفون العمودية", intro: "عمودية، كما تمدّها عند الدفع." },
    },
    "photo-fine": {
      en: { name: "Linden Keepsake", intro: "Printed twice as fine, for a photo you look at closely." },
      de: {
        name: "Linde Andenken",
        intro: "Doppelt so fein gedruckt, für ein Foto, das Sie gern aus der Nähe ansehen.",
      },
      fr: {
        name: "Tilleul Souvenir",
        intro: "Imprimée deux fois plus finement, pour une photo que l’on regarde de près.",
      },
      es: { name: "Tilo Recuerdo", intro: "Impresa con el doble de detalle, para una foto que se mira de cerca." },
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
    de: {
      pageTitle: "Eine Karte für Mitglieder · Lindenkasse",
      bank: "Lindenkasse",
      title: "Ihre Genossenschaft, Ihr Bild",
      lead: "Das Foto kommt von den Mitgliedern. Jemand von uns sieht es an, dann wird Ihre Karte hergestellt.",
      which: "Karten für Mitglieder",
      toldMore: "Unsere Seite erfährt, was im Kartendesigner geschieht, und sonst nichts. Das Foto sieht sie nie.",
      news: "Wie weit Ihre Karten sind",
      newsMore: "Der Kartendesigner sagt uns Bescheid, auch wenn diese Seite geschlossen ist.",
      footer:
        "Die Lindenkasse ist erfunden, um den Kartendesigner auszuprobieren. Niemand kann Mitglied werden, und keine Karte wird hergestellt.",
      states: {
        "in-review": "Jemand von uns sieht sich Ihr Bild an.",
        approved: "Ihr Bild ist freigegeben. Jetzt wird Ihre Karte hergestellt.",
        rejected: "Wir können dieses Bild nicht drucken. Der Kartendesigner sagt, warum, und nimmt ein anderes an.",
      },
    },
    fr: {
      pageTitle: "Une carte pour nos sociétaires · Caisse du Tilleul",
      bank: "Caisse du Tilleul",
      title: "Votre caisse, votre image",
      lead: "Les sociétaires apportent la photo. L’un de nous la regarde, puis votre carte est fabriquée.",
      which: "Cartes des sociétaires",
      toldMore:
        "Notre page apprend ce qui se passe dans l’outil de création, et rien d’autre. Elle ne voit jamais la photo.",
      news: "Où en sont vos cartes",
      newsMore: "L’outil de création nous informe, même quand cette page est fermée.",
      footer:
        "La Caisse du Tilleul est inventée, pour essayer l’outil de création. Personne ne peut y adhérer, et aucune carte n’est fabriquée.",
      states: {
        "in-review": "L’un de nous regarde votre image.",
        approved: "Votre image est approuvée. Votre carte va être fabriquée.",
        rejected:
          "Nous ne pouvons pas imprimer cette image. L’outil de création dit pourquoi, et en accepte une autre.",
      },
    },
    es: {
      pageTitle: "Una tarjeta para socios · Cooperativa del Tilo",
      bank: "Cooperativa del Tilo",
      title: "Su cooperativa, su imagen",
      lead: "Los socios traen la foto. Alguien de la casa la mira y después se fabrica su tarjeta.",
      which: "Tarjetas de socio",
      toldMore: "Nuestra página sabe lo que ocurre en el diseñador y nada más. Nunca ve la foto.",
      news: "Cómo van sus tarjetas",
      newsMore: "El diseñador de tarjetas nos avisa, también con esta página cerrada.",
      footer:
        "La Cooperativa del Tilo es inventada, para probar el diseñador de tarjetas. Nadie puede hacerse socio y no se fabrica ninguna tarjeta.",
      states: {
        "in-review": "Alguien de la casa está mirando su imagen.",
        approved: "Su imagen está aprobada. Ahora se fabrica su tarjeta.",
        rejected: "No podemos imprimir esta imagen. El diseñador de tarjetas dice por qué y admite otra.",
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

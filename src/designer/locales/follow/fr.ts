import type { en } from "./en.ts";

export const fr = {
  "follow.title.waiting": "Votre création est en route vers le fabricant",
  "follow.lead.waiting": "Nous avons votre création. Vous pouvez fermer cette page : la suite se fait automatiquement.",
  "follow.title.checking": "Votre image est en cours de vérification",
  "follow.lead.checking":
    "Le fabricant de la carte vérifie chaque image. Vous pouvez fermer cette page : la suite se fait automatiquement.",
  "follow.title.approved": "Approuvée. Elle est à vous",
  "follow.lead.approved":
    "Vous n’avez plus rien à faire. Votre banque vous préviendra quand la carte sera en route vers vous.",
  "follow.title.unknown": "Nous vérifions auprès du fabricant de la carte",
  "follow.lead.unknown": "Vous n’avez rien à faire. Ne l’envoyez pas à nouveau : nous vérifions si elle est arrivée.",
  "follow.title.rejected": "Cette image ne peut pas être imprimée",
  "follow.lead.rejected":
    "Votre création est toujours ici. Modifiez-la, ou choisissez une autre photo, puis envoyez-la de nouveau.",
  "follow.title.abandoned": "Votre carte n’a pas pu être fabriquée cette fois",
  "follow.lead.abandoned":
    "Votre image n’y est pour rien, et rien n’a été imprimé. Votre création est toujours ici : vérifiez-la et envoyez-la de nouveau.",
  "follow.lead.abandoned-empty":
    "Votre image n’y est pour rien, et rien n’a été imprimé. Choisissez de nouveau une photo et renvoyez votre création.",
  "follow.title.deleted": "Votre création a été supprimée",
  "follow.lead.deleted":
    "Nous ne conservons plus ni votre image ni votre création. Une carte que vous avez déjà n’est pas concernée. Ce que vous voyez ici se trouve uniquement sur cet appareil : vous pouvez le modifier et l’envoyer de nouveau.",
  "follow.lead.deleted-empty":
    "Nous ne conservons plus ni votre image ni votre création. Une carte que vous avez déjà n’est pas concernée. Pour une image sur votre prochaine carte, choisissez une photo et envoyez une nouvelle création.",
  "follow.lead.rejected-empty": "Choisissez une autre photo pour une nouvelle création.",
  "follow.steps": "Où en est votre carte",
  "follow.received": "Reçue",
  "follow.received-help": "Votre création est enregistrée en lieu sûr.",
  "follow.received-deleted": "Votre création était enregistrée, puis a été supprimée.",
  "follow.sent": "Envoyée au fabricant de la carte",
  "follow.sent-now": "Elle est en route.",
  "follow.sent-unknown": "Nous demandons si elle est arrivée.",
  "follow.sent-held": "Quelqu’un vérifie si elle est arrivée.",
  "follow.sent-abandoned": "Elle n’a pas pu être envoyée.",
  "follow.sent-refused": "Le fabricant de la carte n’a pas pu utiliser cette image.",
  "follow.checked": "En cours de vérification",
  "follow.checked-now": "Cela prend souvent un jour ou moins.",
  "follow.checked-refused": "L’image n’a pas été acceptée.",
  "follow.approved": "Approuvée",
  "follow.state.done": "terminé",
  "follow.state.now": "en cours",
  "follow.state.later": "plus tard",
  "follow.state.stopped": "arrêté",
  "follow.designed": "Ce que vous avez créé",
  "follow.designed-label": "Votre carte telle que vous l’avez créée",
  "follow.platform": "Ce que le fabricant de la carte a reçu",
  "follow.platform-label": "Votre carte telle que le fabricant la montre",
  "follow.platform-waiting": "L’image du fabricant de la carte apparaîtra ici dès qu’elle sera prête.",
  "follow.platform-none":
    "Le fabricant de la carte n’a pas encore transmis son image. Cela ne change rien pour votre carte.",
  "follow.platform-never": "Le fabricant de la carte n’a conservé aucune image de cette création.",
  "follow.platform-deleted": "Elle n’est plus affichée.",
  "follow.platform-again": "Réessayer",
  "follow.change": "Modifier ma création",
  "follow.send-again": "La vérifier et la renvoyer",
  "follow.another": "Choisir une autre photo",
  "follow.reference": "Référence",
  "follow.copy": "Copier la référence",
  "follow.copied": "Copiée",
  "follow.selected": "Sélectionnée. Copiez-la à la main",
  "follow.matches": "L’image reçue par le fabricant correspond à la vôtre",
  "follow.differs": "L’image du fabricant semble différente de la vôtre",
  "follow.differs-help":
    "Regardez bien les deux. Si ce n’est pas votre image, dites-le avant que la carte soit fabriquée.",
  "follow.differs-help-ended": "Regardez bien les deux. Si ce n’est pas votre image, dites-le à votre banque.",
  "follow.not-mine": "Ce n’est pas mon image",
  "follow.not-mine-title": "Prévenez votre banque",
  "follow.not-mine-help":
    "Appelez {issuer} ou écrivez-lui, dites que le fabricant montre une autre image et donnez la référence {reference}.",
  "follow.sent-next": "Elle part ensuite.",
  "follow.title.stored": "Nous avons votre création",
  "follow.lead.stored":
    "Elle part ensuite chez le fabricant. Vous pouvez fermer cette page : la suite se fait automatiquement.",
  "share.button": "Partager une image",
  "share.note": "Avec un numéro et un nom fictifs",
  "share.saved": "L’image est enregistrée",
  "share.failed": "L’image n’a pas pu être créée. Veuillez réessayer",

  "rejection.still": "Votre dernière image n’a pas été acceptée",
  "rejection.rules": "Elle ne respecte pas les règles de la banque concernant les images.",
  "same.title": "C’est la même image, celle qui n’a pas été acceptée",
  "same.help": "Voulez-vous d’abord la modifier, ou l’envoyer quand même ? Elle risque d’être refusée à nouveau.",
  "same.change": "La modifier",
  "same.send": "L’envoyer quand même",

  "rejection.title": "Pourquoi",
  "rejection.BRANDED": "Elle montre une marque ou un logo.",
  "rejection.COPYRIGHT":
    "Elle montre quelque chose qui appartient à quelqu’un d’autre, par exemple un personnage ou une œuvre d’art.",
  "rejection.INAPPROPRIATE": "Elle montre quelque chose qui pourrait choquer.",
  "rejection.PROMOTIONAL": "Elle fait de la publicité.",
  "rejection.TRADEMARK": "Elle montre une marque déposée.",
  "rejection.memo": "Message de la personne qui l’a vérifiée :",
  "rejection.image":
    "Le fabricant de la carte n’a pas pu utiliser l’image telle quelle. Une autre photo suffit généralement.",
  "rejection.other": "Elle ne respecte pas les règles. Merci de la comparer aux règles ci-dessous.",
} as const satisfies Record<keyof typeof en, string>;

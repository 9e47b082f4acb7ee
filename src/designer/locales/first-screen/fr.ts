import type { en } from "./en.ts";

export const fr = {
  "app.steps": "Étapes",
  "app.step-of": "{name} · {step, number} sur {steps, number}",
  "app.leave": "Retour à la page de votre banque",
  "app.step-done": "terminée",
  "step.photo": "Début",
  "step.design": "Création",
  "step.preview": "Aperçu",
  "step.send": "Envoi",

  "closed.not-framed.title": "Ouvrez cette page depuis le site de votre banque",
  "closed.not-framed.help":
    "L’outil de création de cartes fonctionne dans le site ou l’application de votre banque. Retournez-y et ouvrez de nouveau votre création.",
  "closed.no-answer.title": "La page de votre banque n’a pas répondu",
  "closed.no-answer.help":
    "Réessayez. Si cela ne suffit pas, fermez la page et ouvrez de nouveau votre création depuis le site de votre banque.",
  "closed.refused.title": "La page de votre banque n’a pas pu ouvrir votre création",
  "closed.refused.help":
    "Vérifiez que vous êtes en ligne, puis réessayez. Si cela ne suffit pas, rechargez la page de votre banque.",
  "closed.foreign-answer.title": "Quelque chose bloque la connexion",
  "closed.foreign-answer.help":
    "Cela vient de votre banque ou de votre réseau. Rien n’a été perdu. Veuillez réessayer plus tard ou avec un autre réseau.",
  "closed.no-connection.title": "Pas de connexion pour le moment",
  "closed.no-connection.help": "Vérifiez que vous êtes en ligne, puis réessayez. Rien n’a été perdu.",
  "closed.session-ended.title": "Votre session a expiré",
  "closed.session-ended.help":
    "Pour votre sécurité, une session a une durée limitée. Ouvrez de nouveau votre création depuis la page de votre banque.",
  "closed.product-unknown.title": "Cette carte ne peut pas encore être créée ici",
  "closed.product-unknown.help":
    "Votre banque propose une carte que cet outil ne connaît pas. Merci de le signaler à votre banque.",
  "closed.pixels-protected.title": "Ce navigateur modifie les images",
  "closed.pixels-protected.help":
    "Pour éviter que l’on vous reconnaisse, il remplacerait votre photo par du bruit. Désactivez la protection contre le pistage par empreinte pour cette page, ou autorisez-la à lire les images, puis ouvrez-la de nouveau. Vous pouvez aussi utiliser un autre navigateur ou un autre appareil.",
  "closed.gone-elsewhere.title": "Vous continuez votre carte ailleurs",
  "closed.gone-elsewhere.help":
    "Elle est dans un autre onglet ou à un autre endroit de cette page. Tout ce que vous avez fait ici est conservé.",
  "closed.crashed.title": "L’outil de création s’est arrêté",
  "closed.crashed.help": "Rechargez la page pour continuer. Une création déjà envoyée ne risque rien.",

  "pick.title": "Commencez par une photo",
  "pick.lead":
    "Choisissez celle que vous aimez. À l’étape suivante, vous pourrez la déplacer, l’agrandir et la tourner sur la carte.",
  "pick.browse": "Choisir une photo",
  "pick.camera": "Prendre une photo",
  "pick.drop": "Déposez votre photo ici",
  "pick.drop-or": "ou choisissez-en une, ou collez-la",
  "pick.tap": "Placez votre photo ici",
  "pick.tap-or": "touchez pour en choisir une",
  "pick.release": "Relâchez pour la poser sur votre carte",
  "pick.formats":
    "Les photos telles que votre téléphone les prend s’impriment avec netteté. JPEG, PNG, HEIC, WebP ou TIFF, jusqu’à {megabytes, number} Mo et au moins {leastWidth, number} × {leastHeight, number} pixels, dans un sens ou dans l’autre.",
  "pick.private":
    "Pour que vous retrouviez votre carte, votre photo est enregistrée sur cet appareil et auprès de votre banque. Le lieu de la prise de vue reste sur cet appareil.",
  "pick.opening": "Ouverture de votre photo",
  "pick.other-card": "Utiliser la photo de votre autre carte",
  "pick.open-saved": "Ouvrir une création enregistrée",
  "pick.no-photo": "Commencer sans photo",
  "pick.return": "Revenir à ma création",
  "pick.cancel": "Annuler",

  "rules.title": "Ce que votre image peut montrer",
  "rules.version": "2026-11",
  "rules.of-month": "Règles : {month}",
  "rules.of-version": "Règles, version {version}",
  "rules.good-title": "Accepté",
  "rules.good":
    "Votre propre photo, ou une photo que vous avez le droit d’utiliser\nDes personnes qui acceptent de figurer sur votre carte\nDes lieux, des animaux, des motifs",
  "rules.not-allowed-title": "Interdit",
  "rules.not-allowed":
    "Logos, marques, célébrités, drapeaux, billets de banque\nViolence, nudité, politique, religion et tout ce qui peut choquer\nNuméros de carte, adresses, codes et autres données personnelles",

  "notice.dismiss": "Masquer",
  "notice.no-picture-pasted.title": "Il n’y avait pas d’image à coller",
  "notice.no-picture-pasted.help":
    "Copiez l’image elle-même, pas son nom ni son lien, puis collez de nouveau. Ou enregistrez-la et choisissez le fichier.",
  "notice.folder-dropped.title": "C’est un dossier",
  "notice.folder-dropped.help": "Ouvrez-le et choisissez une photo.",
  "notice.no-file-dropped.title": "Aucun fichier n’est arrivé",
  "notice.no-file-dropped.help": "Enregistrez d’abord l’image depuis votre messagerie, puis choisissez-la.",
} as const satisfies Record<keyof typeof en, string>;

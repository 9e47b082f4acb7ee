import type { en } from "./en.ts";

export const fr = {
  "preview.title": "Vérifiez votre carte",
  "preview.card-label": "Aperçu avant impression de votre carte",
  "preview.views": "Ce que vous voyez de la carte",
  "preview.view.front": "Recto",
  "preview.view.back": "Verso",
  "preview.view.true-size": "Taille réelle",
  "preview.view.cut": "Découpe",
  "preview.about.front":
    "C’est exactement cette image qui est imprimée. Votre nom, le numéro et la puce viennent par-dessus ; ceux que vous voyez sont des exemples.",
  "preview.about.back": "Le verso est celui de votre banque. Ceci n’est qu’un dessin : le vôtre peut être différent.",
  "preview.about.true-size":
    "Tenez une vraie carte contre l’écran et déplacez le curseur jusqu’à ce que les deux aient la même taille.",
  "preview.about.cut":
    "La carte est découpée le long de la ligne, ou juste à côté. Ce qui compte pour vous devrait se trouver à l’intérieur des pointillés.",
  "preview.back-label": "Dessin du verso d’une carte, avec une piste magnétique et un espace pour la signature",
  "preview.cut-label": "Toute l’image imprimée, avec la ligne le long de laquelle la carte est découpée",
  "preview.size": "Taille de la carte à l’écran",
  "preview.smaller": "Un peu plus petite",
  "preview.larger": "Un peu plus grande",
  "preview.rendering": "Préparation de l’image à imprimer",
  "preview.covers": "Couvre toute la carte",
  "preview.covers-help": "Votre photo dépasse de chaque bord.",
  "preview.covers-not": "Ne couvre pas toute la carte",
  "preview.covers-not-help": "Il resterait un bord blanc. Revenez en arrière et ajustez la photo à la carte.",
  "preview.coversPart": "Couvre sa partie de la carte",
  "preview.coversPart-help": "Votre photo y dépasse de chaque bord.",
  "preview.coversPart-not": "Ne couvre pas sa partie de la carte",
  "preview.coversPart-not-help":
    "On verrait l’arrière-plan à côté de la photo. Revenez en arrière et ajustez la photo à sa partie de la carte.",
  "preview.ground-white": "Elles s’impriment en blanc. Revenez en arrière pour choisir un autre fond.",
  "preview.ground-chosen": "Le fond que vous avez choisi s’imprime là où votre photo est transparente.",
  "preview.sharp": "Impression nette",
  "preview.sharp-help": "Les détails fins restent nets sur la carte.",
  "preview.soft": "Impression un peu floue",
  "preview.soft-help": "Réduisez un peu la photo, ou choisissez-en une plus grande.",
  "preview.soft-small": "Une photo plus grande sera plus nette.",
  "preview.agree": "Mon image respecte ces règles, et j’ai le droit de l’utiliser.",
  "preview.agree-missing":
    "Cochez d’abord la case, s’il vous plaît. Votre banque n’imprime que les images qui respectent ces règles.",
  "preview.send": "Envoyer ma création",
  "preview.back": "Revenir à la création",
} as const satisfies Record<keyof typeof en, string>;

import type { en } from "./en.ts";

export const de = {
  "preview.title": "Prüfen Sie Ihre Karte",
  "preview.card-label": "Druckvorschau Ihrer Karte",
  "preview.views": "Was Sie von der Karte sehen",
  "preview.view.front": "Vorne",
  "preview.view.back": "Hinten",
  "preview.view.true-size": "Echte Größe",
  "preview.view.cut": "Schnitt",
  "preview.about.front":
    "Genau dieses Bild wird gedruckt. Ihr Name, die Nummer und der Chip kommen darüber; was Sie davon sehen, sind Beispiele.",
  "preview.about.back": "Die Rückseite gestaltet Ihre Bank. Das ist nur eine Zeichnung: Ihre kann anders aussehen.",
  "preview.about.true-size":
    "Halten Sie eine echte Karte an den Bildschirm und bewegen Sie den Regler, bis beide gleich groß sind.",
  "preview.about.cut":
    "Die Karte wird an der Linie geschnitten oder knapp daneben. Was Ihnen wichtig ist, sollte innerhalb der gestrichelten Linie liegen.",
  "preview.back-label": "Zeichnung der Rückseite einer Karte, mit Magnetstreifen und Unterschriftsfeld",
  "preview.cut-label": "Das ganze gedruckte Bild mit der Linie, an der die Karte geschnitten wird",
  "preview.size": "Größe der Karte auf dem Bildschirm",
  "preview.smaller": "Etwas kleiner",
  "preview.larger": "Etwas größer",
  "preview.rendering": "Das Druckbild wird erstellt",
  "preview.covers": "Füllt die ganze Karte",
  "preview.covers-help": "Ihr Foto reicht über jeden Rand hinaus.",
  "preview.covers-not": "Füllt nicht die ganze Karte",
  "preview.covers-not-help": "Es bliebe ein weißer Rand. Gehen Sie zurück und passen Sie das Foto an die Karte an.",
  "preview.coversPart": "Füllt seinen Teil der Karte",
  "preview.coversPart-help": "Ihr Foto reicht dort über jeden Rand hinaus.",
  "preview.coversPart-not": "Füllt seinen Teil der Karte nicht",
  "preview.coversPart-not-help":
    "Neben dem Foto wäre der Hintergrund zu sehen. Gehen Sie zurück und passen Sie das Foto an seinen Teil der Karte an.",
  "preview.ground-white": "Sie werden weiß gedruckt. Gehen Sie zurück, um einen anderen Hintergrund zu wählen.",
  "preview.ground-chosen": "Wo Ihr Foto durchsichtig ist, wird der gewählte Hintergrund gedruckt.",
  "preview.sharp": "Wird scharf gedruckt",
  "preview.sharp-help": "Feine Einzelheiten bleiben auf der Karte klar.",
  "preview.soft": "Wird leicht unscharf gedruckt",
  "preview.soft-help": "Verkleinern Sie das Foto etwas, oder wählen Sie ein größeres.",
  "preview.soft-small": "Ein größeres Foto wird schärfer gedruckt.",
  "preview.agree": "Mein Bild hält diese Regeln ein, und ich darf es verwenden.",
  "preview.agree-missing":
    "Bitte setzen Sie zuerst das Häkchen. Ihre Bank druckt nur Bilder, die diese Regeln einhalten.",
  "preview.send": "Design senden",
  "preview.back": "Zurück zum Design",
} as const satisfies Record<keyof typeof en, string>;

import type { en } from "./en.ts";

export const es = {
  "preview.title": "Revise su tarjeta",
  "preview.card-label": "Vista previa de impresión de su tarjeta",
  "preview.views": "Lo que ve de la tarjeta",
  "preview.view.front": "Anverso",
  "preview.view.back": "Reverso",
  "preview.view.true-size": "Tamaño real",
  "preview.view.cut": "Corte",
  "preview.about.front":
    "Esta es exactamente la imagen que se imprime. Su nombre, el número y el chip van encima; los que ve son ejemplos.",
  "preview.about.back": "El reverso es de su banco. Esto es solo un dibujo: el suyo puede ser distinto.",
  "preview.about.true-size":
    "Acerque una tarjeta de verdad a la pantalla y mueva el control hasta que las dos tengan el mismo tamaño.",
  "preview.about.cut":
    "La tarjeta se corta por la línea, o un poco al lado. Lo que le importe debería quedar dentro de la línea discontinua.",
  "preview.back-label": "Dibujo del reverso de una tarjeta, con banda magnética y espacio para la firma",
  "preview.cut-label": "La imagen impresa completa, con la línea por la que se corta la tarjeta",
  "preview.size": "Tamaño de la tarjeta en la pantalla",
  "preview.smaller": "Un poco más pequeña",
  "preview.larger": "Un poco más grande",
  "preview.rendering": "Preparando la imagen para imprimir",
  "preview.covers": "Cubre toda la tarjeta",
  "preview.covers-help": "Su foto sobrepasa todos los bordes.",
  "preview.covers-not": "No cubre toda la tarjeta",
  "preview.covers-not-help": "Quedaría un borde blanco. Vuelva atrás y ajuste la foto a la tarjeta.",
  "preview.coversPart": "Cubre su parte de la tarjeta",
  "preview.coversPart-help": "Su foto sobrepasa allí todos los bordes.",
  "preview.coversPart-not": "No cubre su parte de la tarjeta",
  "preview.coversPart-not-help":
    "Se vería el fondo junto a la foto. Vuelva atrás y ajuste la foto a su parte de la tarjeta.",
  "preview.ground-white": "Se imprimen en blanco. Vuelva atrás para elegir otro fondo.",
  "preview.ground-chosen": "El fondo que ha elegido se imprime donde su foto es transparente.",
  "preview.sharp": "Se imprime con nitidez",
  "preview.sharp-help": "Los detalles finos se verán con claridad en la tarjeta.",
  "preview.soft": "Saldrá algo borrosa",
  "preview.soft-help": "Reduzca un poco la foto o elija una más grande.",
  "preview.soft-small": "Una foto más grande saldrá más nítida.",
  "preview.agree": "Mi imagen cumple estas normas y tengo permiso para usarla.",
  "preview.agree-missing":
    "Marque primero la casilla, por favor. Su banco solo imprime imágenes que cumplen estas normas.",
  "preview.send": "Enviar mi diseño",
  "preview.back": "Volver al diseño",
} as const satisfies Record<keyof typeof en, string>;

import type { en } from "./en.ts";

export const es = {
  "app.steps": "Pasos",
  "app.step-of": "{name} · {step, number} de {steps, number}",
  "app.leave": "Volver a la página de su banco",
  "app.step-done": "hecho",
  "step.photo": "Inicio",
  "step.design": "Diseño",
  "step.preview": "Vista previa",
  "step.send": "Envío",

  "closed.not-framed.title": "Abra esta página desde la de su banco",
  "closed.not-framed.help":
    "El diseñador de tarjetas funciona dentro de la web o la aplicación de su banco. Vuelva allí y abra de nuevo el diseño de su tarjeta.",
  "closed.no-answer.title": "La página de su banco no ha respondido",
  "closed.no-answer.help":
    "Inténtelo de nuevo. Si no funciona, cierre la página y vuelva a abrir el diseño de su tarjeta desde la web de su banco.",
  "closed.refused.title": "La página de su banco no ha podido abrir el diseño de su tarjeta",
  "closed.refused.help":
    "Compruebe su conexión e inténtelo de nuevo. Si no funciona, vuelva a cargar la página de su banco.",
  "closed.foreign-answer.title": "Algo bloquea la conexión",
  "closed.foreign-answer.help":
    "La causa está en su banco o en su red. No se ha perdido nada. Inténtelo de nuevo más tarde o desde otra red, por favor.",
  "closed.no-connection.title": "Ahora mismo no hay conexión",
  "closed.no-connection.help": "Compruebe su conexión e inténtelo de nuevo. No se ha perdido nada.",
  "closed.session-ended.title": "Su sesión ha caducado",
  "closed.session-ended.help":
    "Por su seguridad, cada sesión dura un tiempo limitado. Vuelva a abrir el diseño de su tarjeta desde la página de su banco.",
  "closed.product-unknown.title": "Esta tarjeta todavía no se puede diseñar aquí",
  "closed.product-unknown.help":
    "Su banco ofrece una tarjeta que este diseñador no conoce. Avise a su banco, por favor.",
  "closed.pixels-protected.title": "Este navegador modifica las imágenes",
  "closed.pixels-protected.help":
    "Para que nadie le reconozca, sustituiría su foto por ruido. Desactive en esta página la protección contra el rastreo por huella digital, o permita que lea imágenes, y vuelva a abrirla. También puede usar otro navegador u otro dispositivo.",
  "closed.gone-elsewhere.title": "Continúa con su tarjeta en otro lugar",
  "closed.gone-elsewhere.help":
    "Está en otra pestaña o en otro lugar de esta página. Se conserva todo lo que ha hecho aquí.",
  "closed.crashed.title": "El diseñador se ha detenido",
  "closed.crashed.help": "Vuelva a cargar la página para continuar. Los diseños ya enviados están a salvo.",

  "pick.title": "Empiece con una foto",
  "pick.lead": "Elija una que le encante. En el paso siguiente podrá moverla, ampliarla y girarla en la tarjeta.",
  "pick.browse": "Elegir una foto",
  "pick.camera": "Hacer una foto",
  "pick.drop": "Suelte aquí su foto",
  "pick.drop-or": "o elija una, o péguela",
  "pick.tap": "Aquí va su foto",
  "pick.tap-or": "toque para elegir una",
  "pick.release": "Suéltela para ponerla en su tarjeta",
  "pick.formats":
    "Las fotos tal como las hace su teléfono se imprimen con nitidez. JPEG, PNG, HEIC, WebP o TIFF, de hasta {megabytes, number} MB y de al menos {leastWidth, number} × {leastHeight, number} píxeles, en vertical u horizontal.",
  "pick.private":
    "Para que encuentre su tarjeta más adelante, su foto se guarda en este dispositivo y en su banco. El lugar donde se hizo no sale de este dispositivo.",
  "pick.opening": "Abriendo su foto",
  "pick.other-card": "Usar la foto de su otra tarjeta",
  "pick.open-saved": "Abrir un diseño guardado",
  "pick.no-photo": "Empezar sin foto",
  "pick.return": "Volver a mi diseño",
  "pick.cancel": "Cancelar",

  "rules.title": "Qué puede mostrar su imagen",
  "rules.version": "2026-11",
  "rules.of-month": "Normas de {month}",
  "rules.of-version": "Normas, versión {version}",
  "rules.good-title": "Adecuado",
  "rules.good":
    "Una foto suya, o una que tenga permiso para usar\nPersonas que aceptan aparecer en su tarjeta\nLugares, mascotas, motivos",
  "rules.not-allowed-title": "No permitido",
  "rules.not-allowed":
    "Logotipos, marcas, famosos, banderas, billetes\nViolencia, desnudos, política, religión y todo lo que pueda ofender\nNúmeros de tarjeta, direcciones, códigos y otros datos personales",

  "notice.dismiss": "Ocultar",
  "notice.no-picture-pasted.title": "Ahí no había ninguna imagen",
  "notice.no-picture-pasted.help":
    "Copie la imagen, no su nombre ni su enlace, y vuelva a pegar. O guárdela y elija el archivo.",
  "notice.folder-dropped.title": "Eso es una carpeta",
  "notice.folder-dropped.help": "Ábrala y elija una foto.",
  "notice.no-file-dropped.title": "No ha llegado ningún archivo",
  "notice.no-file-dropped.help": "Guarde primero la imagen desde su correo y después elíjala.",
} as const satisfies Record<keyof typeof en, string>;

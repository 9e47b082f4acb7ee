import type { en } from "./en.ts";

export const es = {
  "notice.empty-file.title": "Este archivo está vacío",
  "notice.empty-file.help":
    "Puede que no se haya descargado o copiado por completo. Elíjalo de nuevo o elija otra foto.",
  "notice.file-too-large.title": "Este archivo es demasiado grande",
  "notice.file-too-large.help":
    "Puede tener hasta {megabytes, number} MB. Guarde una copia más pequeña de la foto y elíjala.",
  "notice.too-many-pixels.title": "Esta foto tiene demasiados píxeles",
  "notice.too-many-pixels.help":
    "Este dispositivo puede abrir fotos así de hasta {megapixels, number} megapíxeles. Guarde una copia más pequeña y elíjala.",
  "notice.photo-too-small.title": "Esta foto es demasiado pequeña para la tarjeta",
  "notice.photo-too-small.help":
    "Saldría borrosa. Elija una de al menos {leastWidth, number} × {leastHeight, number} píxeles, en vertical u horizontal: la original suele servir mejor que una copia recibida en un chat.",
  "notice.not-an-image.title": "Este archivo no es una foto",
  "notice.not-an-image.help": "Elija una foto, por ejemplo en JPEG, PNG, HEIC, WebP o TIFF.",
  "notice.svg-image.title": "Esto es un dibujo, no una foto",
  "notice.svg-image.help":
    "Los dibujos SVG no se pueden imprimir tal cual. Exporte el dibujo como PNG: a partir de {width, number} × {height, number} píxeles se imprime con nitidez.",
  "notice.heic-image.title": "Este es un tipo poco común de HEIC",
  "notice.heic-image.help": "Aquí no se puede abrir. {advice}",
  "notice.unusual-tiff.title": "Este es un tipo poco común de TIFF",
  "notice.unusual-tiff.help": "Aquí no se puede abrir. {advice}",
  "notice.raw-image.title": "Este es un archivo RAW de una cámara",
  "notice.raw-image.help": "Hay que revelarlo antes de poder imprimirlo. {advice}",
  "notice.jpeg-2000-image.title": "Esta foto está en formato JPEG 2000",
  "notice.jpeg-2000-image.help": "Los navegadores no la abren. {advice}",
  "notice.jpeg-xr-image.title": "Esta foto está en formato JPEG XR",
  "notice.jpeg-xr-image.help": "Los navegadores no la abren. {advice}",
  "notice.jpeg-xl-image.title": "Esta foto está en formato JPEG XL",
  "notice.jpeg-xl-image.help": "Su navegador no la abre. {advice}",
  "notice.arithmetic-jpeg.title": "Este JPEG es poco común: su codificación es aritmética",
  "notice.arithmetic-jpeg.help": "No tiene ningún defecto, pero su navegador no lo abre. {advice}",
  "notice.lossless-jpeg.title": "Este JPEG es poco común: sin pérdida, como los de los escáneres de hospital",
  "notice.lossless-jpeg.help": "No tiene ningún defecto, pero su navegador no lo abre. {advice}",
  "notice.apple-png.title": "Este PNG es de un formato propio de Apple y procede del interior de una aplicación",
  "notice.apple-png.help": "Ningún navegador lo abre. {advice}",
  "notice.photoshop-file.title": "Este es un archivo de Photoshop",
  "notice.photoshop-file.help":
    "Guarde una copia en JPEG o PNG, con Photoshop o un programa de fotos, y elija esa copia.",
  "notice.postscript-file.title": "Este es un archivo de PostScript o Illustrator",
  "notice.postscript-file.help":
    "No se puede imprimir tal cual. Expórtelo como PNG: a partir de {width, number} × {height, number} píxeles se imprime con nitidez.",
  "notice.icon-file.title": "Esto es un icono, no una foto",
  "notice.icon-file.help":
    "Los iconos son demasiado pequeños para una tarjeta. Elija la imagen de la que se hizo, o una foto.",
  "notice.pdf-file.title": "Esto es un PDF",
  "notice.pdf-file.help":
    "Saque la imagen que contiene, por ejemplo con una captura de pantalla o exportándola a JPEG, y elíjala.",
  "notice.video-file.title": "Esto es un vídeo",
  "notice.video-file.help": "Páuselo donde más le guste, haga una captura de pantalla y elija esa captura.",
  "notice.damaged-image.title": "Esta foto no se puede leer hasta el final",
  "notice.damaged-image.help":
    "El archivo está dañado o no se copió por completo. Cópielo de nuevo desde su origen o elija otra foto.",
  "notice.empty-image.title": "En esta imagen no se ve nada",
  "notice.empty-image.help":
    "Es del todo transparente, o una animación que empieza con una imagen vacía. Elija otra, o ábrala en grande, haga una captura de pantalla y elija esa captura.",
  "notice.file-changed.title": "Este archivo ya no se puede leer",
  "notice.file-changed.help":
    "Se ha modificado, movido o eliminado desde que lo eligió, o aún no está en este dispositivo. Espere a que se guarde o se descargue y elíjalo de nuevo.",
  "notice.two-files.title": "Las fotos, de una en una",
  "notice.two-files.help": "Nos ha dado varias fotos. Elija la que quiere en su tarjeta.",
  "advice.iphone":
    "En la app Archivos, mantenga el dedo sobre la foto y elija «Acciones rápidas», «Convertir imagen», JPEG. O abra la foto en grande, haga una captura de pantalla y elija esa captura.",
  "advice.android":
    "Abra la foto en grande en su aplicación de fotos, haga una captura de pantalla y elija esa captura. O comparta la foto como JPEG.",
  "advice.windows": "Abra la foto en Fotos o Paint, elija «Guardar como», JPEG, y después elija ese archivo.",
  "advice.mac": "Abra la foto en Vista Previa, elija «Archivo», «Exportar», JPEG, y después elija ese archivo.",
  "advice.other": "Abra la foto en un programa de fotos, guárdela como JPEG y elija ese archivo.",
  "notice.out-of-memory.title": "Este dispositivo se ha quedado sin memoria",
  "notice.out-of-memory.help":
    "Cierre otras pestañas o aplicaciones e inténtelo de nuevo. Una foto más pequeña necesita menos.",
  "notice.decoder-not-loaded.title": "No se ha podido cargar el módulo que abre este tipo de fotos",
  "notice.decoder-not-loaded.help":
    "Seguramente no es culpa del archivo. Compruebe su conexión y elíjalo de nuevo, o elija un JPEG.",
  "notice.open-failed.title": "No se ha podido abrir la foto",
  "notice.open-failed.help":
    "Seguramente no es culpa del archivo. Compruebe su conexión y elíjalo de nuevo. Si vuelve a ocurrir, recargue la página.",
  "notice.art-missing.title": "No se ha podido cargar algo de la tarjeta",
  "notice.art-missing.help":
    "Su diseño no ha cambiado. Compruebe su conexión e inténtelo de nuevo, o quítelo de la tarjeta.",
  "notice.render-failed.title": "No se ha podido preparar la imagen para imprimir",
  "notice.render-failed.help":
    "Su diseño no ha cambiado. Inténtelo de nuevo. Si vuelve a ocurrir, cierre otras pestañas y aplicaciones, o use otro navegador.",
  "notice.dpi-too-low.title": "Así, la foto saldría borrosa",
  "notice.dpi-too-low.help":
    "Se necesitan al menos {leastDpi, number} ppp en la tarjeta. Reduzca o gire la foto, o elija una más grande.",
  "notice.not-printable.title": "Así, la tarjeta no se puede imprimir",
  "notice.not-printable.help": "Junto a la tarjeta se explica qué lo impide y qué puede hacer.",
  "notice.upright-card-fits.title": "Su foto es vertical",
  "notice.upright-card-fits.help": "También hay una tarjeta vertical, que muestra más de ella.",
  "notice.upright-card-fits.take": "Elegir la tarjeta vertical",
  "notice.wide-card-fits.title": "Su foto es horizontal",
  "notice.wide-card-fits.help": "También hay una tarjeta horizontal, que muestra más de ella.",
  "notice.wide-card-fits.take": "Elegir la tarjeta horizontal",
  "notice.photo-turned.title": "La foto se ha girado {quarterTurn, number}°",
  "notice.photo-turned.help":
    "En su posición original tiene muy pocos píxeles para cubrir la tarjeta; girada, tiene suficientes.",
  "notice.first-frame-only.title": "Solo se usa la primera imagen",
  "notice.first-frame-only.help":
    "Este archivo contiene varias imágenes, como las animaciones, y en una tarjeta solo cabe una.",
  "notice.colours-may-differ.title": "Estos colores pueden cambiar al imprimirse",
  "notice.colours-may-differ.help":
    "La foto está preparada para imprenta (CMYK). Si sus colores son importantes, expórtela como JPEG en sRGB y elija esa copia.",
  "notice.transparent-parts.title": "Hay partes transparentes en esta foto",
  "notice.transparent-parts.help": "Ahí se imprime el fondo: blanco, si no elige otro color.",
  "notice.draft-resumed.title": "Su tarjeta está como la dejó",
  "notice.draft-resumed.help": "Se la hemos guardado.",
  "notice.elements-left-out.title": "Se han quitado algunos elementos",
  "notice.elements-left-out.help": "Esta tarjeta no admite todo lo que había en ella. Lo demás está como lo dejó.",
  "notice.texts-changed.title": "Un texto de su tarjeta se ve ahora distinto",
  "notice.texts-changed.help":
    "Esta tarjeta solo admite textos en ciertos colores y tamaños. Lo demás está como lo dejó.",
  "notice.ground-changed.title": "El fondo de su tarjeta es ahora otro",
  "notice.ground-changed.help":
    "Esta tarjeta solo admite ciertos fondos: el suyo es ahora el más parecido. Lo demás está como lo dejó.",
  "notice.draft-overtaken.title": "Hay dos versiones de su tarjeta",
  "notice.draft-overtaken.help":
    "La otra viene de otro dispositivo, de otra pestaña o de una visita anterior. Solo se guarda una: la tarjeta que ve aquí o la otra.",
  "notice.open-elsewhere.title": "Su tarjeta ya está abierta en otro lugar",
  "notice.open-elsewhere.help":
    "Está en otra pestaña o en otro lugar de esta página. Si continúa aquí, se conserva y se trae lo que haya hecho allí.",
  "notice.open-elsewhere.go-on": "Continuar aquí",
  "notice.sent-elsewhere.title": "Su tarjeta se está enviando desde otro lugar",
  "notice.sent-elsewhere.help":
    "Está en otra pestaña o en otro lugar de esta página. Espere a que se envíe allí y después continúe aquí para ver cómo va.",
  "notice.draft-deleted.title": "La tarjeta sin terminar se ha eliminado",
  "notice.draft-deleted.help":
    "Ya no está guardada en este dispositivo ni en su banco. Lo que ya ha enviado sigue en su banco.",
  "notice.draft-left-at-bank.title": "Puede que su banco aún tenga la tarjeta sin terminar",
  "notice.draft-left-at-bank.help":
    "Solo se ha eliminado de este dispositivo. Compruebe su conexión y elimínela de nuevo. Si su sesión ha caducado, recargue antes la página de su banco.",
  "notice.draft-left-on-device.title": "Puede que este dispositivo aún tenga la tarjeta sin terminar",
  "notice.draft-left-on-device.help":
    "Su banco la ha eliminado, pero este navegador no lo ha confirmado. Elimínela de nuevo, o borre los datos de este sitio en su navegador.",
  "notice.draft-not-deleted.title": "No se ha podido eliminar la tarjeta sin terminar",
  "notice.draft-not-deleted.help":
    "Ni este navegador ni su banco han confirmado que se haya eliminado. Inténtelo de nuevo, por favor.",
  "notice.draft-not-opened.title": "No se ha podido abrir su tarjeta de la última vez",
  "notice.draft-not-opened.help": "Elija de nuevo su foto, u otra.",
  "notice.no-photo-not-offered.title": "Esta tarjeta necesita una foto",
  "notice.no-photo-not-offered.help": "Su banco ya no ofrece tarjetas sin foto. Elija una foto para empezar.",
  "notice.draft-unreachable.title": "No se ha podido recuperar su tarjeta de la última vez",
  "notice.draft-unreachable.help": "Sigue guardada para usted. Compruebe su conexión e inténtelo de nuevo.",
  "notice.draft-slow.title": "Su diseño tarda más de lo habitual en abrirse",
  "notice.draft-slow.help":
    "Se está recuperando todavía y no se pierde nada. Elija «Cambiar mi diseño» para seguir en cuanto esté aquí.",
  "notice.picker-failed.title": "El selector de fotos de su banco no ha funcionado",
  "notice.picker-failed.help": "No se ha perdido nada. Pulse de nuevo el mismo botón para elegir en este dispositivo.",
  "notice.other-photo-gone.title": "Esa foto ya no está en este dispositivo",
  "notice.other-photo-gone.help": "No ha cambiado nada. Elija una foto como siempre.",
  "notice.design-of-later-version.title": "Este diseño se hizo con una versión más reciente",
  "notice.design-of-later-version.help":
    "Se conserva tal como está. Vuelva a cargar la página para obtener esa versión o abra el diseño donde lo hizo.",
  "notice.design-file-damaged.title": "Este diseño guardado está dañado",
  "notice.design-file-damaged.help":
    "No se guardó o copió por completo. Cópielo de nuevo desde donde lo guardó, o haga el diseño otra vez.",
  "notice.send-not-confirmed.title": "La página de su banco no ha respondido",
  "notice.send-not-confirmed.help": "No se ha enviado nada y su diseño sigue aquí. Vuelva a intentarlo en un momento.",
  "notice.send-declined.title": "Su diseño no se ha enviado",
  "notice.send-declined.help": "Su banco lo ha detenido antes del envío. Su diseño sigue aquí.",
  "notice.send-cancelled.title": "Se ha cancelado el envío",
  "notice.send-cancelled.help": "Su diseño no ha llegado. Está como lo dejó.",
  "notice.already-sent.title": "Ya ha enviado un diseño antes",
  "notice.already-sent.help": "Solo puede haber uno en camino a la vez, así que este es el anterior.",
  "notice.submission-gone.title": "Ya no encontramos su diseño",
  "notice.submission-gone.help":
    "Aun así, puede que lo tenga el fabricante de la tarjeta, así que no lo envíe de nuevo. Pregunte a su banco e indique la referencia.",
  "notice.foreign-answer.title": "Algo bloquea la conexión",
  "notice.foreign-answer.help":
    "La causa está en su banco o en su red. Su diseño sigue aquí. Inténtelo de nuevo más tarde o desde otra red, por favor.",
  "notice.send-no-connection.title": "Se ha cortado la conexión",
  "notice.send-no-connection.help":
    "Su diseño sigue aquí. Compruebe su conexión y envíelo de nuevo: solo puede llegar una vez.",
  "notice.send-busy.title": "Ahora mismo no podemos recibir su diseño",
  "notice.send-busy.help": "Sigue aquí. Inténtelo de nuevo dentro de unos minutos, por favor.",
  "notice.send-too-slow.title": "Su conexión era demasiado lenta",
  "notice.send-too-slow.help":
    "La imagen ha tardado demasiado en llegarnos. Su diseño sigue aquí: envíelo de nuevo, por wifi si puede.",
  "notice.send-damaged.title": "La imagen se ha dañado por el camino",
  "notice.send-damaged.help": "Su diseño sigue aquí. Envíelo de nuevo. Si vuelve a ocurrir, use otra conexión.",
  "notice.not-offered.title": "Algo de su tarjeta ya no se ofrece",
  "notice.not-offered.help":
    "Su banco ha cambiado lo que puede llevar esta tarjeta. Quítelo para continuar: todo lo demás queda como está.",
  "notice.not-offered.take-off": "Quitarlo",
  "notice.send-picture-refused.title": "No se ha aceptado la imagen final",
  "notice.send-picture-refused.help":
    "Vuelva al diseño y abra de nuevo la vista previa. Si vuelve a ocurrir, cambie el diseño o haga otro.",
  "notice.send-picture-differs.title": "No hemos podido comprobar su tarjeta",
  "notice.send-picture-differs.help":
    "Su diseño sigue aquí. Vuelva a cargar la página, abra de nuevo la vista previa y envíelo. Si vuelve a ocurrir, avise a su banco, por favor.",
  "notice.send-text-refused.title": "Hay cifras en su tarjeta que parecen un número de tarjeta",
  "notice.send-text-refused.help":
    "No puede estar en la imagen, tampoco repartido en varias líneas o textos. Su diseño sigue aquí: cambie lo que está escrito y envíelo de nuevo.",
  "notice.send-not-accepted.title": "No se ha podido enviar su diseño",
  "notice.send-not-accepted.help": "Su diseño sigue aquí. Si vuelve a ocurrir, avise a su banco, por favor.",
  "notice.design-of-other-card.title": "Este diseño se hizo para otra tarjeta",
  "notice.design-of-other-card.help": "Se ha conservado su foto. Colóquela de nuevo, por favor.",
  "notice.bare-design-of-other-card.title": "Este diseño se hizo para otra tarjeta",
  "notice.bare-design-of-other-card.help":
    "No tiene ninguna foto que se pueda conservar. Elija una foto o empiece sin foto.",
  "notice.template-gone.title": "Esta plantilla ya no se ofrece",
  "notice.template-gone.help":
    "Sus textos siguen en la tarjeta si esta los admite. Lo demás de la plantilla ya no está, y el resto de la tarjeta está como lo dejó.",
  "notice.template-needs-photo.title": "Esta plantilla necesita una foto y ya no está en su tarjeta",
  "notice.template-needs-photo.help":
    "Sus textos siguen en la tarjeta si esta los admite. «Deshacer» recupera la foto y la plantilla.",
  "notice.filter-gone.title": "Este filtro ya no se ofrece",
  "notice.filter-gone.help": "Su foto está en la tarjeta sin él. Todo lo demás está como lo dejó.",
  "notice.session-ended.title": "Su sesión ha caducado",
  "notice.session-ended.help":
    "Por su seguridad, cada sesión dura un tiempo limitado. Vuelva a cargar la página de su banco para continuar.",
} as const satisfies Record<keyof typeof en, string>;

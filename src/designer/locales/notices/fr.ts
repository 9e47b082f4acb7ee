import type { en } from "./en.ts";

export const fr = {
  "notice.empty-file.title": "Ce fichier est vide",
  "notice.empty-file.help":
    "Il n’a peut-être pas été entièrement téléchargé ou copié. Choisissez-le de nouveau, ou choisissez une autre photo.",
  "notice.file-too-large.title": "Ce fichier est trop lourd",
  "notice.file-too-large.help":
    "La limite est de {megabytes, number} Mo. Enregistrez une copie plus légère de la photo et choisissez-la.",
  "notice.too-many-pixels.title": "Cette photo a trop de pixels",
  "notice.too-many-pixels.help":
    "Cet appareil peut ouvrir ce type de photo jusqu’à {megapixels, number} mégapixels. Enregistrez une copie plus petite et choisissez-la.",
  "notice.photo-too-small.title": "Cette photo est trop petite pour la carte",
  "notice.photo-too-small.help":
    "Elle serait floue à l’impression. Choisissez une photo d’au moins {leastWidth, number} × {leastHeight, number} pixels, dans un sens ou dans l’autre : souvent, l’original convient mieux qu’une copie reçue par messagerie.",
  "notice.not-an-image.title": "Ce fichier n’est pas une photo",
  "notice.not-an-image.help": "Choisissez une photo, par exemple en JPEG, PNG, HEIC, WebP ou TIFF.",
  "notice.svg-image.title": "C’est un dessin, pas une photo",
  "notice.svg-image.help":
    "Les dessins SVG ne peuvent pas être imprimés tels quels. Exportez le dessin en PNG : à partir de {width, number} × {height, number} pixels, l’impression est nette.",
  "notice.heic-image.title": "C’est un type rare de HEIC",
  "notice.heic-image.help": "Il ne peut pas être ouvert ici. {advice}",
  "notice.unusual-tiff.title": "C’est un type rare de TIFF",
  "notice.unusual-tiff.help": "Il ne peut pas être ouvert ici. {advice}",
  "notice.raw-image.title": "C’est le fichier brut d’un appareil photo",
  "notice.raw-image.help": "Il doit être développé avant de pouvoir être imprimé. {advice}",
  "notice.jpeg-2000-image.title": "Cette photo est au format JPEG 2000",
  "notice.jpeg-2000-image.help": "Les navigateurs ne l’ouvrent pas. {advice}",
  "notice.jpeg-xr-image.title": "Cette photo est au format JPEG XR",
  "notice.jpeg-xr-image.help": "Les navigateurs ne l’ouvrent pas. {advice}",
  "notice.jpeg-xl-image.title": "Cette photo est au format JPEG XL",
  "notice.jpeg-xl-image.help": "Votre navigateur ne l’ouvre pas. {advice}",
  "notice.arithmetic-jpeg.title": "Ce JPEG est d’un type rare : son codage est arithmétique",
  "notice.arithmetic-jpeg.help": "Il n’a aucun défaut, mais votre navigateur ne l’ouvre pas. {advice}",
  "notice.lossless-jpeg.title":
    "Ce JPEG est d’un type rare : sans perte, comme en produisent les scanners des hôpitaux",
  "notice.lossless-jpeg.help": "Il n’a aucun défaut, mais votre navigateur ne l’ouvre pas. {advice}",
  "notice.apple-png.title": "Ce PNG est propre à Apple et vient de l’intérieur d’une application",
  "notice.apple-png.help": "Aucun navigateur ne l’ouvre. {advice}",
  "notice.photoshop-file.title": "C’est un fichier Photoshop",
  "notice.photoshop-file.help":
    "Enregistrez-en une copie en JPEG ou PNG, dans Photoshop ou un logiciel de photo, et choisissez-la.",
  "notice.postscript-file.title": "C’est un fichier PostScript ou Illustrator",
  "notice.postscript-file.help":
    "Il ne peut pas être imprimé tel quel. Exportez-le en PNG : à partir de {width, number} × {height, number} pixels, l’impression est nette.",
  "notice.icon-file.title": "C’est une icône, pas une photo",
  "notice.icon-file.help":
    "Les icônes sont trop petites pour une carte. Choisissez l’image dont elle est tirée, ou une photo.",
  "notice.pdf-file.title": "C’est un PDF",
  "notice.pdf-file.help":
    "Récupérez l’image qu’il contient, par exemple par une capture d’écran ou un export en JPEG, et choisissez-la.",
  "notice.video-file.title": "C’est une vidéo",
  "notice.video-file.help":
    "Mettez-la en pause à l’endroit qui vous plaît, faites une capture d’écran et choisissez cette capture.",
  "notice.damaged-image.title": "Cette photo ne peut pas être lue jusqu’au bout",
  "notice.damaged-image.help":
    "Le fichier est endommagé ou n’a pas été entièrement copié. Récupérez-le de nouveau là d’où il vient, ou choisissez une autre photo.",
  "notice.empty-image.title": "Il n’y a rien à voir sur cette image",
  "notice.empty-image.help":
    "Elle est entièrement transparente, ou c’est une animation qui commence par une image vide. Choisissez-en une autre, ou affichez-la en grand, faites une capture d’écran et choisissez cette capture.",
  "notice.file-changed.title": "Ce fichier ne peut plus être lu",
  "notice.file-changed.help":
    "Il a été modifié, déplacé ou supprimé depuis que vous l’avez choisi, ou il n’est pas encore sur cet appareil. Attendez qu’il soit enregistré ou téléchargé, puis choisissez-le de nouveau.",
  "notice.two-files.title": "Une seule photo à la fois",
  "notice.two-files.help": "Vous nous avez donné plusieurs photos. Choisissez celle que vous voulez sur votre carte.",
  "advice.iphone":
    "Dans l’app Fichiers, gardez le doigt sur la photo et choisissez « Actions rapides », « Convertir l’image », JPEG. Ou affichez la photo en grand, faites une capture d’écran et choisissez cette capture.",
  "advice.android":
    "Affichez la photo en grand dans votre application de photos, faites une capture d’écran et choisissez cette capture. Ou partagez la photo en JPEG.",
  "advice.windows":
    "Ouvrez la photo dans Photos ou Paint, choisissez « Enregistrer sous », JPEG, puis choisissez ce fichier.",
  "advice.mac": "Ouvrez la photo dans Aperçu, choisissez « Fichier », « Exporter », JPEG, puis choisissez ce fichier.",
  "advice.other": "Ouvrez la photo dans un logiciel de photo, enregistrez-la en JPEG et choisissez ce fichier.",
  "notice.out-of-memory.title": "Cet appareil n’a plus assez de mémoire",
  "notice.out-of-memory.help":
    "Fermez d’autres onglets ou applications et réessayez. Une photo plus petite en demande moins.",
  "notice.decoder-not-loaded.title": "Le module qui ouvre ce type de photos n’a pas pu être chargé",
  "notice.decoder-not-loaded.help":
    "Le fichier n’est sans doute pas en cause. Vérifiez votre connexion et choisissez-le de nouveau, ou choisissez un JPEG.",
  "notice.open-failed.title": "La photo n’a pas pu être ouverte",
  "notice.open-failed.help":
    "Le fichier n’est sans doute pas en cause. Vérifiez votre connexion et choisissez-le de nouveau. Si cela se reproduit, rechargez la page.",
  "notice.art-missing.title": "Un élément de la carte n’a pas pu être chargé",
  "notice.art-missing.help":
    "Votre création n’a pas changé. Vérifiez votre connexion et réessayez, ou retirez-le de la carte.",
  "notice.render-failed.title": "L’image à imprimer n’a pas pu être préparée",
  "notice.render-failed.help":
    "Votre création n’a pas changé. Réessayez. Si cela se reproduit, fermez d’autres onglets et applications, ou utilisez un autre navigateur.",
  "notice.dpi-too-low.title": "Telle quelle, la photo serait floue à l’impression",
  "notice.dpi-too-low.help":
    "Il faut au moins {leastDpi, number} ppp sur la carte. Réduisez ou tournez la photo, ou choisissez-en une plus grande.",
  "notice.not-printable.title": "Telle quelle, la carte ne peut pas être imprimée",
  "notice.not-printable.help": "Ce qui l’empêche est indiqué à côté de la carte, avec ce que vous pouvez y faire.",
  "notice.upright-card-fits.title": "Votre photo est verticale",
  "notice.upright-card-fits.help": "Il existe aussi une carte verticale, qui en montre davantage.",
  "notice.upright-card-fits.take": "Choisir la carte verticale",
  "notice.wide-card-fits.title": "Votre photo est horizontale",
  "notice.wide-card-fits.help": "Il existe aussi une carte horizontale, qui en montre davantage.",
  "notice.wide-card-fits.take": "Choisir la carte horizontale",
  "notice.photo-turned.title": "La photo a été tournée de {quarterTurn, number}°",
  "notice.photo-turned.help":
    "Dans son sens d’origine, elle a trop peu de pixels pour couvrir la carte ; tournée, elle en a assez.",
  "notice.first-frame-only.title": "Seule la première image est utilisée",
  "notice.first-frame-only.help":
    "Ce fichier contient plusieurs images, comme les animations, et une carte n’a de place que pour une seule.",
  "notice.colours-may-differ.title": "Ces couleurs peuvent changer à l’impression",
  "notice.colours-may-differ.help":
    "La photo est préparée pour une imprimerie (CMJN). Si ses couleurs comptent pour vous, exportez-la en JPEG sRGB et choisissez cette copie.",
  "notice.transparent-parts.title": "Certaines parties de cette photo sont transparentes",
  "notice.transparent-parts.help": "C’est le fond qui s’y imprime : blanc, sauf si vous choisissez une autre couleur.",
  "notice.draft-resumed.title": "Votre carte est telle que vous l’avez laissée",
  "notice.draft-resumed.help": "Nous l’avons conservée pour vous.",
  "notice.elements-left-out.title": "Certains éléments ont été retirés",
  "notice.elements-left-out.help":
    "Cette carte n’accepte pas tout ce qui s’y trouvait. Le reste est tel que vous l’avez laissé.",
  "notice.texts-changed.title": "Un texte de votre carte a changé d’aspect",
  "notice.texts-changed.help":
    "Cette carte n’accepte les textes que dans certaines couleurs et tailles. Le reste est tel que vous l’avez laissé.",
  "notice.ground-changed.title": "L’arrière-plan de votre carte a changé",
  "notice.ground-changed.help":
    "Cette carte n’accepte que certains arrière-plans : le vôtre est maintenant le plus ressemblant. Le reste est tel que vous l’avez laissé.",
  "notice.draft-overtaken.title": "Il existe deux versions de votre carte",
  "notice.draft-overtaken.help":
    "L’autre vient d’un autre appareil, d’un autre onglet ou d’une visite précédente. Une seule est conservée : la carte que vous voyez ici, ou l’autre.",
  "notice.open-elsewhere.title": "Votre carte est déjà ouverte ailleurs",
  "notice.open-elsewhere.help":
    "Elle l’est dans un autre onglet ou à un autre endroit de cette page. Si vous continuez ici, ce que vous avez fait là-bas est conservé et repris.",
  "notice.open-elsewhere.go-on": "Continuer ici",
  "notice.sent-elsewhere.title": "Votre carte est en cours d’envoi ailleurs",
  "notice.sent-elsewhere.help":
    "L’envoi se fait dans un autre onglet ou à un autre endroit de cette page. Attendez qu’il soit terminé, puis continuez ici pour voir où en est votre carte.",
  "notice.draft-deleted.title": "La carte inachevée est supprimée",
  "notice.draft-deleted.help":
    "Elle n’est plus conservée, ni sur cet appareil ni auprès de votre banque. Ce que vous avez déjà envoyé reste auprès de votre banque.",
  "notice.draft-left-at-bank.title": "Votre banque a peut-être encore la carte inachevée",
  "notice.draft-left-at-bank.help":
    "Elle n’est supprimée que sur cet appareil. Vérifiez que vous êtes en ligne et supprimez-la de nouveau. Si votre session a expiré, rechargez d’abord la page de votre banque.",
  "notice.draft-left-on-device.title": "Cet appareil a peut-être encore la carte inachevée",
  "notice.draft-left-on-device.help":
    "Votre banque l’a supprimée, mais ce navigateur ne l’a pas confirmé. Supprimez-la de nouveau, ou effacez les données de ce site dans votre navigateur.",
  "notice.draft-not-deleted.title": "La carte inachevée n’a pas pu être supprimée",
  "notice.draft-not-deleted.help":
    "Ni ce navigateur ni votre banque n’ont confirmé la suppression. Veuillez réessayer.",
  "notice.draft-not-opened.title": "Votre carte de la dernière fois n’a pas pu être ouverte",
  "notice.draft-not-opened.help": "Choisissez de nouveau sa photo, ou une autre.",
  "notice.no-photo-not-offered.title": "Cette carte a besoin d’une photo",
  "notice.no-photo-not-offered.help":
    "Votre banque ne propose plus de cartes sans photo. Choisissez une photo pour commencer.",
  "notice.draft-unreachable.title": "Votre carte de la dernière fois n’a pas pu être récupérée",
  "notice.draft-unreachable.help":
    "Elle est toujours conservée pour vous. Vérifiez que vous êtes en ligne et réessayez.",
  "notice.draft-slow.title": "Votre création met plus de temps que d’habitude à s’ouvrir",
  "notice.draft-slow.help":
    "Elle est en cours de récupération et rien n’est perdu. Choisissez « Modifier ma création » pour continuer dès qu’elle sera là.",
  "notice.picker-failed.title": "Le sélecteur de photos de votre banque n’a pas fonctionné",
  "notice.picker-failed.help": "Rien n’est perdu. Appuyez à nouveau sur le même bouton pour choisir sur cet appareil.",
  "notice.other-photo-gone.title": "Cette photo n’est plus sur cet appareil",
  "notice.other-photo-gone.help": "Rien n’a changé. Choisissez une photo comme d’habitude.",
  "notice.design-of-later-version.title": "Cette création a été faite avec une version plus récente",
  "notice.design-of-later-version.help":
    "Elle reste telle quelle. Rechargez la page pour obtenir cette version, ou ouvrez la création là où vous l’avez faite.",
  "notice.design-file-damaged.title": "Cette création enregistrée est endommagée",
  "notice.design-file-damaged.help":
    "Elle n’a pas été entièrement enregistrée ou copiée. Copiez-la de nouveau depuis l’endroit où elle se trouve, ou refaites-la.",
  "notice.send-not-confirmed.title": "La page de votre banque n’a pas répondu",
  "notice.send-not-confirmed.help": "Rien n’a été envoyé et votre création est toujours là. Réessayez dans un instant.",
  "notice.send-declined.title": "Votre création n’a pas été envoyée",
  "notice.send-declined.help": "Votre banque l’a arrêtée avant l’envoi. Votre création est toujours ici.",
  "notice.send-cancelled.title": "L’envoi a été annulé",
  "notice.send-cancelled.help": "Votre création n’est pas arrivée. Elle est telle que vous l’avez laissée.",
  "notice.already-sent.title": "Vous avez déjà envoyé une création",
  "notice.already-sent.help": "Une seule peut être en cours à la fois : voici donc la précédente.",
  "notice.submission-gone.title": "Nous ne trouvons plus votre création",
  "notice.submission-gone.help":
    "Elle est peut-être tout de même chez le fabricant de la carte : merci de ne pas la renvoyer. Contactez votre banque en indiquant la référence.",
  "notice.foreign-answer.title": "Quelque chose bloque la connexion",
  "notice.foreign-answer.help":
    "Cela vient de votre banque ou de votre réseau. Votre création est toujours ici. Veuillez réessayer plus tard ou avec un autre réseau.",
  "notice.send-no-connection.title": "La connexion a été coupée",
  "notice.send-no-connection.help":
    "Votre création est toujours ici. Vérifiez que vous êtes en ligne et envoyez-la de nouveau : elle ne peut arriver qu’une fois.",
  "notice.send-busy.title": "Nous ne pouvons pas recevoir votre création pour le moment",
  "notice.send-busy.help": "Elle est toujours ici. Veuillez réessayer dans quelques minutes.",
  "notice.send-too-slow.title": "Votre connexion était trop lente",
  "notice.send-too-slow.help":
    "L’image a mis trop de temps à nous parvenir. Votre création est toujours ici : envoyez-la de nouveau, en Wi-Fi si possible.",
  "notice.send-damaged.title": "L’image a été endommagée en chemin",
  "notice.send-damaged.help":
    "Votre création est toujours ici. Envoyez-la de nouveau. Si cela se reproduit, utilisez une autre connexion.",
  "notice.not-offered.title": "Un élément de votre carte n’est plus proposé",
  "notice.not-offered.help":
    "Votre banque a changé ce que cette carte peut porter. Retirez-le pour continuer : tout le reste demeure tel quel.",
  "notice.not-offered.take-off": "Le retirer",
  "notice.send-picture-refused.title": "L’image finale n’a pas été acceptée",
  "notice.send-picture-refused.help":
    "Revenez à la création et ouvrez de nouveau l’aperçu. Si cela se reproduit, modifiez la création ou faites-en une nouvelle.",
  "notice.send-picture-differs.title": "Votre carte n’a pas pu être vérifiée de notre côté",
  "notice.send-picture-differs.help":
    "Votre création est toujours là. Rechargez la page, ouvrez de nouveau l’aperçu et envoyez-la. Si cela se reproduit, prévenez votre banque, s’il vous plaît.",
  "notice.send-text-refused.title": "Des chiffres sur votre carte ressemblent à un numéro de carte",
  "notice.send-text-refused.help":
    "Il ne doit pas figurer sur l’image, même réparti sur plusieurs lignes ou textes. Votre création est toujours là : modifiez ce qui est écrit et envoyez-la à nouveau.",
  "notice.send-not-accepted.title": "Votre création n’a pas pu être envoyée",
  "notice.send-not-accepted.help":
    "Votre création est toujours ici. Si cela se reproduit, merci de le signaler à votre banque.",
  "notice.design-of-other-card.title": "Cette création a été faite pour une autre carte",
  "notice.design-of-other-card.help": "Votre photo a été conservée. Placez-la de nouveau, s’il vous plaît.",
  "notice.bare-design-of-other-card.title": "Cette création a été faite pour une autre carte",
  "notice.bare-design-of-other-card.help":
    "Elle n’a pas de photo à reprendre. Choisissez une photo ou commencez sans photo.",
  "notice.template-gone.title": "Ce modèle n’est plus proposé",
  "notice.template-gone.help":
    "Vos textes sont encore sur la carte si elle en accepte. Le reste du modèle n’y est plus, et la carte est par ailleurs telle que vous l’avez laissée.",
  "notice.template-needs-photo.title": "Ce modèle demande une photo : il n’est plus sur votre carte",
  "notice.template-needs-photo.help":
    "Vos textes sont encore sur la carte si elle en accepte. « Annuler » rétablit la photo et le modèle.",
  "notice.filter-gone.title": "Ce filtre n’est plus proposé",
  "notice.filter-gone.help": "Votre photo est sur la carte sans lui. Tout le reste est tel que vous l’avez laissé.",
  "notice.session-ended.title": "Votre session a expiré",
  "notice.session-ended.help":
    "Pour votre sécurité, une session a une durée limitée. Rechargez la page de votre banque pour continuer.",
} as const satisfies Record<keyof typeof en, string>;

import type { en } from "./en.ts";

export const de = {
  "notice.empty-file.title": "Diese Datei ist leer",
  "notice.empty-file.help":
    "Vielleicht wurde sie nicht vollständig heruntergeladen oder kopiert. Wählen Sie sie noch einmal aus oder nehmen Sie ein anderes Foto.",
  "notice.file-too-large.title": "Diese Datei ist zu groß",
  "notice.file-too-large.help":
    "Sie darf höchstens {megabytes, number} MB haben. Speichern Sie eine kleinere Kopie des Fotos und wählen Sie diese aus.",
  "notice.too-many-pixels.title": "Dieses Foto hat zu viele Pixel",
  "notice.too-many-pixels.help":
    "Dieses Gerät kann solche Fotos bis {megapixels, number} Megapixel öffnen. Speichern Sie eine kleinere Kopie und wählen Sie diese aus.",
  "notice.photo-too-small.title": "Dieses Foto ist zu klein für die Karte",
  "notice.photo-too-small.help":
    "Der Druck würde unscharf. Wählen Sie eines mit mindestens {leastWidth, number} × {leastHeight, number} Pixeln, hoch oder quer: Oft hilft das Original statt einer Kopie aus einem Chat.",
  "notice.not-an-image.title": "Diese Datei ist kein Foto",
  "notice.not-an-image.help": "Wählen Sie ein Foto, zum Beispiel als JPEG, PNG, HEIC, WebP oder TIFF.",
  "notice.svg-image.title": "Das ist eine Zeichnung und kein Foto",
  "notice.svg-image.help":
    "SVG-Zeichnungen lassen sich so nicht drucken. Exportieren Sie die Zeichnung als PNG: Ab {width, number} × {height, number} Pixeln wird der Druck scharf.",
  "notice.heic-image.title": "Das ist eine seltene Art von HEIC",
  "notice.heic-image.help": "Sie lässt sich hier nicht öffnen. {advice}",
  "notice.unusual-tiff.title": "Das ist eine seltene Art von TIFF",
  "notice.unusual-tiff.help": "Sie lässt sich hier nicht öffnen. {advice}",
  "notice.raw-image.title": "Das ist eine Rohdatei aus einer Kamera",
  "notice.raw-image.help": "Sie muss erst entwickelt werden, bevor sie sich drucken lässt. {advice}",
  "notice.jpeg-2000-image.title": "Dieses Foto hat das Format JPEG 2000",
  "notice.jpeg-2000-image.help": "Browser öffnen es nicht. {advice}",
  "notice.jpeg-xr-image.title": "Dieses Foto hat das Format JPEG XR",
  "notice.jpeg-xr-image.help": "Browser öffnen es nicht. {advice}",
  "notice.jpeg-xl-image.title": "Dieses Foto hat das Format JPEG XL",
  "notice.jpeg-xl-image.help": "Ihr Browser öffnet es nicht. {advice}",
  "notice.arithmetic-jpeg.title": "Dieses JPEG ist von seltener Art: Es ist arithmetisch codiert",
  "notice.arithmetic-jpeg.help": "Es ist in Ordnung, aber Ihr Browser öffnet es nicht. {advice}",
  "notice.lossless-jpeg.title": "Dieses JPEG ist von seltener Art: verlustfrei, wie Geräte in Kliniken es erzeugen",
  "notice.lossless-jpeg.help": "Es ist in Ordnung, aber Ihr Browser öffnet es nicht. {advice}",
  "notice.apple-png.title": "Dieses PNG ist in Apples eigenem Format und stammt aus dem Inneren einer App",
  "notice.apple-png.help": "Kein Browser öffnet es. {advice}",
  "notice.photoshop-file.title": "Das ist eine Photoshop-Datei",
  "notice.photoshop-file.help":
    "Speichern Sie in Photoshop oder einem Fotoprogramm eine Kopie als JPEG oder PNG und wählen Sie diese aus.",
  "notice.postscript-file.title": "Das ist eine PostScript- oder Illustrator-Datei",
  "notice.postscript-file.help":
    "Sie lässt sich so nicht drucken. Exportieren Sie sie als PNG: Ab {width, number} × {height, number} Pixeln wird der Druck scharf.",
  "notice.icon-file.title": "Das ist ein Symbol und kein Foto",
  "notice.icon-file.help":
    "Symbole sind zu klein für eine Karte. Wählen Sie das Bild, aus dem es entstanden ist, oder ein Foto.",
  "notice.pdf-file.title": "Das ist ein PDF",
  "notice.pdf-file.help":
    "Holen Sie das Bild heraus, zum Beispiel als Bildschirmfoto oder als Export in JPEG, und wählen Sie dieses aus.",
  "notice.video-file.title": "Das ist ein Video",
  "notice.video-file.help":
    "Halten Sie es an einer schönen Stelle an, machen Sie ein Bildschirmfoto und wählen Sie dieses aus.",
  "notice.damaged-image.title": "Dieses Foto lässt sich nicht vollständig lesen",
  "notice.damaged-image.help":
    "Die Datei ist beschädigt oder wurde nicht vollständig kopiert. Holen Sie sie noch einmal von dort, wo sie herkommt, oder wählen Sie ein anderes Foto.",
  "notice.empty-image.title": "Auf diesem Bild ist nichts zu sehen",
  "notice.empty-image.help":
    "Es ist überall durchsichtig oder eine Animation, die mit einem leeren Bild beginnt. Wählen Sie ein anderes. Oder zeigen Sie es groß an, machen Sie ein Bildschirmfoto und wählen Sie dieses aus.",
  "notice.file-changed.title": "Diese Datei lässt sich nicht mehr lesen",
  "notice.file-changed.help":
    "Sie wurde geändert, verschoben oder gelöscht, seit Sie sie ausgewählt haben, oder sie ist noch nicht auf diesem Gerät. Warten Sie, bis sie gespeichert oder heruntergeladen ist, und wählen Sie sie noch einmal aus.",
  "notice.two-files.title": "Bitte immer nur ein Foto",
  "notice.two-files.help": "Das waren mehrere Fotos. Wählen Sie das aus, das auf Ihre Karte soll.",
  "advice.iphone":
    "Halten Sie in der App „Dateien“ den Finger auf das Foto und wählen Sie „Schnellaktionen“, „Bild konvertieren“, JPEG. Oder zeigen Sie das Foto groß an, machen Sie ein Bildschirmfoto und wählen Sie dieses aus.",
  "advice.android":
    "Zeigen Sie das Foto in Ihrer Foto-App groß an, machen Sie ein Bildschirmfoto und wählen Sie dieses aus. Oder teilen Sie das Foto als JPEG.",
  "advice.windows":
    "Öffnen Sie das Foto in „Fotos“ oder „Paint“, wählen Sie „Speichern unter“, JPEG, und wählen Sie dann diese Datei aus.",
  "advice.mac":
    "Öffnen Sie das Foto in „Vorschau“, wählen Sie „Ablage“, „Exportieren“, JPEG, und wählen Sie dann diese Datei aus.",
  "advice.other":
    "Öffnen Sie das Foto in einem Fotoprogramm, speichern Sie es als JPEG und wählen Sie diese Datei aus.",
  "notice.out-of-memory.title": "Der Arbeitsspeicher dieses Geräts reicht nicht aus",
  "notice.out-of-memory.help":
    "Schließen Sie andere Tabs oder Apps und versuchen Sie es noch einmal. Ein kleineres Foto braucht weniger.",
  "notice.decoder-not-loaded.title": "Das Modul für Fotos dieser Art konnte nicht geladen werden",
  "notice.decoder-not-loaded.help":
    "An der Datei liegt es wahrscheinlich nicht. Prüfen Sie Ihre Verbindung und wählen Sie sie noch einmal aus, oder nehmen Sie ein JPEG.",
  "notice.open-failed.title": "Das Foto konnte nicht geöffnet werden",
  "notice.open-failed.help":
    "An der Datei liegt es wahrscheinlich nicht. Prüfen Sie Ihre Verbindung und wählen Sie sie noch einmal aus. Passiert es wieder, laden Sie die Seite neu.",
  "notice.art-missing.title": "Etwas auf der Karte konnte nicht geladen werden",
  "notice.art-missing.help":
    "Ihr Design ist unverändert. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal, oder nehmen Sie es von der Karte.",
  "notice.render-failed.title": "Das Druckbild konnte nicht erstellt werden",
  "notice.render-failed.help":
    "Ihr Design ist unverändert. Versuchen Sie es noch einmal. Passiert es wieder, schließen Sie andere Tabs und Apps oder nehmen Sie einen anderen Browser.",
  "notice.dpi-too-low.title": "So würde das Foto unscharf gedruckt",
  "notice.dpi-too-low.help":
    "Auf der Karte sind mindestens {leastDpi, number} dpi nötig. Verkleinern oder drehen Sie das Foto, oder wählen Sie ein größeres.",
  "notice.not-printable.title": "So lässt sich die Karte nicht drucken",
  "notice.not-printable.help": "Woran es liegt und was Sie tun können, steht neben der Karte.",
  "notice.upright-card-fits.title": "Ihr Foto ist im Hochformat",
  "notice.upright-card-fits.help": "Es gibt auch eine Karte im Hochformat, auf der mehr davon zu sehen ist.",
  "notice.upright-card-fits.take": "Zur Karte im Hochformat",
  "notice.wide-card-fits.title": "Ihr Foto ist im Querformat",
  "notice.wide-card-fits.help": "Es gibt auch eine Karte im Querformat, auf der mehr davon zu sehen ist.",
  "notice.wide-card-fits.take": "Zur Karte im Querformat",
  "notice.photo-turned.title": "Das Foto wurde um {quarterTurn, number}° gedreht",
  "notice.photo-turned.help": "Aufrecht reichen seine Pixel nicht für die ganze Karte, gedreht schon.",
  "notice.first-frame-only.title": "Nur das erste Bild wird verwendet",
  "notice.first-frame-only.help":
    "Diese Datei enthält mehrere Bilder, wie bei Animationen. Auf einer Karte ist Platz für eines.",
  "notice.colours-may-differ.title": "Diese Farben können gedruckt anders aussehen",
  "notice.colours-may-differ.help":
    "Das Foto ist für eine Druckmaschine angelegt (CMYK). Wenn Ihnen die Farben wichtig sind, exportieren Sie es als JPEG in sRGB und wählen Sie dieses aus.",
  "notice.transparent-parts.title": "Teile dieses Fotos sind durchsichtig",
  "notice.transparent-parts.help": "Dort wird der Hintergrund gedruckt: weiß, wenn Sie keine andere Farbe wählen.",
  "notice.draft-resumed.title": "Ihre Karte ist so, wie Sie sie zuletzt hatten",
  "notice.draft-resumed.help": "Wir haben sie für Sie gespeichert.",
  "notice.elements-left-out.title": "Einiges wurde weggelassen",
  "notice.elements-left-out.help":
    "Diese Karte nimmt nicht alles an, was darauf lag. Alles andere ist, wie Sie es zuletzt hatten.",
  "notice.texts-changed.title": "Ein Text auf Ihrer Karte sieht jetzt anders aus",
  "notice.texts-changed.help":
    "Diese Karte nimmt Texte nur in bestimmten Farben und Größen an. Alles andere ist, wie Sie es zuletzt hatten.",
  "notice.ground-changed.title": "Der Hintergrund Ihrer Karte ist jetzt ein anderer",
  "notice.ground-changed.help":
    "Diese Karte nimmt nur bestimmte Hintergründe an: Ihrer ist jetzt der ähnlichste. Alles andere ist, wie Sie es zuletzt hatten.",
  "notice.draft-overtaken.title": "Es gibt zwei Fassungen Ihrer Karte",
  "notice.draft-overtaken.help":
    "Die andere stammt von einem anderen Gerät, einem anderen Tab oder einem früheren Besuch. Eine bleibt: die Karte, die Sie hier sehen, oder die andere.",
  "notice.open-elsewhere.title": "Ihre Karte ist schon woanders geöffnet",
  "notice.open-elsewhere.help":
    "In einem anderen Tab oder an einer anderen Stelle dieser Seite. Wenn Sie hier weitermachen, bleibt alles erhalten, was Sie dort getan haben.",
  "notice.open-elsewhere.go-on": "Hier weitermachen",
  "notice.sent-elsewhere.title": "Ihre Karte wird gerade woanders gesendet",
  "notice.sent-elsewhere.help":
    "In einem anderen Tab oder an einer anderen Stelle dieser Seite. Warten Sie, bis sie dort gesendet ist, und machen Sie dann hier weiter, um zu sehen, wie es um sie steht.",
  "notice.draft-deleted.title": "Die unfertige Karte ist gelöscht",
  "notice.draft-deleted.help":
    "Sie ist weder auf diesem Gerät noch bei Ihrer Bank gespeichert. Was Sie schon gesendet haben, bleibt bei Ihrer Bank.",
  "notice.draft-left-at-bank.title": "Vielleicht hat Ihre Bank die unfertige Karte noch",
  "notice.draft-left-at-bank.help":
    "Sie ist nur auf diesem Gerät gelöscht. Prüfen Sie, ob Sie online sind, und löschen Sie sie noch einmal. Ist Ihre Sitzung abgelaufen, laden Sie vorher die Seite Ihrer Bank neu.",
  "notice.draft-left-on-device.title": "Vielleicht hat dieses Gerät die unfertige Karte noch",
  "notice.draft-left-on-device.help":
    "Ihre Bank hat sie gelöscht, aber dieser Browser hat das nicht bestätigt. Löschen Sie sie noch einmal, oder löschen Sie die Daten dieser Website in Ihrem Browser.",
  "notice.draft-not-deleted.title": "Die unfertige Karte konnte nicht gelöscht werden",
  "notice.draft-not-deleted.help":
    "Weder dieser Browser noch Ihre Bank hat das Löschen bestätigt. Bitte versuchen Sie es noch einmal.",
  "notice.draft-not-opened.title": "Ihre Karte vom letzten Mal konnte nicht geöffnet werden",
  "notice.draft-not-opened.help": "Wählen Sie das Foto noch einmal aus, oder nehmen Sie ein anderes.",
  "notice.no-photo-not-offered.title": "Diese Karte braucht ein Foto",
  "notice.no-photo-not-offered.help":
    "Ihre Bank bietet Karten ohne Foto nicht mehr an. Wählen Sie ein Foto aus, um zu beginnen.",
  "notice.draft-unreachable.title": "Ihre Karte vom letzten Mal konnte nicht abgerufen werden",
  "notice.draft-unreachable.help":
    "Sie ist weiterhin gespeichert. Prüfen Sie, ob Sie online sind, und versuchen Sie es noch einmal.",
  "notice.draft-slow.title": "Ihr Design zu öffnen dauert länger als sonst",
  "notice.draft-slow.help":
    "Es wird noch abgerufen, und nichts geht verloren. Wählen Sie „Mein Design ändern“: Es geht weiter, sobald es da ist.",
  "notice.picker-failed.title": "Die Fotoauswahl Ihrer Bank hat nicht funktioniert",
  "notice.picker-failed.help":
    "Es ist nichts verloren. Drücken Sie noch einmal denselben Knopf, um von diesem Gerät zu wählen.",
  "notice.other-photo-gone.title": "Dieses Foto ist nicht mehr auf diesem Gerät",
  "notice.other-photo-gone.help": "Es hat sich nichts geändert. Wählen Sie wie gewohnt ein Foto aus.",
  "notice.design-of-later-version.title": "Dieses Design ist mit einer neueren Version entstanden",
  "notice.design-of-later-version.help":
    "Es bleibt, wie es ist. Laden Sie die Seite neu, um diese Version zu erhalten, oder öffnen Sie das Design dort, wo Sie es gestaltet haben.",
  "notice.design-file-damaged.title": "Dieses gespeicherte Design ist beschädigt",
  "notice.design-file-damaged.help":
    "Es wurde nicht vollständig gespeichert oder kopiert. Kopieren Sie es noch einmal vom Speicherort, oder machen Sie das Design noch einmal.",
  "notice.send-not-confirmed.title": "Die Seite Ihrer Bank hat nicht geantwortet",
  "notice.send-not-confirmed.help":
    "Es wurde nichts gesendet, und Ihr Design ist noch hier. Bitte versuchen Sie es gleich noch einmal.",
  "notice.send-declined.title": "Ihr Design wurde nicht gesendet",
  "notice.send-declined.help": "Ihre Bank hat es nicht freigegeben. Es ist noch hier.",
  "notice.send-cancelled.title": "Das Senden wurde abgebrochen",
  "notice.send-cancelled.help": "Ihr Design ist nicht angekommen. Es ist so, wie Sie es zuletzt hatten.",
  "notice.already-sent.title": "Sie haben schon ein Design gesendet",
  "notice.already-sent.help": "Es kann immer nur eines unterwegs sein. Hier sehen Sie deshalb das frühere.",
  "notice.submission-gone.title": "Wir finden Ihr Design nicht mehr",
  "notice.submission-gone.help":
    "Es kann trotzdem beim Kartenhersteller sein. Bitte senden Sie es deshalb nicht noch einmal, sondern fragen Sie Ihre Bank und nennen Sie die Referenz.",
  "notice.foreign-answer.title": "Etwas blockiert die Verbindung",
  "notice.foreign-answer.help":
    "Es liegt an Ihrer Bank oder an Ihrem Netzwerk. Ihr Design ist noch hier. Bitte versuchen Sie es später noch einmal oder über ein anderes Netzwerk.",
  "notice.send-no-connection.title": "Die Verbindung ist abgebrochen",
  "notice.send-no-connection.help":
    "Ihr Design ist noch hier. Prüfen Sie, ob Sie online sind, und senden Sie es noch einmal. Es kann nur einmal ankommen.",
  "notice.send-busy.title": "Wir können Ihr Design gerade nicht annehmen",
  "notice.send-busy.help": "Es ist noch hier. Bitte versuchen Sie es in ein paar Minuten noch einmal.",
  "notice.send-too-slow.title": "Ihre Verbindung war zu langsam",
  "notice.send-too-slow.help":
    "Das Bild hat zu lange zu uns gebraucht. Ihr Design ist noch hier: Senden Sie es noch einmal, am besten über WLAN.",
  "notice.send-damaged.title": "Das Bild wurde auf dem Weg zu uns beschädigt",
  "notice.send-damaged.help":
    "Ihr Design ist noch hier. Senden Sie es noch einmal. Passiert es wieder, nutzen Sie eine andere Verbindung.",
  "notice.not-offered.title": "Etwas auf Ihrer Karte wird nicht mehr angeboten",
  "notice.not-offered.help":
    "Ihre Bank hat geändert, was auf dieser Karte möglich ist. Nehmen Sie es herunter und machen Sie weiter: Alles andere bleibt, wie es ist.",
  "notice.not-offered.take-off": "Herunternehmen",
  "notice.send-picture-refused.title": "Das fertige Bild wurde nicht angenommen",
  "notice.send-picture-refused.help":
    "Gehen Sie zurück zum Design und öffnen Sie die Vorschau noch einmal. Passiert es wieder, ändern Sie das Design oder machen Sie ein neues.",
  "notice.send-picture-differs.title": "Ihre Karte konnte bei uns nicht geprüft werden",
  "notice.send-picture-differs.help":
    "Ihr Design ist noch da. Laden Sie die Seite neu, öffnen Sie die Vorschau noch einmal und senden Sie es. Passiert es wieder, sagen Sie bitte Ihrer Bank Bescheid.",
  "notice.send-text-refused.title": "Ziffern auf Ihrer Karte sehen wie eine Kartennummer aus",
  "notice.send-text-refused.help":
    "Sie darf nicht auf dem Bild stehen, auch nicht auf mehrere Zeilen oder Texte verteilt. Ihr Design ist noch da: Ändern Sie, was geschrieben steht, und senden Sie es noch einmal.",
  "notice.send-not-accepted.title": "Ihr Design konnte nicht gesendet werden",
  "notice.send-not-accepted.help": "Ihr Design ist noch hier. Passiert es wieder, sagen Sie bitte Ihrer Bank Bescheid.",
  "notice.design-of-other-card.title": "Dieses Design wurde für eine andere Karte gemacht",
  "notice.design-of-other-card.help": "Ihr Foto wurde übernommen. Bitte platzieren Sie es neu.",
  "notice.bare-design-of-other-card.title": "Dieses Design wurde für eine andere Karte gemacht",
  "notice.bare-design-of-other-card.help":
    "Es hat kein Foto, das übernommen werden könnte. Wählen Sie ein Foto aus oder beginnen Sie ohne Foto.",
  "notice.template-gone.title": "Die Vorlage gibt es nicht mehr",
  "notice.template-gone.help":
    "Ihre Texte sind noch auf der Karte, wo sie welche erlaubt. Alles andere aus der Vorlage ist weg, und der Rest der Karte ist, wie Sie ihn zuletzt hatten.",
  "notice.template-needs-photo.title": "Die Vorlage braucht ein Foto und liegt nicht mehr auf der Karte",
  "notice.template-needs-photo.help":
    "Ihre Texte sind noch auf der Karte, wo sie welche erlaubt. „Rückgängig“ bringt Foto und Vorlage zurück.",
  "notice.filter-gone.title": "Den Filter gibt es nicht mehr",
  "notice.filter-gone.help": "Ihr Foto liegt ohne ihn auf der Karte. Alles andere ist, wie Sie es zuletzt hatten.",
  "notice.session-ended.title": "Ihre Sitzung ist abgelaufen",
  "notice.session-ended.help":
    "Zu Ihrer Sicherheit dauert eine Sitzung nur eine begrenzte Zeit. Laden Sie die Seite Ihrer Bank neu, um weiterzumachen.",
} as const satisfies Record<keyof typeof en, string>;

import type { en } from "./en.ts";

export const de = {
  "app.steps": "Schritte",
  "app.step-of": "{name} · {step, number} von {steps, number}",
  "app.leave": "Zurück zur Seite Ihrer Bank",
  "app.step-done": "erledigt",
  "step.photo": "Start",
  "step.design": "Gestalten",
  "step.preview": "Vorschau",
  "step.send": "Senden",

  "closed.not-framed.title": "Bitte öffnen Sie diese Seite über Ihre Bank",
  "closed.not-framed.help":
    "Der Kartendesigner gehört zur Website oder App Ihrer Bank. Gehen Sie dorthin zurück und öffnen Sie Ihr Kartendesign noch einmal.",
  "closed.no-answer.title": "Die Seite Ihrer Bank hat nicht geantwortet",
  "closed.no-answer.help":
    "Versuchen Sie es noch einmal. Hilft das nicht, schließen Sie die Seite und öffnen Sie Ihr Kartendesign erneut über die Website Ihrer Bank.",
  "closed.refused.title": "Die Seite Ihrer Bank konnte Ihr Kartendesign nicht öffnen",
  "closed.refused.help":
    "Prüfen Sie, ob Sie online sind, und versuchen Sie es noch einmal. Hilft das nicht, laden Sie die Seite Ihrer Bank neu.",
  "closed.foreign-answer.title": "Etwas blockiert die Verbindung",
  "closed.foreign-answer.help":
    "Es liegt an Ihrer Bank oder an Ihrem Netzwerk. Es ist nichts verloren gegangen. Bitte versuchen Sie es später noch einmal oder über ein anderes Netzwerk.",
  "closed.no-connection.title": "Gerade besteht keine Verbindung",
  "closed.no-connection.help":
    "Prüfen Sie, ob Sie online sind, und versuchen Sie es noch einmal. Es ist nichts verloren gegangen.",
  "closed.session-ended.title": "Ihre Sitzung ist abgelaufen",
  "closed.session-ended.help":
    "Zu Ihrer Sicherheit dauert eine Sitzung nur eine begrenzte Zeit. Öffnen Sie Ihr Kartendesign noch einmal über die Seite Ihrer Bank.",
  "closed.product-unknown.title": "Diese Karte lässt sich hier noch nicht gestalten",
  "closed.product-unknown.help":
    "Ihre Bank bietet eine Karte an, die dieser Kartendesigner nicht kennt. Bitte sagen Sie Ihrer Bank Bescheid.",
  "closed.pixels-protected.title": "Dieser Browser verändert Bilder",
  "closed.pixels-protected.help":
    "Damit niemand Sie wiedererkennt, würde er Ihr Foto durch Rauschen ersetzen. Schalten Sie den Schutz vor Fingerprinting für diese Seite aus oder erlauben Sie ihr, Bilder zu lesen, und öffnen Sie sie dann noch einmal. Oder nehmen Sie einen anderen Browser oder ein anderes Gerät.",
  "closed.gone-elsewhere.title": "Sie machen woanders mit Ihrer Karte weiter",
  "closed.gone-elsewhere.help":
    "In einem anderen Tab oder an einer anderen Stelle dieser Seite. Alles, was Sie hier getan haben, bleibt erhalten.",
  "closed.crashed.title": "Der Kartendesigner wurde unterbrochen",
  "closed.crashed.help": "Laden Sie die Seite neu, um weiterzumachen. Ein bereits gesendetes Design ist sicher.",

  "pick.title": "Beginnen Sie mit einem Foto",
  "pick.lead":
    "Wählen Sie Ihr Lieblingsfoto. Im nächsten Schritt können Sie es auf der Karte verschieben, vergrößern und drehen.",
  "pick.browse": "Foto auswählen",
  "pick.camera": "Foto aufnehmen",
  "pick.drop": "Legen Sie Ihr Foto hier ab",
  "pick.drop-or": "oder wählen Sie eines aus oder fügen Sie es ein",
  "pick.tap": "Hier ist Platz für Ihr Foto",
  "pick.tap-or": "zum Auswählen tippen",
  "pick.release": "Loslassen, und es liegt auf Ihrer Karte",
  "pick.formats":
    "Fotos, wie Ihr Handy sie aufnimmt, werden scharf gedruckt. JPEG, PNG, HEIC, WebP oder TIFF, bis {megabytes, number} MB und mindestens {leastWidth, number} × {leastHeight, number} Pixel, hoch oder quer.",
  "pick.private":
    "Damit Sie Ihre Karte später wiederfinden, wird Ihr Foto auf diesem Gerät und bei Ihrer Bank gespeichert. Der Aufnahmeort bleibt auf diesem Gerät.",
  "pick.opening": "Ihr Foto wird geöffnet",
  "pick.other-card": "Foto Ihrer anderen Karte verwenden",
  "pick.open-saved": "Gespeichertes Design öffnen",
  "pick.no-photo": "Ohne Foto beginnen",
  "pick.return": "Zurück zu meinem Design",
  "pick.cancel": "Abbrechen",

  "rules.title": "Was Ihr Bild zeigen darf",
  "rules.version": "2026-11",
  "rules.of-month": "Regeln vom {month}",
  "rules.of-version": "Regeln, Fassung {version}",
  "rules.good-title": "Gern gesehen",
  "rules.good":
    "Ihr eigenes Foto oder eines, das Sie verwenden dürfen\nMenschen, die mit ihrem Bild auf der Karte einverstanden sind\nOrte, Haustiere, Muster",
  "rules.not-allowed-title": "Nicht erlaubt",
  "rules.not-allowed":
    "Logos, Marken, Prominente, Flaggen, Geldscheine\nGewalt, Nacktheit, Politik, Religion und was sonst verletzen könnte\nKartennummern, Adressen, Codes und andere persönliche Angaben",

  "notice.dismiss": "Ausblenden",
  "notice.no-picture-pasted.title": "Darin war kein Bild",
  "notice.no-picture-pasted.help":
    "Kopieren Sie das Bild selbst, nicht seinen Namen oder Link, und fügen Sie es noch einmal ein. Oder speichern Sie es und wählen Sie die Datei aus.",
  "notice.folder-dropped.title": "Das ist ein Ordner",
  "notice.folder-dropped.help": "Öffnen Sie ihn und wählen Sie ein Foto aus.",
  "notice.no-file-dropped.title": "Dabei ist keine Datei angekommen",
  "notice.no-file-dropped.help": "Speichern Sie das Bild zuerst aus Ihrer E-Mail und wählen Sie es dann aus.",
} as const satisfies Record<keyof typeof en, string>;

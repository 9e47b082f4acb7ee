/** What is said until a photo has been picked. Part of a language's texts, and loaded before the others. */
export const en = {
  "app.steps": "Steps",
  "app.step-of": "{name} · {step, number} of {steps, number}",
  "app.leave": "Back to your bank’s page",
  "app.step-done": "done",
  "step.photo": "Start",
  "step.design": "Design",
  "step.preview": "Preview",
  "step.send": "Send",

  "closed.not-framed.title": "Open this from your bank’s page",
  "closed.not-framed.help":
    "The card designer works inside your bank’s website or app. Go back there and choose your card design again.",
  "closed.no-answer.title": "Your bank’s page did not answer",
  "closed.no-answer.help":
    "Try again. If that does not help, close the page and open your card design again from your bank’s website.",
  "closed.refused.title": "Your bank’s page could not open your card design",
  "closed.refused.help":
    "Check that you are online, then try again. If that does not help, load your bank’s page again.",
  "closed.foreign-answer.title": "Something is blocking the connection",
  "closed.foreign-answer.help":
    "It is on your bank’s side or in your network. Nothing has been lost. Please try again later, or over another network.",
  "closed.no-connection.title": "There is no connection right now",
  "closed.no-connection.help": "Check that you are online, then try again. Nothing has been lost.",
  "closed.session-ended.title": "This visit has ended",
  "closed.session-ended.help":
    "For your safety a visit lasts a limited time. Open your card design again from your bank’s page.",
  "closed.product-unknown.title": "This card cannot be designed here yet",
  "closed.product-unknown.help": "Your bank offers a card that this designer does not know. Please tell your bank.",
  "closed.pixels-protected.title": "This browser changes pictures",
  "closed.pixels-protected.help":
    "To protect you from being recognised it would put noise in place of your photo. Switch its protection against fingerprinting off for this page, or allow the page to read pictures, then open it again. Or use another browser or device.",
  "closed.gone-elsewhere.title": "You are going on with your card elsewhere",
  "closed.gone-elsewhere.help":
    "It is in another tab, or in another place on this page. All that you have done here is kept.",
  "closed.crashed.title": "The designer has stopped",
  "closed.crashed.help": "Reload to carry on. A design that has already been sent is safe.",

  "pick.title": "Start with a photo",
  "pick.lead": "Choose one you love. You can move, zoom and turn it on the card in the next step.",
  "pick.browse": "Choose a photo",
  "pick.camera": "Take a photo",
  "pick.drop": "Drop your photo here",
  "pick.drop-or": "or choose one, or paste it",
  "pick.tap": "Your photo goes here",
  "pick.tap-or": "tap to pick one",
  "pick.release": "Let go to put it on your card",
  "pick.formats":
    "Photos as your phone takes them print sharp. JPEG, PNG, HEIC, WebP or TIFF, up to {megabytes, number} MB and at least {leastWidth, number} × {leastHeight, number} pixels, either way round.",
  "pick.private":
    "To keep your card for you, your photo is stored on this device and with your bank. Where it was taken stays on this device.",
  "pick.opening": "Opening your photo",
  "pick.other-card": "Use the photo from your other card",
  "pick.open-saved": "Open a saved design",
  "pick.no-photo": "Start without a photo",
  "pick.return": "Back to my design",
  "pick.cancel": "Cancel",

  "rules.title": "What your picture may show",
  "rules.version": "2026-11",
  "rules.of-month": "Rules of {month}",
  "rules.of-version": "Rules, version {version}",
  "rules.good-title": "Good",
  "rules.good": "Your own photo, or one you may use\nPeople who agree to be on your card\nPlaces, pets, patterns",
  "rules.not-allowed-title": "Not allowed",
  "rules.not-allowed":
    "Logos, brands, celebrities, flags, banknotes\nViolence, nudity, politics, religion and whatever else could offend\nCard numbers, addresses, codes and other personal details",

  "notice.dismiss": "Dismiss",
  "notice.no-picture-pasted.title": "There was no picture in that",
  "notice.no-picture-pasted.help":
    "Copy the picture itself, not its name or link, and paste again, or save it and choose the file.",
  "notice.folder-dropped.title": "That is a folder",
  "notice.folder-dropped.help": "Open it and choose one photo.",
  "notice.no-file-dropped.title": "No file has come with that",
  "notice.no-file-dropped.help": "Save the picture from your mail first, then choose it.",
} as const;

/** What is said of a problem, and what to do about it. Part of a language's texts. */
export const en = {
  "notice.empty-file.title": "This file is empty",
  "notice.empty-file.help":
    "It may not have been downloaded or copied completely. Choose it again, or choose another photo.",
  "notice.file-too-large.title": "This file is too large",
  "notice.file-too-large.help":
    "It may have up to {megabytes, number} MB. Save a smaller copy of the photo and choose that.",
  "notice.too-many-pixels.title": "This photo has too many pixels",
  "notice.too-many-pixels.help":
    "Of such a photo this device can open up to {megapixels, number} megapixels. Save a smaller copy and choose that.",
  "notice.photo-too-small.title": "This photo is too small for the card",
  "notice.photo-too-small.help":
    "It would print blurred. Choose one with at least {leastWidth, number} × {leastHeight, number} pixels, either way round: often the original, not a copy from a chat.",
  "notice.not-an-image.title": "This file is not a photo",
  "notice.not-an-image.help": "Choose a photo, for example a JPEG, PNG, HEIC, WebP or TIFF.",
  "notice.svg-image.title": "This is a drawing, not a photo",
  "notice.svg-image.help":
    "SVG drawings cannot be printed as they are. Export it as a PNG: {width, number} × {height, number} pixels or more prints sharp.",
  "notice.heic-image.title": "This is a rare kind of HEIC",
  "notice.heic-image.help": "It cannot be opened here. {advice}",
  "notice.unusual-tiff.title": "This is a rare kind of TIFF",
  "notice.unusual-tiff.help": "It cannot be opened here. {advice}",
  "notice.raw-image.title": "This is a camera’s raw file",
  "notice.raw-image.help": "It has to be developed before it can be printed. {advice}",
  "notice.jpeg-2000-image.title": "This photo is in the JPEG 2000 format",
  "notice.jpeg-2000-image.help": "Browsers do not open it. {advice}",
  "notice.jpeg-xr-image.title": "This photo is in the JPEG XR format",
  "notice.jpeg-xr-image.help": "Browsers do not open it. {advice}",
  "notice.jpeg-xl-image.title": "This photo is in the JPEG XL format",
  "notice.jpeg-xl-image.help": "Your browser does not open it. {advice}",
  "notice.arithmetic-jpeg.title": "This JPEG is of a rare kind: it is coded arithmetically",
  "notice.arithmetic-jpeg.help": "Nothing is wrong with it, but your browser does not open it. {advice}",
  "notice.lossless-jpeg.title": "This JPEG is of a rare kind: it is lossless, as scanners in hospitals make it",
  "notice.lossless-jpeg.help": "Nothing is wrong with it, but your browser does not open it. {advice}",
  "notice.apple-png.title": "This PNG is of Apple’s own kind, from inside an app",
  "notice.apple-png.help": "No browser opens it. {advice}",
  "notice.photoshop-file.title": "This is a Photoshop file",
  "notice.photoshop-file.help": "Save a copy of it as JPEG or PNG, in Photoshop or a photo program, and choose that.",
  "notice.postscript-file.title": "This is a PostScript or Illustrator file",
  "notice.postscript-file.help":
    "It cannot be printed as it is. Export it as a PNG: {width, number} × {height, number} pixels or more prints sharp.",
  "notice.icon-file.title": "This is an icon, not a photo",
  "notice.icon-file.help": "Icons are too small for a card. Choose the picture that it was made from, or a photo.",
  "notice.pdf-file.title": "This is a PDF",
  "notice.pdf-file.help":
    "Take the picture out of it, for example as a screenshot or an export to JPEG, and choose that.",
  "notice.video-file.title": "This is a video",
  "notice.video-file.help": "Pause it where you like it, take a screenshot, and choose that.",
  "notice.damaged-image.title": "This photo cannot be read to its end",
  "notice.damaged-image.help":
    "The file is damaged or was not copied completely. Get it again from where it came from, or choose another photo.",
  "notice.empty-image.title": "There is nothing to see in this picture",
  "notice.empty-image.help":
    "It is transparent all over, or an animation that begins with an empty picture. Choose another, or show it large, take a screenshot, and choose that.",
  "notice.file-changed.title": "This file cannot be read any more",
  "notice.file-changed.help":
    "It has been changed, moved or deleted since you chose it, or is not on this device yet. Wait until it has been saved or downloaded, and choose it again.",
  "notice.two-files.title": "One photo at a time",
  "notice.two-files.help": "You gave us several photos. Choose the one you want on your card.",
  "advice.iphone":
    "In the Files app, hold your finger on the photo and choose Quick Actions, Convert Image, JPEG; or show the photo large, take a screenshot, and choose that.",
  "advice.android":
    "Show the photo large in your photo app, take a screenshot, and choose that; or share the photo as JPEG.",
  "advice.windows": "Open the photo in Photos or Paint, choose Save as, JPEG, and choose that file.",
  "advice.mac": "Open the photo in Preview, choose File, Export, JPEG, and choose that file.",
  "advice.other": "Open the photo in a photo program, save it as JPEG, and choose that file.",
  "notice.out-of-memory.title": "This device ran out of memory",
  "notice.out-of-memory.help": "Close other tabs or apps and try again. A smaller photo needs less.",
  "notice.decoder-not-loaded.title": "What opens photos of this kind has not loaded",
  "notice.decoder-not-loaded.help":
    "Nothing is known to be wrong with the file. Check your connection and choose it again, or choose a JPEG.",
  "notice.open-failed.title": "The photo could not be opened",
  "notice.open-failed.help":
    "Nothing is known to be wrong with the file. Check your connection and choose it again; if it happens again, reload the page.",
  "notice.art-missing.title": "Something on the card could not be loaded",
  "notice.art-missing.help": "Your design is unchanged. Check your connection and try again, or take it off the card.",
  "notice.render-failed.title": "The print picture could not be made",
  "notice.render-failed.help":
    "Your design is unchanged. Try again; if it happens again, close other tabs and apps, or use another browser.",
  "notice.dpi-too-low.title": "Like this the photo would print blurred",
  "notice.dpi-too-low.help":
    "At least {leastDpi, number} dpi are needed on the card. Zoom out, turn the photo, or choose a larger one.",
  "notice.not-printable.title": "Like this the card cannot be printed",
  "notice.not-printable.help": "What is in the way is said beside the card, with what can be done about it.",
  "notice.upright-card-fits.title": "Your photo is upright",
  "notice.upright-card-fits.help": "There is an upright card too, which shows more of it.",
  "notice.upright-card-fits.take": "Take the upright card",
  "notice.wide-card-fits.title": "Your photo is wide",
  "notice.wide-card-fits.help": "There is a landscape card too, which shows more of it.",
  "notice.wide-card-fits.take": "Take the landscape card",
  "notice.photo-turned.title": "The photo has been turned by {quarterTurn, number}°",
  "notice.photo-turned.help": "Upright it has too few pixels to cover the card; turned, it has enough.",
  "notice.first-frame-only.title": "Only the first picture is used",
  "notice.first-frame-only.help": "This file holds several pictures, as animations do, and a card has room for one.",
  "notice.colours-may-differ.title": "These colours may look different in print",
  "notice.colours-may-differ.help":
    "The photo is made for a printing press (CMYK). If its colours matter, export it as JPEG in sRGB and choose that.",
  "notice.transparent-parts.title": "Parts of this photo are transparent",
  "notice.transparent-parts.help": "The background prints there: white, unless you choose another colour.",
  "notice.draft-resumed.title": "Your card is as you left it",
  "notice.draft-resumed.help": "We have kept it for you.",
  "notice.elements-left-out.title": "Some things were left off your card",
  "notice.elements-left-out.help": "This card does not take all that lay on it. Everything else is as you left it.",
  "notice.texts-changed.title": "A text on your card looks different now",
  "notice.texts-changed.help":
    "This card takes texts in certain colours and sizes only. Everything else is as you left it.",
  "notice.ground-changed.title": "The background of your card is another one now",
  "notice.ground-changed.help":
    "This card takes certain backgrounds only: yours is now the one most like it. Everything else is as you left it.",
  "notice.draft-overtaken.title": "There are two versions of your card",
  "notice.draft-overtaken.help":
    "The other is from another device, another tab or an earlier visit. One is kept: the card as you see it here, or the other one.",
  "notice.open-elsewhere.title": "Your card is already open somewhere else",
  "notice.open-elsewhere.help":
    "It is in another tab, or in another place on this page. Go on here, and what you have done there is kept and comes along.",
  "notice.open-elsewhere.go-on": "Go on here",
  "notice.sent-elsewhere.title": "Your card is being sent from another place",
  "notice.sent-elsewhere.help":
    "It is in another tab, or in another place on this page. Wait until it has been sent there, then go on here to see how it stands.",
  "notice.draft-deleted.title": "The unfinished card is deleted",
  "notice.draft-deleted.help":
    "It is no longer kept, on this device or with your bank. What you have already sent stays with your bank.",
  "notice.draft-left-at-bank.title": "Your bank may still have the unfinished card",
  "notice.draft-left-at-bank.help":
    "It is deleted on this device only. Check that you are online and delete it again; if this visit has ended, reload your bank’s page first.",
  "notice.draft-left-on-device.title": "This device may still have the unfinished card",
  "notice.draft-left-on-device.help":
    "Your bank has deleted it; this browser has not said so. Delete it again, or clear this site’s data in your browser.",
  "notice.draft-not-deleted.title": "The unfinished card could not be deleted",
  "notice.draft-not-deleted.help": "Neither this browser nor your bank has said that it is gone. Please try again.",
  "notice.draft-not-opened.title": "Your card from last time could not be opened",
  "notice.draft-not-opened.help": "Choose its photo again, or another one.",
  "notice.no-photo-not-offered.title": "This card needs a photo",
  "notice.no-photo-not-offered.help": "Your bank no longer offers cards without one. Choose a photo to start.",
  "notice.draft-unreachable.title": "Your card from last time could not be fetched",
  "notice.draft-unreachable.help": "It is still kept for you. Check that you are online and try again.",
  "notice.draft-slow.title": "Your design takes longer to open than usual",
  "notice.draft-slow.help":
    "It is still being fetched, and nothing is lost. Choose “Change my design” to go on as soon as it is here.",
  "notice.picker-failed.title": "Your bank’s own photo picker did not work",
  "notice.picker-failed.help": "Nothing is lost. Press the same button again to choose from this device.",
  "notice.other-photo-gone.title": "That photo is not on this device any more",
  "notice.other-photo-gone.help": "Nothing has changed. Choose a photo as usual.",
  "notice.design-of-other-card.title": "This design was made for another card",
  "notice.design-of-other-card.help": "Your photo has been taken over. Please place it anew.",
  "notice.bare-design-of-other-card.title": "This design was made for another card",
  "notice.bare-design-of-other-card.help":
    "It has no photo that could be taken over. Choose a photo, or start without one.",
  "notice.template-gone.title": "The template is not offered any more",
  "notice.template-gone.help":
    "Your texts are still on the card where it takes them. Everything else of the template is gone, and the rest of the card is as you left it.",
  "notice.template-needs-photo.title": "The template needs a photo, and is off your card",
  "notice.template-needs-photo.help":
    "Your texts are still on the card where it takes them. “Undo” brings back the photo and the template.",
  "notice.filter-gone.title": "The filter is not offered any more",
  "notice.filter-gone.help": "Your photo is on the card without it. Everything else is as you left it.",
  "notice.design-of-later-version.title": "This design was made with a newer version of the designer",
  "notice.design-of-later-version.help":
    "It is kept as it is. Load this page again to get that version, or open the design where you made it.",
  "notice.design-file-damaged.title": "This saved design is damaged",
  "notice.design-file-damaged.help":
    "It was not saved or copied completely. Copy it again from where you saved it, or make the design once more.",
  "notice.send-not-confirmed.title": "Your bank’s page did not answer",
  "notice.send-not-confirmed.help":
    "Nothing has been sent, and your design is still here. Please try again in a moment.",
  "notice.send-declined.title": "Your design has not been sent",
  "notice.send-declined.help": "Your bank stopped it before it was sent. Your design is still here.",
  "notice.send-cancelled.title": "Sending was stopped",
  "notice.send-cancelled.help": "Your design has not arrived. It is as you left it.",
  "notice.already-sent.title": "You have sent a design before",
  "notice.already-sent.help": "Only one can be on its way at a time, so this is the earlier one.",
  "notice.submission-gone.title": "We cannot find your design any more",
  "notice.submission-gone.help":
    "It may be with the card maker all the same, so please do not send it again. Ask your bank and give the reference.",
  "notice.foreign-answer.title": "Something is blocking the connection",
  "notice.foreign-answer.help":
    "It is on your bank’s side or in your network. Your design is still here. Please try again later, or over another network.",
  "notice.send-no-connection.title": "The connection broke",
  "notice.send-no-connection.help":
    "Your design is still here. Check that you are online and send again: it can arrive only once.",
  "notice.send-busy.title": "We cannot take your design at the moment",
  "notice.send-busy.help": "It is still here. Please try again in a few minutes.",
  "notice.send-too-slow.title": "Your connection was too slow",
  "notice.send-too-slow.help":
    "The picture took too long to reach us. Your design is still here: send it again, over Wi-Fi if you can.",
  "notice.send-damaged.title": "The picture was damaged on its way to us",
  "notice.send-damaged.help": "Your design is still here. Send it again; if it happens again, use another connection.",
  "notice.not-offered.title": "Something on your card is not offered any more",
  "notice.not-offered.help":
    "Your bank has changed what can be on this card. Take it off to go on: everything else stays as it is.",
  "notice.not-offered.take-off": "Take it off",
  "notice.send-picture-refused.title": "The finished picture was not accepted",
  "notice.send-picture-refused.help":
    "Go back to the design and open the preview again. If it happens again, change the design or make a new one.",
  "notice.send-picture-differs.title": "Your card could not be checked on our side",
  "notice.send-picture-differs.help":
    "Your design is still here. Reload the page, open the preview again and send it. If it happens again, please tell your bank.",
  "notice.send-text-refused.title": "Digits on your card look like a card number",
  "notice.send-text-refused.help":
    "It must not be on the picture, even in parts over several lines or texts. Your design is still here: change what is written and send it again.",
  "notice.send-not-accepted.title": "Your design could not be sent",
  "notice.send-not-accepted.help": "Your design is still here. Please tell your bank if it happens again.",
  "notice.session-ended.title": "This visit has ended",
  "notice.session-ended.help": "For your safety a visit lasts a limited time. Reload your bank’s page to go on.",
} as const;

/*
 * Runs before the designer, in the JavaScript of 2009: where the browser cannot run the designer's own script, it says
 * so in the designer's place and tells the issuer's page. The texts are those of closed.browser-unsupported.
 */
(function () {
  var texts = {
    en: [
      "The card designer does not work in this browser",
      "The browser is too old, or blocks something the designer needs. Update it, or open your bank’s page in another browser.",
    ],
    ar: [
      "لا يعمل مصمّم البطاقة في هذا المتصفّح",
      "المتصفّح قديم جدًا أو يحجب شيئًا يحتاج إليه المصمّم. حدّثه، أو افتح صفحة مصرفك في متصفّح آخر.",
    ],
  };
  // The designer takes it out of the address as soon as it runs.
  var nonce = (/^#nonce=([\w-]{16,128})$/.exec(location.hash) || [])[1] || (history.state || {}).nonce;

  function tellPage(lacks) {
    var meta = document.querySelector('meta[name="fullbleed-origins"]');
    var origins = meta ? meta.content.split(" ") : [];
    var hello = { fullbleed: "hello", protocol: 1, nonce: nonce, boot: String(Math.random()), lacks: lacks };
    for (var index = 0; index < origins.length; index += 1) window.parent.postMessage(hello, origins[index]);
  }

  function addText(place, name, text) {
    var element = document.createElement(name);
    element.textContent = text;
    place.appendChild(element);
  }

  function refuse(lacks) {
    var root = document.getElementById("root");
    // What goes wrong later is the designer's own to tell.
    if (!root || root.firstChild) return;
    // That of the session, as the designer has it.
    var meta = document.querySelector('meta[name="fullbleed-locale"]');
    var language = /^ar(?![a-z])/i.test(meta ? meta.content : navigator.language) ? "ar" : "en";
    document.documentElement.lang = language;
    document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
    var place = document.createElement("main");
    place.style.cssText = "max-width: 460px; margin: 0 auto; padding: 96px 24px; text-align: center";
    addText(place, "h1", texts[language][0]);
    addText(place, "p", texts[language][1]);
    root.appendChild(place);
    tellPage(lacks);
  }

  window.addEventListener("error", function (event) {
    // Our own scripts only: extensions have faults of theirs.
    if (event.message && event.filename.indexOf(location.origin + "/") === 0) refuse(event.message);
  });
  document.addEventListener("DOMContentLoaded", function () {
    if (!("noModule" in document.createElement("script"))) refuse("This browser lacks JavaScript modules.");
  });
})();

/*
 * Runs before the designer, in the JavaScript of 2009: where the browser cannot run the designer's own script or did not
 * get it, it says so in the designer's place. The texts are those of closed.browser-unsupported and closed.not-loaded.
 */
(function () {
  var texts = {
    en: {
      unsupported: [
        "The card designer does not work in this browser",
        "The browser is too old, or blocks something the designer needs. Update it, or open your bank’s page in another browser.",
      ],
      notLoaded: [
        "The design tools could not be loaded",
        "Check that you are online, then try again and begin once more.",
      ],
      retry: "Try again",
    },
    de: {
      unsupported: [
        "Der Kartendesigner funktioniert in diesem Browser nicht",
        "Der Browser ist zu alt oder blockiert etwas, das der Kartendesigner braucht. Aktualisieren Sie ihn, oder öffnen Sie die Seite Ihrer Bank in einem anderen Browser.",
      ],
      notLoaded: [
        "Der Kartendesigner konnte nicht geladen werden",
        "Prüfen Sie, ob Sie online sind. Versuchen Sie es dann erneut und beginnen Sie noch einmal.",
      ],
      retry: "Noch einmal versuchen",
    },
    fr: {
      unsupported: [
        "L’outil de création ne fonctionne pas dans ce navigateur",
        "Le navigateur est trop ancien, ou bloque quelque chose dont l’outil a besoin. Mettez-le à jour, ou ouvrez la page de votre banque dans un autre navigateur.",
      ],
      notLoaded: [
        "L’outil de création n’a pas pu être chargé",
        "Vérifiez que vous êtes en ligne, puis réessayez et recommencez.",
      ],
      retry: "Réessayer",
    },
    es: {
      unsupported: [
        "El diseñador de tarjetas no funciona en este navegador",
        "El navegador es demasiado antiguo o bloquea algo que el diseñador necesita. Actualícelo o abra la página de su banco en otro navegador.",
      ],
      notLoaded: [
        "No se ha podido cargar el diseñador",
        "Compruebe su conexión, inténtelo de nuevo y vuelva a empezar.",
      ],
      retry: "Intentar de nuevo",
    },
    ar: {
      unsupported: [
        "لا يعمل مصمّم البطاقة في هذا المتصفّح",
        "المتصفّح قديم جدًا أو يحجب شيئًا يحتاج إليه المصمّم. حدّثه، أو افتح صفحة مصرفك في متصفّح آخر.",
      ],
      notLoaded: ["تعذّر تحميل أدوات التصميم", "تأكّد من اتصالك بالإنترنت ثم حاول مرة أخرى وابدأ من جديد."],
      retry: "حاول مرة أخرى",
    },
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
    return place.appendChild(element);
  }

  // What goes wrong later is the designer's own to tell.
  function isEmpty() {
    var root = document.getElementById("root");
    return root !== null && root.firstChild === null;
  }

  // That of the session, as the designer has it, then the browser's.
  function chooseLanguage() {
    var meta = document.querySelector('meta[name="fullbleed-locale"]');
    var wanted = (meta ? [meta.content] : []).concat(navigator.languages || navigator.language || "");
    for (var index = 0; index < wanted.length; index += 1) {
      var language = (/^[a-z]{2,3}(?![a-z])/i.exec(wanted[index]) || [""])[0].toLowerCase();
      if (Object.prototype.hasOwnProperty.call(texts, language)) return language;
    }
    return "en";
  }

  function say(what) {
    var language = chooseLanguage();
    document.documentElement.lang = language;
    document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
    var place = document.createElement("main");
    place.style.cssText = "max-width: 460px; margin: 0 auto; padding: 96px 24px; text-align: center";
    addText(place, "h1", texts[language][what][0]);
    addText(place, "p", texts[language][what][1]);
    if (what === "notLoaded") {
      var retry = addText(place, "button", texts[language].retry);
      retry.style.cssText = "min-height: 44px; padding: 0 24px; font: inherit";
      retry.onclick = function () {
        location.reload();
      };
    }
    document.getElementById("root").appendChild(place);
  }

  function refuse(lacks) {
    if (!isEmpty()) return;
    say("unsupported");
    tellPage(lacks);
  }

  window.addEventListener("error", function (event) {
    // Our own scripts only: extensions have faults of theirs.
    if (event.message && event.filename.indexOf(location.origin + "/") === 0) refuse(event.message);
  });
  // A file that does not come is told to its element alone. The issuer's page hears of it when the designer stays silent.
  function onFileLost(event) {
    if (event.target && event.target.nodeName === "SCRIPT" && isEmpty()) say("notLoaded");
  }
  window.addEventListener("error", onFileLost, true);
  document.addEventListener("DOMContentLoaded", function () {
    if (!("noModule" in document.createElement("script"))) refuse("This browser lacks JavaScript modules.");
  });
})();

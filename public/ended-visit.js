/*
 * Runs in the notice that the server gives in place of a designer whose session has ended, in the JavaScript of 2009: tells the
 * issuer's page so at once, through the handshake and port of `contracts/frame-messages.ts`, as the designer would.
 */
(function () {
  var meta = document.querySelector('meta[name="fullbleed-origins"]');
  var origins = meta ? meta.content.split(" ") : [];
  // A frame that is loaded again has it no more in its address.
  var nonce = (/^#nonce=([\w-]{16,128})$/.exec(location.hash) || [])[1] || (history.state || {}).nonce;
  var boot = String(Math.random());
  if (window.parent === window || !nonce) return;
  history.replaceState({ nonce: nonce }, "", location.href.split("#")[0]);

  function tell(port) {
    var detail = "The session had ended when the designer was opened. Let fetchSession answer with one that is live.";
    var problem = { type: "problem", eventId: boot, code: "session-ended", detail: detail };
    port.postMessage({ type: "title", title: document.title });
    port.postMessage({ type: "event", event: problem });
  }

  window.addEventListener("message", function (event) {
    var data = event.data || {};
    var port = (event.ports || [])[0];
    if (event.source !== window.parent || origins.indexOf(event.origin) === -1 || !port) return;
    if (data.fullbleed !== "connect" || data.nonce !== nonce) return;
    port.onmessage = function (first) {
      if (first.data && first.data.type === "start") tell(port);
    };
  });
  // It asks the page nothing, but a page that wants to be asked takes no other frame.
  var hello = { fullbleed: "hello", protocol: 1, nonce: nonce, boot: boot, asks: true };
  for (var index = 0; index < origins.length; index += 1) window.parent.postMessage(hello, origins[index]);
})();

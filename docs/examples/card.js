// card.js; /api/card-session is your own server, which opens the session with its secret key
const place = document.querySelector("#card-designer");
if (!window.Fullbleed) {
  // The script did not come: something forbids it, or its server is down.
  place.querySelector("[data-failed]").hidden = false;
  place.querySelector("button").onclick = () => location.reload();
  throw new Error("The card designer's script did not come.");
}
const designer = await window.Fullbleed.loadCardDesigner();

const handle = designer.mount(place, {
  locale: "en",
  theme: { accent: "#0b5cff" },
  async fetchSession(why) {
    const headers = { "content-type": "application/json" };
    const answer = await fetch("/api/card-session", { method: "POST", headers, body: JSON.stringify({ why }) });
    if (!answer.ok) throw new Error(`no session: ${answer.status}`);
    return answer.json();
  },
  onEvent(event) {
    if (event.type === "submitted") console.log("stored as", event.submissionId);
    if (event.type === "problem") console.warn(event.code, event.detail, event.cause ?? "");
  },
});

await handle.ready;

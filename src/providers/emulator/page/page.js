// Keeps what has arrived up to date while the page is looked at. Without it, reloading does the same.
const pauseMs = 3000;

async function readPage() {
  const response = await fetch("/", { headers: { accept: "text/html" }, signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error("The platform does not answer");
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** A part that somebody is working in stays as it is. */
function isInUse(part) {
  return part.contains(document.activeElement) || part.contains(document.getSelection()?.anchorNode ?? null);
}

async function refresh() {
  const fresh = await readPage();
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    if (next === null || isInUse(part) || next.isEqualNode(part)) continue;
    const arrived = next.querySelectorAll(".picture").length - part.querySelectorAll(".picture").length;
    part.replaceWith(document.adoptNode(next));
    if (arrived > 0) document.getElementById("said").textContent = "A picture has arrived.";
  }
}

async function keepFresh() {
  if (document.visibilityState === "visible") await refresh().catch(() => undefined);
  setTimeout(keepFresh, pauseMs);
}

setTimeout(keepFresh, pauseMs);

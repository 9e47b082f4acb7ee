import { ask, post } from "./ask.js";
import { say, time, words } from "./words.js";

const pauseMs = 2_000;
const find = (selector) => document.querySelector(selector);
const cases = new Map();
let isFirst = true;
let status = "";

function sayStatus(now) {
  status = now;
  const text = words()[status] ?? "";
  const place = find("#desk-said");
  if (place.textContent !== text) place.textContent = text;
}

/** What a case says besides its fixed words. */
function sayCase({ element, submission, outcome }) {
  const { productId, cardholderId, at, note } = submission;
  say(element);
  const name = words()[productId] ?? productId;
  const when = time(at);
  element.querySelector("h4").textContent = name;
  element.querySelector("time").textContent = when;
  element.querySelector("code").textContent = cardholderId.slice(0, 8);
  element.querySelector("img").alt = words().deskPicture.replace("{card}", name).replace("{time}", when);
  const text = outcome === "" ? (note ?? "") : words()[outcome];
  const place = element.querySelector(".outcome");
  if (place.textContent !== text) place.textContent = text;
}

async function decide(one, verdict) {
  one.outcome = "deciding";
  sayCase(one);
  try {
    await post("/api/desk/decisions", { submissionId: one.submission.submissionId, ...verdict });
  } catch (error) {
    one.outcome = error.status === 409 ? "decideLate" : "decideFailed";
    sayCase(one);
  }
}

function makeCase(submission) {
  const element = find("#case").content.cloneNode(true).querySelector("li");
  const one = { element, submission, outcome: "" };
  const form = element.querySelector("form");
  const opener = element.querySelector("[data-do=open]");
  const showForm = (isOpen) => {
    form.hidden = !isOpen;
    opener.setAttribute("aria-expanded", String(isOpen));
    (isOpen ? form.elements.reason : opener).focus();
  };
  const picture = `/api/desk/pictures/${encodeURIComponent(submission.submissionId)}`;
  element.querySelector("a").href = picture;
  const image = element.querySelector("img");
  [image.width, image.height, image.src] = [submission.widthPx, submission.heightPx, picture];
  opener.addEventListener("click", () => showForm(form.hidden));
  element.querySelector("[data-do=close]").addEventListener("click", () => showForm(false));
  element.querySelector("[data-do=approve]").addEventListener("click", () => void decide(one, { verdict: "approve" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const memo = form.elements.memo.value.trim();
    void decide(one, { verdict: "reject", reason: form.elements.reason.value, ...(memo !== "" && { memo }) });
    showForm(false);
  });
  // An approval can be taken back, and nothing else.
  if (submission.state === "approved") {
    element.querySelector("[data-do=approve]").remove();
    opener.dataset.text = "takeBack";
  }
  return one;
}

/** Brings a list up to date; what somebody is working in stays as it is. */
function show(list, submissions) {
  const keys = new Set(submissions.map(({ submissionId, state }) => `${submissionId} ${state}`));
  for (const [key, one] of cases) {
    if (one.element.parentElement !== list || keys.has(key)) continue;
    // Who has just decided goes on from the desk's title.
    if (one.element.contains(document.activeElement)) find("#desk-title").focus({ preventScroll: true });
    one.element.remove();
    cases.delete(key);
  }
  for (const submission of submissions) {
    const key = `${submission.submissionId} ${submission.state}`;
    const one = cases.get(key) ?? makeCase(submission);
    if (one.submission.note !== submission.note) one.outcome = "";
    one.submission = submission;
    cases.set(key, one);
    sayCase(one);
    if (one.element.parentElement !== list) list.append(one.element);
  }
  list.closest("section").classList.toggle("empty", submissions.length === 0);
}

async function refresh() {
  if (document.hidden) return;
  try {
    const { waiting, approved } = await ask("/api/desk");
    const isNew = waiting.some(({ submissionId, state }) => !cases.has(`${submissionId} ${state}`));
    show(find("#desk-waiting"), waiting);
    show(find("#desk-approved"), approved);
    find("#desk-approved").closest("section").hidden = approved.length === 0;
    const count = find("#desk-count");
    count.hidden = waiting.length === 0;
    count.textContent = String(waiting.length);
    const stillSaid = status === "deskArrived" && waiting.length > 0;
    sayStatus((isNew && !isFirst) || stillSaid ? "deskArrived" : "");
    isFirst = false;
  } catch {
    sayStatus("deskAway");
  }
}

async function keepFresh() {
  await refresh();
  setTimeout(() => void keepFresh(), pauseMs);
}

addEventListener("spoken", () => {
  sayStatus(status);
  for (const one of cases.values()) sayCase(one);
});
void keepFresh();

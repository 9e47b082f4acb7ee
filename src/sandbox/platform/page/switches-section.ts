import type { Switches } from "../switches.ts";
import { Html, html } from "./html.ts";
import { reasonOptions } from "./received.ts";

const modes: Readonly<Record<Switches["sendImage"]["mode"], string>> = {
  normal: "Works as documented",
  slow: "Slow: stores, answers late",
  down: "Down: answers 503, stores nothing",
  drop: "Lost reply: stores, then breaks the connection",
  reset: "Reset: breaks the connection before reading",
  code: "Answers a code, stores nothing",
  "stored-minus-one": "Stores, yet answers -1",
  garbage: "Stores, answers garbage",
  "empty-id": "Stores, answers 0 without an id",
};

const codes = {
  "-2": "-2 authentication error",
  "-1": "-1 unexpected system error",
  "1": "1 image is not valid",
  "2": "2 handover key is not valid",
} as const;

const reviews: Readonly<Record<Switches["review"]["mode"], string>> = {
  accept: "Accept by itself",
  reject: "Reject by itself",
  manual: "Wait for a person",
};

const previewModes: Readonly<Record<Switches["preview"]["mode"], string>> = {
  normal: "Works as documented",
  slow: "Slow: answers late",
  down: "Down: answers 503",
  wrong: "Wrong: answers a picture of another size",
};

function options(labels: Readonly<Record<string, string>>, selected: string): readonly Html[] {
  return Object.entries(labels).map(
    ([value, label]) =>
      html`<option value="${value}"${value === selected ? html` selected` : new Html("")}>${label}</option>`,
  );
}

function seconds(id: string, label: string, value: number, name = "delaySeconds"): Html {
  return html`<label for="${id}">${label}</label>
    <input id="${id}" name="${name}" type="number" min="0" max="600" step="any" required value="${value}">`;
}

/** The three forms that set how the platform behaves. They work without a script. */
export function switchesSection({ sendImage, review, preview }: Switches): Html {
  return html`<section id="switches" aria-labelledby="switches-title">
    <h2 id="switches-title">Switches</h2>
    <form method="post" action="/page/switches/sendImage" aria-labelledby="send-title">
      <h3 id="send-title">SendImage</h3>
      <label for="send-mode">What it does</label>
      <select id="send-mode" name="mode">${options(modes, sendImage.mode)}</select>
      <label for="send-code">Code, when it answers one</label>
      <select id="send-code" name="code">${options(codes, String(sendImage.code))}</select>
      <div class="pair">
        <div>${seconds("send-delay", "Seconds, when slow", sendImage.delaySeconds)}</div>
        <div><label for="send-times">For how many calls</label>
          <input id="send-times" name="times" type="number" min="1" max="1000" placeholder="Until changed" value="${sendImage.times ?? ""}"></div>
      </div>
      <button>Set SendImage</button>
    </form>
    <form method="post" action="/page/switches/review" aria-labelledby="review-title">
      <h3 id="review-title">Image checking</h3>
      <label for="review-mode">New pictures</label>
      <select id="review-mode" name="mode">${options(reviews, review.mode)}</select>
      <div class="pair">
        <div>${seconds("review-delay", "After how many seconds", review.delaySeconds)}</div>
        <div><label for="review-code">Reason, when it rejects</label>
          <select id="review-code" name="code">${reasonOptions(review.code)}</select></div>
      </div>
      <button>Set image checking</button>
    </form>
    <form method="post" action="/page/switches/preview" aria-labelledby="preview-title">
      <h3 id="preview-title">Image API</h3>
      <label for="preview-mode">What GetImage does</label>
      <select id="preview-mode" name="mode">${options(previewModes, preview.mode)}</select>
      <div class="pair">
        <div>${seconds("preview-slow", "Seconds, when slow", preview.slowSeconds, "slowSeconds")}</div>
        <div>${seconds("preview-delay", "404 for the first seconds", preview.delaySeconds)}</div>
      </div>
      <button>Set Image API</button>
    </form>
  </section>`;
}

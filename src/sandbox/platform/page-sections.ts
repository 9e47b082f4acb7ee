import { findProduct } from "#card/products.ts";
import { escapeHtml } from "#server/html.ts";
import type { CallRow, ImageRow, NotificationRow, PlatformStore } from "./store.ts";
import type { Switches } from "./switches.ts";

/** Markup that is safe to put into markup. */
class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Html[];

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(({ text }) => text).join("");
  return escapeHtml(String(part));
}

/** A template tag: strings and numbers are escaped, markup made by `html` is not. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, index) => (index === 0 ? "" : render(parts[index - 1] ?? "")) + text).join(""));
}

/** Reasons that the designer has words for, and one code that it has not. The vendor does not publish its codes. */
const rejectionReasons = ["INAPPROPRIATE", "COPYRIGHT", "TRADEMARK", "BRANDED", "PROMOTIONAL", "07"] as const;

const nothing = new Html("");

function time(epochMs: number): Html {
  const iso = new Date(epochMs).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`;
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function reasonOptions(selected: string): readonly Html[] {
  const codes = rejectionReasons.some((code) => code === selected) ? rejectionReasons : [...rejectionReasons, selected];
  return codes.map(
    (code) => html`<option value="${code}"${code === selected ? html` selected` : nothing}>${code}</option>`,
  );
}

function reviewForms({ id }: ImageRow, name: string): Html {
  return html`<div class="verdict">
    <form method="post" action="/page/images/${id}/review">
      <button name="decision" value="accept" aria-label="Accept ${name}">Accept</button>
    </form>
    <form method="post" action="/page/images/${id}/review" class="joined">
      <select name="code" aria-label="Reason to reject ${name}">${reasonOptions("INAPPROPRIATE")}</select>
      <button name="decision" value="reject" class="problem" aria-label="Reject ${name}">Reject</button>
    </form>
  </div>`;
}

function describeNotification(row: NotificationRow | undefined): string {
  if (row === undefined) return "Nobody to tell";
  if (row.delivered_at !== null) return "The issuer has been told";
  return row.due_at === null ? `The issuer was not reached, ${row.attempts} attempts` : "Telling the issuer";
}

function card(image: ImageRow, notification: NotificationRow | undefined): Html {
  const product = findProduct(image.product_id);
  const name = `picture ${image.id.slice(0, 8)}`;
  const verdict = image.state === "Rejected" ? `Rejected: ${image.rejection_code}` : image.state;
  return html`<li class="picture">
    <a href="/sandbox/images/${image.id}/picture">
      <img src="/sandbox/images/${image.id}/picture" alt="${name} as received, full size" loading="lazy"
        width="${product?.widthPx ?? 1036}" height="${product?.heightPx ?? 664}">
    </a>
    <div class="facts">
      <p class="state state-${image.state.toLowerCase()}">${verdict}</p>
      <p><strong>${image.product_id}</strong></p>
      <p class="quiet">${time(image.received_at)}</p>
      <p class="quiet">${describeNotification(notification)}</p>
      <dl>
        <dt>Card image id</dt><dd><code>${image.id}</code></dd>
        <dt>SHA-256</dt><dd><code title="${image.sha256}">${image.sha256.slice(0, 16)}…</code> <span class="quiet">${size(image.bytes)}</span></dd>
      </dl>
      ${image.state === "Pending" ? reviewForms(image, name) : nothing}
    </div>
  </li>`;
}

/** The pictures that the platform keeps, newest first. */
export function picturesSection(
  images: readonly ImageRow[],
  findNotification: PlatformStore["findNotification"],
): Html {
  const list = html`<ul class="pictures">${images.map((image) => card(image, findNotification(image.id)))}</ul>`;
  const empty = html`<p class="empty">Nothing has arrived yet. Send a card from the bank’s page, and its picture appears here.</p>`;
  return html`<section id="received" aria-labelledby="received-title" data-live>
    <h2 id="received-title">Received pictures</h2>
    ${images.length === 0 ? empty : list}
  </section>`;
}

function row(call: CallRow): Html {
  const cell = (label: string, value: Html | string) =>
    html`<td role="cell" data-label="${label}"><span>${value}</span></td>`;
  const answer = call.http_status === null ? "none, connection broken" : `HTTP ${call.http_status}`;
  return html`<tr role="row">
    ${cell("Time", time(call.at))}
    ${cell("Call", html`${call.method} <span class="quiet">${call.binding}</span>`)}
    ${cell("Answer", answer)}
    ${cell("Code", call.result_code === null ? "–" : String(call.result_code))}
    ${cell("Image", call.sha256 === null ? "–" : html`<code title="${call.sha256}">${call.sha256.slice(0, 12)}…</code> <span class="quiet">${size(call.bytes ?? 0)}</span>`)}
    ${cell("Took", `${call.ms} ms`)}
    ${cell("Note", call.note ?? "–")}
  </tr>`;
}

const headings = ["Time", "Call", "Answer", "Code", "Image", "Took", "Note"];

/** The latest calls, newest first. */
export function ledgerSection(calls: readonly CallRow[]): Html {
  const table = html`<table role="table" aria-labelledby="ledger-title">
      <thead role="rowgroup"><tr role="row">${headings.map((heading) => html`<th role="columnheader" scope="col">${heading}</th>`)}</tr></thead>
      <tbody role="rowgroup">${calls.map(row)}</tbody>
    </table>`;
  const empty = html`<p class="empty">No calls yet. Every call to the platform is written here, also one that failed.</p>`;
  return html`<section id="ledger" aria-labelledby="ledger-title" data-live>
    <h2 id="ledger-title">Ledger</h2>
    <p class="quiet">The latest ${calls.length} calls. All of them: <a href="/sandbox/ledger">/sandbox/ledger</a></p>
    ${calls.length === 0 ? empty : table}
  </section>`;
}

const sendImageLabels: Readonly<Record<Switches["sendImage"]["mode"], string>> = {
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

const codeLabels = {
  "-2": "-2 authentication error",
  "-1": "-1 unexpected system error",
  "1": "1 image is not valid",
  "2": "2 handover key is not valid",
} as const;

const reviewLabels: Readonly<Record<Switches["review"]["mode"], string>> = {
  accept: "Accept by itself",
  reject: "Reject by itself",
  manual: "Wait for a person",
};

const previewLabels: Readonly<Record<Switches["preview"]["mode"], string>> = {
  normal: "Works as documented",
  slow: "Slow: answers late",
  down: "Down: answers 503",
  wrong: "Wrong: answers a picture of another size",
};

function options(labels: Readonly<Record<string, string>>, selected: string): readonly Html[] {
  return Object.entries(labels).map(
    ([value, label]) =>
      html`<option value="${value}"${value === selected ? html` selected` : nothing}>${label}</option>`,
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
      <select id="send-mode" name="mode">${options(sendImageLabels, sendImage.mode)}</select>
      <label for="send-code">Code, when it answers one</label>
      <select id="send-code" name="code">${options(codeLabels, String(sendImage.code))}</select>
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
      <select id="review-mode" name="mode">${options(reviewLabels, review.mode)}</select>
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
      <select id="preview-mode" name="mode">${options(previewLabels, preview.mode)}</select>
      <div class="pair">
        <div>${seconds("preview-slow", "Seconds, when slow", preview.slowSeconds, "slowSeconds")}</div>
        <div>${seconds("preview-delay", "404 for the first seconds", preview.delaySeconds)}</div>
      </div>
      <button>Set Image API</button>
    </form>
  </section>`;
}

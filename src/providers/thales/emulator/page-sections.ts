import { findProduct } from "#card/products.ts";
import { type Html, html, nothing, table, time } from "../../emulator/markup.ts";
import { reasonOptions } from "./page-forms.ts";
import type { CallRow, ImageRow, NotificationRow } from "./rows.ts";
import type { PlatformStore } from "./store.ts";

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
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
      <p><strong>${image.product_id}</strong>${image.image_type === "Gallery" ? " (gallery, not checked)" : ""}</p>
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
  listNotifications: PlatformStore["listNotifications"],
): Html {
  const list = html`<ul class="pictures">${images.map((image) => card(image, listNotifications(image.id).at(-1)))}</ul>`;
  const empty = html`<p class="empty">Nothing has arrived yet. Send a card from the bank’s page, and its picture appears here.</p>`;
  return html`<section id="received" aria-labelledby="received-title" data-live>
    <h2 id="received-title">Received pictures</h2>
    ${images.length === 0 ? empty : list}
  </section>`;
}

function row(call: CallRow): readonly (Html | string)[] {
  return [
    time(call.at),
    html`${call.method} <span class="quiet">${call.binding}</span>`,
    call.http_status === null ? "none, connection broken" : `HTTP ${call.http_status}`,
    call.result_code === null ? "–" : String(call.result_code),
    call.sha256 === null
      ? "–"
      : html`<code title="${call.sha256}">${call.sha256.slice(0, 12)}…</code> <span class="quiet">${size(call.bytes ?? 0)}</span>`,
    `${call.ms} ms`,
    [call.fault === null ? [] : `fault: ${call.fault}`, call.note ?? []].flat().join("; ") || "–",
  ];
}

const headings = ["Time", "Call", "Answer", "Code", "Image", "Took", "Note"];

/** The latest calls, newest first. */
export function ledgerSection(calls: readonly CallRow[]): Html {
  const empty = html`<p class="empty">No calls yet. Every call to the platform is written here, also one that failed.</p>`;
  return html`<section id="ledger" aria-labelledby="ledger-title" data-live>
    <h2 id="ledger-title">Ledger</h2>
    <p class="quiet">The latest ${calls.length} calls. All of them: <a href="/sandbox/ledger">/sandbox/ledger</a></p>
    ${calls.length === 0 ? empty : table("ledger-title", headings, calls.map(row))}
  </section>`;
}

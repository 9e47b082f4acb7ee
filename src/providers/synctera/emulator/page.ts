import type { FastifyInstance } from "fastify";
import { findProduct } from "#card/products.ts";
import { type Html, html, nothing, table, time } from "../../emulator/markup.ts";
import { servePage, writePage } from "../../emulator/page.ts";
import type { CardImage } from "../wire.ts";
import type { SyncteraEmulatorSettings } from "./config.ts";
import type { CallLine, StoredImage, SyncteraStore, WebhookLine } from "./store.ts";

const shownImages = 30;
const shownLines = 50;

const said: Readonly<Record<CardImage["status"], string>> = {
  NOT_UPLOADED: "Waits for its picture",
  UNREVIEWED: "Waits for the issuer's decision",
  APPROVED: "Approved by the issuer",
  REJECTED: "Rejected by the issuer",
};
const stateClasses: Partial<Readonly<Record<CardImage["status"], string>>> = {
  APPROVED: "state-accepted",
  REJECTED: "state-rejected",
};

function fact(label: string, value: string | null | undefined): Html {
  return value === null || value === undefined ? nothing : html`<dt>${label}</dt><dd><code>${value}</code></dd>`;
}

function card({ image, uploadedAt, createdAt, sha256 }: StoredImage, productId: string): Html {
  const picture = `/sandbox/images/${image.id}/picture`;
  const product = findProduct(productId);
  const size = { width: product?.widthPx ?? 1036, height: product?.heightPx ?? 664 };
  const alt = `card image ${image.id.slice(0, 8)} as received, full size`;
  return html`<li class="picture">
    ${sha256 === null ? nothing : html`<a href="${picture}"><img src="${picture}" alt="${alt}" loading="lazy" width="${size.width}" height="${size.height}"></a>`}
    <div class="facts">
      <p class="state ${stateClasses[image.status] ?? ""}">${said[image.status]}</p>
      <p><strong>${productId}</strong></p>
      <p class="quiet">${time(uploadedAt ?? createdAt)}</p>
      <dl>
        ${fact("Reason", image.rejection_reason)}
        ${fact("Memo", image.rejection_memo)}
        ${fact("Card image id", image.id)}
        ${fact("Customer id", image.customer_id)}
        ${fact("SHA-256 of the JPEG", sha256)}
      </dl>
    </div>
  </li>`;
}

function imagesSection(images: readonly StoredImage[], { cardProducts }: SyncteraEmulatorSettings): Html {
  const productOf = ({ image }: StoredImage): string =>
    Object.entries(cardProducts).find(([, id]) => id.toLowerCase() === image.card_product_id)?.[0] ?? "";
  const list = html`<ul class="pictures">${images.map((one) => card(one, productOf(one)))}</ul>`;
  const empty = html`<p class="empty">Nothing has arrived yet. Send a card from the bank’s page, and its picture appears here.</p>`;
  return html`<section class="wide" id="received" aria-labelledby="received-title" data-live>
    <h2 id="received-title">Card images</h2>
    ${images.length === 0 ? empty : list}
  </section>`;
}

function linesSection(
  id: string,
  title: string,
  empty: string,
  headings: readonly string[],
  rows: readonly (readonly (Html | string)[])[],
): Html {
  return html`<section class="lines wide" id="${id}" aria-labelledby="${id}-title" data-live>
    <h2 id="${id}-title">${title}</h2>
    ${rows.length === 0 ? html`<p class="empty">${empty}</p>` : table(`${id}-title`, headings, rows)}
  </section>`;
}

const short = (id: string | null): Html | string =>
  id === null ? "–" : html`<code title="${id}">${id.slice(0, 8)}…</code>`;

function callRow({ at, method, status, cardImageId, fault }: CallLine) {
  const answer = status === null ? "none, connection broken" : `HTTP ${status}`;
  return [time(at), method, answer, short(cardImageId), fault ?? "–"];
}

function webhookRow({ at, cardImageId, status, kind, answer }: WebhookLine) {
  return [
    time(at),
    short(cardImageId),
    status,
    answer === null ? "none" : `HTTP ${answer}`,
    kind === "true" ? "–" : kind,
  ];
}

const newest = <Line>(lines: readonly Line[], count: number): Line[] => lines.slice(-count).toReversed();

/** The page for people at `/`: what has arrived and what has been decided, every call, every webhook. Nothing is set on it. */
export async function pageRoutes(
  app: FastifyInstance,
  { store, settings }: { store: SyncteraStore; settings: SyncteraEmulatorSettings },
): Promise<void> {
  servePage(app, new URL("./page/icon.svg", import.meta.url));
  app.get("/", async (_request, reply) => {
    reply.type("text/html; charset=utf-8");
    const calls = newest(store.listCalls(), shownLines).map(callRow);
    const webhooks = newest(store.listWebhooks(), shownLines).map(webhookRow);
    return writePage({
      name: "Card images at Synctera",
      about: "An imitation of Synctera's card images for one machine. The issuer decides about each picture.",
      links: { "Card images": "/sandbox/images", Ledger: "/sandbox/ledger", Switches: "/sandbox/switches" },
      said: "",
      main: [
        imagesSection(newest(store.listAllImages(), shownImages), settings),
        linesSection("calls", "Calls", "No calls yet.", ["Time", "Call", "Answer", "Image", "Fault"], calls),
        linesSection(
          "webhooks",
          "Webhooks",
          "The issuer has been told nothing yet.",
          ["Time", "Image", "Status", "Answer", "Fault"],
          webhooks,
        ),
      ],
    });
  });
  app.get<{ Params: { id: string } }>("/sandbox/images/:id/picture", async (request, reply) => {
    const jpeg = store.readData(request.params.id.toLowerCase());
    if (jpeg === undefined) return reply.code(404).send({ message: "There is no picture." });
    return reply.type("image/jpeg").send(jpeg);
  });
}

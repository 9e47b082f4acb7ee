import { type Html, html, options } from "../../emulator/markup.ts";
import { describeOrder, type FaultMethod, type FaultOrder, faultKinds, faultMethods, faultsOn } from "./faults.ts";
import type { Switches } from "./switches.ts";

/** Reasons that the designer has words for, and one code that it has not. The vendor does not publish its codes. */
const rejectionReasons = ["INAPPROPRIATE", "COPYRIGHT", "TRADEMARK", "BRANDED", "PROMOTIONAL", "07"] as const;

export function reasonOptions(selected: string): readonly Html[] {
  return options(Object.fromEntries([...rejectionReasons, selected].map((code) => [code, code])), selected);
}

const reviewLabels: Readonly<Record<Switches["review"]["mode"], string>> = {
  accept: "Accept by itself",
  reject: "Reject by itself",
  manual: "Wait for a person",
};

const methodLabels: Readonly<Record<FaultMethod, string>> = {
  SendImage: "SendImage",
  SetCustomDataCapture: "SetCustomDataCapture",
  SetImageToPurge: "SetImageToPurge",
  GetImage: "GetImage, by card image id",
  Search: "GetImage, by a data capture field",
  GetTemplate: "GetTemplate",
  Notification: "What the issuer is told of a picture",
  Index: "When the search finds a picture",
};

function seconds(id: string, label: string, value: number, name: string): Html {
  return html`<label for="${id}">${label}</label>
    <input id="${id}" name="${name}" type="number" min="0" max="600" step="any" required value="${value}">`;
}

function faultOptions(): readonly Html[] {
  return faultMethods.map((method) => {
    const labels = Object.fromEntries(faultsOn(method).map((name) => [`${method}/${name}`, faultKinds[name].says]));
    return html`<optgroup label="${methodLabels[method]}">${options(labels, "SendImage/cut-reply")}</optgroup>`;
  });
}

function describeWaiting(order: FaultOrder): Html {
  const { seconds, bytes } = describeOrder(order);
  const { says } = faultKinds[order.fault.name];
  const counted = [
    seconds === undefined ? [] : ` (${seconds} s)`,
    bytes === undefined ? [] : ` (${bytes} bytes)`,
  ].flat();
  const howOften = order.times === null ? "until cleared" : `${order.times} more`;
  return html`<li>${methodLabels[order.method]}: ${says}${counted.join("")}, <span class="quiet">${howOften}</span></li>`;
}

function waitingFaults(orders: readonly FaultOrder[]): Html {
  if (orders.length === 0) return html`<p class="quiet">No fault waits.</p>`;
  return html`<ol class="waiting">${orders.map(describeWaiting)}</ol>
    <form method="post" action="/page/faults/clear"><button class="problem">Clear all faults</button></form>`;
}

function faultForms(orders: readonly FaultOrder[]): Html {
  return html`<div class="panel" role="group" aria-labelledby="faults-title">
    <h3 id="faults-title">Faults</h3>
    ${waitingFaults(orders)}
    <form method="post" action="/page/faults">
      <label for="fault">What goes wrong next</label>
      <select id="fault" name="fault">${faultOptions()}</select>
      <div class="pair">
        <div><label for="fault-times">How many times</label>
          <input id="fault-times" name="times" type="number" min="1" max="100000" placeholder="Until cleared" value="1"></div>
        <div><label for="fault-amount">Seconds or bytes, if it counts any</label>
          <input id="fault-amount" name="amount" type="number" min="0" step="any" placeholder="As usual"></div>
      </div>
      <button>Add fault</button>
    </form>
  </div>`;
}

function cruelForm({ on, seed, chance, longestSeconds }: Switches["cruel"]): Html {
  return html`<form class="panel" method="post" action="/page/switches/cruel" aria-labelledby="cruel-title">
    <h3 id="cruel-title">Cruel</h3>
    <p class="quiet">Every fault now and then: each call and each picture draws one, or none. The same seed draws the same.</p>
    <label for="cruel-on">Faults by chance</label>
    <select id="cruel-on" name="on">${options({ false: "Off", true: "On" }, String(on))}</select>
    <div class="pair">
      <div><label for="cruel-chance">Chance of each fault, in percent</label>
        <input id="cruel-chance" name="chancePercent" type="number" min="0" max="100" step="any" required value="${Number((chance * 100).toFixed(4))}"></div>
      <div><label for="cruel-seed">Seed</label>
        <input id="cruel-seed" name="seed" type="number" min="0" max="2147483647" required value="${seed}"></div>
    </div>
    ${seconds("cruel-longest", "Longest wait, in seconds", longestSeconds, "longestSeconds")}
    <button>Set cruel</button>
  </form>`;
}

function purgeForm({ delaySeconds, allowedAddresses: { product, partner, issuer } }: Switches["purge"]): Html {
  const restricted = [
    ...Object.keys(product),
    partner === null ? [] : "partner",
    issuer === null ? [] : "issuer",
  ].flat();
  return html`<form class="panel" method="post" action="/page/switches/purge" aria-labelledby="purge-title">
    <h3 id="purge-title">Deleting</h3>
    <p class="quiet">${restricted.length === 0 ? "Any address may call it." : `Addresses are restricted for: ${restricted.join(", ")}.`}</p>
    ${seconds("purge-delay", "Seconds until a picture is gone", delaySeconds, "delaySeconds")}
    <button>Set deleting</button>
  </form>`;
}

/** What is set, what goes wrong next, and the forms that change both. They work without a script. */
export function switchesSection(
  { review, imageApi, soap, purge, cruel }: Switches,
  orders: readonly FaultOrder[],
): Html {
  return html`<section id="switches" aria-labelledby="switches-title">
    <h2 id="switches-title">Switches</h2>
    ${faultForms(orders)}
    <form class="panel" method="post" action="/page/switches/review" aria-labelledby="review-title">
      <h3 id="review-title">Image checking</h3>
      <label for="review-mode">New pictures</label>
      <select id="review-mode" name="mode">${options(reviewLabels, review.mode)}</select>
      <div class="pair">
        <div>${seconds("review-delay", "After how many seconds", review.delaySeconds, "delaySeconds")}</div>
        <div><label for="review-code">Reason, when it rejects</label>
          <select id="review-code" name="code">${reasonOptions(review.code)}</select></div>
      </div>
      <button>Set image checking</button>
    </form>
    <form class="panel" method="post" action="/page/switches/imageApi" aria-labelledby="image-api-title">
      <h3 id="image-api-title">Image API</h3>
      <p class="quiet">How long a new picture answers 404.</p>
      <div class="pair">
        <div>${seconds("preview-delay", "Seconds, asked by its id", imageApi.previewDelaySeconds, "previewDelaySeconds")}</div>
        <div>${seconds("search-delay", "Seconds, searched", imageApi.searchDelaySeconds, "searchDelaySeconds")}</div>
      </div>
      <button>Set Image API</button>
    </form>
    <form class="panel" method="post" action="/page/switches/soap" aria-labelledby="soap-title">
      <h3 id="soap-title">SOAP</h3>
      <label for="soap-strict">Elements of another namespace</label>
      <select id="soap-strict" name="strictNamespaces">${options({ false: "Are read all the same", true: "Are read as null, as in .NET" }, String(soap.strictNamespaces))}</select>
      <button>Set SOAP</button>
    </form>
    ${purgeForm(purge)}
    ${cruelForm(cruel)}
  </section>`;
}

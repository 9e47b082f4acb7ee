import { CardDesigner } from "@fullbleed/card-designer/react";
import { StrictMode, useRef, useState, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";
import { askForSession } from "./ask.js";
import { leadOn } from "./ways.js";
import { keepLocale, locale, products, speak, theme, words } from "./words.js";

const origin = document.querySelector("meta[name=designer]").content;
const address = new URL(location.href);
const wanted = address.searchParams.get("product");
const firstProduct = products.includes(wanted) ? wanted : products[0];
const accents = { colourOwn: undefined, colourPlum: "#8a3a86", colourRust: "#a8481c" };
const fee = 5;

/** The bank's own code outside React, which says everything in another language, tells of it by `spoken`. */
function useLocale() {
  return useSyncExternalStore((onChange) => {
    addEventListener("spoken", onChange);
    return () => removeEventListener("spoken", onChange);
  }, locale);
}

/**
 * Asks for the fee over everything, the designer included. Gives the dialog's ref, and what asks: true once it is agreed to. The
 * question goes when the signal aborts: nobody waits for its answer then.
 */
function useFee() {
  const dialog = useRef(null);
  const ask = (signal) =>
    new Promise((resolve) => {
      const { current } = dialog;
      const stop = () => current.close();
      const answer = () => {
        signal.removeEventListener("abort", stop);
        resolve(current.returnValue === "agree");
      };
      current.returnValue = "";
      signal.addEventListener("abort", stop, { once: true });
      current.addEventListener("close", answer, { once: true });
      if (!current.open) current.showModal();
    });
  return [dialog, ask];
}

function Fee({ dialog }) {
  const price = new Intl.NumberFormat(useLocale(), { style: "currency", currency: "EUR" }).format(fee);
  return (
    <dialog ref={dialog} aria-labelledby="fee-title">
      <form method="dialog">
        <h2 id="fee-title">{words().feeTitle.replace("{price}", price)}</h2>
        <p>{words().feeMore}</p>
        <div className="asks">
          <button value="refuse">{words().feeNo}</button>
          <button value="agree" className="strong">
            {words().feeYes}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function Colours({ chosen, onChoose }) {
  return (
    <fieldset className="cards colours">
      <legend>{words().colour}</legend>
      {Object.keys(accents).map((name) => (
        <label key={name}>
          <input type="radio" name="colour" checked={name === chosen} onChange={() => onChoose(name)} />
          <span className="choice">
            <i className={`dot ${name}`} aria-hidden="true" />
            {words()[name]}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** The designer, until it is closed: with props that change, a fee before anything is sent, and what is shown where it cannot be started. */
function Designer({ productId, accent, designer, onAsk, onProduct, onClosed }) {
  const [state, setState] = useState("loading");
  const [dialog, askForFee] = useFee();
  const now = useLocale();
  const hear = (event) => {
    if (event.type === "ready" || event.type === "problem") setState(event.type);
    if (event.type === "product-wanted") onProduct(event.productId);
    if (event.type === "closed") onClosed(event.outcome);
  };
  return (
    <section className="surface" id="designer" tabIndex={-1} aria-label={words().designer} data-state={state}>
      <div className="waiting" role="status">
        <div className="ghost" aria-hidden="true" />
        <p>{words().opening}</p>
      </div>
      <CardDesigner
        ref={designer}
        className="mount"
        origin={origin}
        locale={now}
        theme={{ ...theme, ...(accent && { accent }) }}
        fetchSession={(why) => {
          onAsk(why);
          return askForSession({ why, productId, locale: now });
        }}
        beforeSubmit={async (_, { signal }) => (await askForFee(signal)) || words().feeRefused}
        onEvent={hear}
      >
        <div className="trouble shown" role="alert">
          <h2>{words().troubleTitle}</h2>
          <p>{words().troubleMore}</p>
          <button type="button" className="strong" onClick={() => designer.current?.retry()}>
            {words().again}
          </button>
        </div>
      </CardDesigner>
      <Fee dialog={dialog} />
    </section>
  );
}

function Closed({ outcome, onOpen }) {
  return (
    <section className="surface closed" aria-label={words().designer}>
      <p role="status">{outcome === "kept" ? words().closedKept : words().closedGone}</p>
      <button type="button" className="strong" onClick={onOpen}>
        {words().openAgain}
      </button>
    </section>
  );
}

function CardPage() {
  const [productId, setProductId] = useState(firstProduct);
  const [colour, setColour] = useState("colourOwn");
  const [visit, setVisit] = useState({ number: 1, outcome: null });
  const [asked, setAsked] = useState(0);
  const designer = useRef(null);
  const now = useLocale();
  const isOpen = visit.outcome === null;
  const close = (discard) => void designer.current?.close({ discard });
  return (
    <>
      <div className="hero">
        <div>
          <h1 id="title">{words().reactTitle}</h1>
          <p>{words().reactLead}</p>
        </div>
        <Colours chosen={colour} onChoose={setColour} />
      </div>
      {isOpen ? (
        <Designer
          key={`${productId} ${visit.number}`}
          productId={productId}
          accent={accents[colour]}
          designer={designer}
          onAsk={(why) => why === "start" && setAsked((before) => before + 1)}
          onProduct={(turned) => {
            setProductId(turned);
            keepAddress(turned);
          }}
          onClosed={(outcome) => setVisit((before) => ({ ...before, outcome }))}
        />
      ) : (
        <Closed
          outcome={visit.outcome}
          onOpen={() => setVisit(({ number }) => ({ number: number + 1, outcome: null }))}
        />
      )}
      <div className="told asks">
        <p>{words().reactFacts.replace("{count}", new Intl.NumberFormat(now).format(asked))}</p>
        <button type="button" disabled={!isOpen} onClick={() => close(false)}>
          {words().closeKeep}
        </button>
        <button type="button" disabled={!isOpen} onClick={() => close(true)}>
          {words().closeDiscard}
        </button>
      </div>
    </>
  );
}

/** The address names what is on the page, so that reloading it shows the same. */
function keepAddress(productId = address.searchParams.get("product")) {
  address.searchParams.set("product", productId);
  address.searchParams.set("locale", locale());
  history.replaceState(null, "", address);
  leadOn(productId);
}

document.querySelector(".languages").addEventListener("change", ({ target }) => {
  keepLocale(target.value);
  keepAddress();
});
speak();
keepAddress(firstProduct);
createRoot(document.querySelector("#root")).render(
  <StrictMode>
    <CardPage />
  </StrictMode>,
);

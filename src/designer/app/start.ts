import { createStore, type StoreApi } from "zustand/vanilla";
import { findProduct, type Product } from "#card/products.ts";
import type { DesignerEventInput, FrameOptions } from "#contracts/frame-messages.ts";
import { Problem } from "#contracts/problem.ts";
import type { SessionView } from "#contracts/session.ts";
import { createImageClient } from "#image/client.ts";
import { createApi } from "../api/client.ts";
import { createFlow } from "../flow/flow.ts";
import type { OpenSession } from "../flow/use-session.ts";
import { connectToHost } from "../host/connect.ts";
import type { HostLink } from "../host/host-link.ts";
import { type AppLocale, chooseLocale } from "../locales/locale.ts";
import { createTranslate } from "../locales/text.tsx";
import { createDesignStore } from "../store/design-store.ts";
import { answerHost, submitDesign } from "./answer-host.ts";
import { createOptionsView, type ShowOptions } from "./options-view.ts";

export type ClosedReason =
  | "not-framed"
  | "no-answer"
  | "no-connection"
  | "session-ended"
  | "product-unknown"
  | "not-loaded"
  | "crashed";

export type AppPhase =
  | { readonly phase: "connecting" }
  | { readonly phase: "closed"; readonly reason: ClosedReason }
  | OpenSession;

const languageNotLoaded = "The texts of the language could not be loaded; the designer stays in the one it has.";

export interface AppState {
  readonly now: AppPhase;
  readonly locale: AppLocale;
  readonly options: FrameOptions;
  /** Keeps the frame as high as the element, until the returned function is called; null before there is a host. */
  readonly reportHeight: ((element: HTMLElement) => () => void) | null;
}

/** Connects to the issuer's page, opens the session and holds the state of the app. Call it once per page. */
export function startDesigner(): StoreApi<AppState> {
  const app = createStore<AppState>()(() => ({
    now: { phase: "connecting" },
    locale: chooseLocale(...likelyLanguages()),
    options: {},
    reportHeight: null,
  }));
  void connect(app).then((now) => {
    app.setState({ now });
  });
  return app;
}

async function connect(app: StoreApi<AppState>): Promise<AppPhase> {
  const show = createOptionsView(app);
  const host = await connectToHost();
  if (host.kind !== "connected") {
    return { phase: "closed", reason: (await show({}, likelyLanguages())) ? host.kind : "not-loaded" };
  }
  const { options } = host.start;
  app.setState({ reportHeight: host.reportHeight });
  // Texts and session are on their way at the same time.
  const texts = show(options, likelyLanguages());
  const api = createApi(host);
  const close = async (closed: ClosedReason): Promise<AppPhase> => {
    const reason = (await texts) ? closed : "not-loaded";
    // The page waits for `ready` and must learn that it will not come.
    const detail = createTranslate(app.getState().locale, options.messages)(`closed.${reason}.title`);
    host.send({ type: "event", event: { type: "problem", eventId: crypto.randomUUID(), code: reason, detail } });
    answerHost(host, {
      onOptions: (changed) => void show(changed, likelyLanguages()),
      submit: () => Promise.resolve({ type: "submit-failed", code: reason, detail }),
    });
    return { phase: "closed", reason };
  };
  let session: SessionView;
  try {
    session = await api.open();
  } catch (error) {
    return close(closedReason(error));
  }
  const product = findProduct(session.productId);
  if (product === undefined) return close("product-unknown");
  if (!(await show(options, [session.locale]))) return close("not-loaded");
  return openDesigner(app, host, { api, session, product, show });
}

/** Those of the session, which the server has written into the page; without it the browser's. */
function likelyLanguages(): readonly string[] {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="fullbleed-locale"]');
  return meta === null ? navigator.languages : [meta.content];
}

function closedReason(error: unknown): ClosedReason {
  const ended = error instanceof Problem && error.status >= 400 && error.status < 500 && !error.retryable;
  return ended ? "session-ended" : "no-connection";
}

interface Opened {
  readonly api: ReturnType<typeof createApi>;
  readonly session: SessionView;
  readonly product: Product;
  readonly show: ShowOptions;
}

function openDesigner(app: StoreApi<AppState>, host: HostLink, { api, session, product, show }: Opened): AppPhase {
  const emit = (event: DesignerEventInput): void =>
    host.send({ type: "event", event: { ...event, eventId: crypto.randomUUID() } });
  const design = createDesignStore(product);
  const flow = createFlow({
    api,
    image: createImageClient(),
    design,
    submission: session.submission,
    emit,
    translate: (id, values) => createTranslate(app.getState().locale, app.getState().options.messages)(id, values),
  });
  design.subscribe((now, before) => {
    if (!now.moving && now.placement !== null && (now.placement !== before.placement || before.moving))
      emit({ type: "changed" });
  });
  flow.state.subscribe((now, before) => {
    if (now.step !== before.step) host.send({ type: "top" });
  });
  const onOptions = async (options: FrameOptions): Promise<void> => {
    if (await show(options, [session.locale])) return;
    emit({ type: "problem", code: "language-not-loaded", detail: languageNotLoaded });
  };
  answerHost(host, { onOptions: (options) => void onOptions(options), submit: () => submitDesign(flow) });
  emit({ type: "ready" });
  return {
    phase: "open",
    product,
    issuerName: session.issuerName,
    design,
    flow,
    readPreview: api.readPreview,
  };
}

import { createStore, type StoreApi } from "zustand/vanilla";
import { findProduct } from "#card/products.ts";
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
import { applyTheme } from "./theme.ts";

export type ClosedReason =
  | "not-framed"
  | "no-answer"
  | "refused"
  | "no-connection"
  | "session-ended"
  | "product-unknown"
  | "not-loaded"
  | "crashed";

export type AppPhase =
  | { readonly phase: "connecting" }
  | { readonly phase: "closed"; readonly reason: ClosedReason }
  | OpenSession;

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
    locale: chooseLocale(...navigator.languages),
    options: {},
    reportHeight: null,
  }));
  void connect(app).then((now) => {
    app.setState({ now });
  });
  return app;
}

async function connect(app: StoreApi<AppState>): Promise<AppPhase> {
  const host = await connectToHost();
  if (host.kind === "refused") applyOptions(app, host.options);
  if (host.kind !== "connected") return { phase: "closed", reason: host.kind };
  const { options } = host.start;
  app.setState({ reportHeight: host.reportHeight });
  applyOptions(app, options);
  const api = createApi(host);
  const close = (reason: ClosedReason): AppPhase => {
    // The page waits for `ready` and must learn that it will not come.
    const detail = createTranslate(app.getState().locale, options.messages)(`closed.${reason}.title`);
    host.send({ type: "event", event: { type: "problem", eventId: crypto.randomUUID(), code: reason, detail } });
    answerHost(host, {
      onOptions: (changed) => applyOptions(app, changed),
      submit: () => Promise.resolve({ type: "submit-failed", code: reason, detail }),
    });
    return { phase: "closed", reason };
  };
  try {
    return openDesigner(app, host, api, await api.open()) ?? close("product-unknown");
  } catch (error) {
    return close(closedReason(error));
  }
}

/** Shows the page's options. Languages the page does not ask for: the session's, or before there is one the browser's. */
function applyOptions(
  app: StoreApi<AppState>,
  options: FrameOptions,
  languages: readonly string[] = navigator.languages,
): void {
  applyTheme(options.theme);
  app.setState({ options, locale: chooseLocale(options.locale, ...languages) });
}

function closedReason(error: unknown): ClosedReason {
  const ended = error instanceof Problem && error.status >= 400 && error.status < 500 && !error.retryable;
  return ended ? "session-ended" : "no-connection";
}

/** Null when this designer does not know the session's product. */
function openDesigner(
  app: StoreApi<AppState>,
  host: HostLink,
  api: ReturnType<typeof createApi>,
  session: SessionView,
): AppPhase | null {
  const product = findProduct(session.productId);
  if (product === undefined) return null;
  const onOptions = (options: FrameOptions): void => applyOptions(app, options, [session.locale]);
  onOptions(app.getState().options);

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
  answerHost(host, { onOptions, submit: () => submitDesign(flow) });
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

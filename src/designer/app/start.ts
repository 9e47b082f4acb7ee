import { createStore, type StoreApi } from "zustand/vanilla";
import { findProduct } from "#card/products.ts";
import type { DesignerEventInput, FrameOptions, ToLoader } from "#contracts/frame-messages.ts";
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
import { createLook, type Look } from "./look.ts";

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
  void connect(app, createLook()).then((now) => {
    app.setState({ now });
  });
  return app;
}

async function connect(app: StoreApi<AppState>, look: Look): Promise<AppPhase> {
  const host = await connectToHost();
  if (host.kind === "refused") applyOptions(app, look, host.options);
  if (host.kind !== "connected") return { phase: "closed", reason: host.kind };
  const { options } = host.start;
  app.setState({ reportHeight: host.reportHeight });
  host.onScheme(look.setScheme);
  const onOptions: OnOptions = (changed, languages) => applyOptions(app, look, changed, languages);
  onOptions(options);
  const api = createApi(host);
  const close = (reason: ClosedReason): AppPhase => {
    // The page waits for `ready` and must learn that it will not come.
    const detail = createTranslate(app.getState().locale, options.messages)(`closed.${reason}.title`);
    host.send(problemEvent(reason, detail));
    answerHost(host, {
      onOptions,
      submit: () => Promise.resolve({ type: "submit-failed", code: reason, detail }),
    });
    return { phase: "closed", reason };
  };
  try {
    const opened = openDesigner(app, host, api, await api.open(), onOptions) ?? close("product-unknown");
    // Before "ready" a problem would mean that the designer cannot be started.
    if (opened.phase === "open") look.onMended((detail) => host.send(problemEvent("theme-contrast", detail)));
    return opened;
  } catch (error) {
    return close(closedReason(error));
  }
}

function problemEvent(code: string, detail: string): ToLoader {
  return { type: "event", event: { type: "problem", eventId: crypto.randomUUID(), code, detail } };
}

type OnOptions = (options: FrameOptions, languages?: readonly string[]) => void;

/** Shows the page's options. Languages the page does not ask for: the session's, or before there is one the browser's. */
function applyOptions(
  app: StoreApi<AppState>,
  look: Look,
  options: FrameOptions,
  languages: readonly string[] = navigator.languages,
): void {
  look.setTheme(options.theme);
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
  showOptions: OnOptions,
): OpenSession | null {
  const product = findProduct(session.productId);
  if (product === undefined) return null;
  const onOptions = (options: FrameOptions): void => showOptions(options, [session.locale]);
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

import { createStore, type StoreApi } from "zustand/vanilla";
import { findProduct } from "#card/products.ts";
import type { DesignerEventInput, FrameOptions } from "#contracts/frame-messages.ts";
import { Problem } from "#contracts/problem.ts";
import type { SessionView } from "#contracts/session.ts";
import { createImageClient } from "#image/client.ts";
import { createApi } from "../api/client.ts";
import { createFlow } from "../flow/flow.ts";
import { connectToHost } from "../host/connect.ts";
import type { HostLink } from "../host/host-link.ts";
import { chooseLocale } from "../locales/locale.ts";
import { createTranslate } from "../locales/text.tsx";
import { createDesignStore } from "../store/design-store.ts";
import type { AppPhase, AppState, ClosedReason } from "./app-state.ts";
import { applyTheme } from "./apply-theme.ts";
import { answerHost, submitDesign } from "./answer-host.ts";
import { noticeValues } from "../flow/notice-values.ts";

/** Connects to the issuer's page, opens the session and keeps what the whole app stands on. Call it once per page. */
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
  if (host.kind !== "connected") return { phase: "closed", reason: host.kind };
  const { options } = host.start;
  app.setState({ reportHeight: host.reportHeight });
  takeOptions(app, options);
  const api = createApi(host);
  const close = (reason: ClosedReason): AppPhase => {
    // The page waits for `ready`: it has to hear that none will come.
    const detail = createTranslate(app.getState().locale, options.messages)(`closed.${reason}.title`);
    host.send({ type: "event", event: { type: "problem", eventId: crypto.randomUUID(), code: reason, detail } });
    answerHost(host, {
      onOptions: (changed) => takeOptions(app, changed),
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
function takeOptions(
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
  const onOptions = (options: FrameOptions): void => takeOptions(app, options, [session.locale]);
  onOptions(app.getState().options);

  const translate = () => createTranslate(app.getState().locale, app.getState().options.messages);
  const tell = (news: DesignerEventInput): void =>
    host.send({ type: "event", event: { ...news, eventId: crypto.randomUUID() } });
  const design = createDesignStore(product);
  const flow = createFlow({
    api,
    image: createImageClient(),
    design,
    submission: session.submission,
    tell,
    words: {
      rulesVersion: () => translate()("rules.version").slice(0, 40),
      sentence: (code) => translate()(`notice.${code}.title`, noticeValues(product)),
    },
  });
  design.subscribe((now, before) => {
    if (!now.moving && now.placement !== null && (now.placement !== before.placement || before.moving))
      tell({ type: "changed" });
  });
  flow.state.subscribe((now, before) => {
    if (now.step !== before.step) host.send({ type: "top" });
  });
  answerHost(host, { onOptions, submit: () => submitDesign(flow) });
  tell({ type: "ready" });
  return {
    phase: "open",
    product,
    issuerName: session.issuerName,
    design,
    flow,
    readPreview: api.readPreview,
  };
}

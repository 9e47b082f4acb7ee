import { createStore, type StoreApi } from "zustand/vanilla";
import { findProduct, type Product } from "#card/products.ts";
import { describeCause } from "#contracts/describe-cause.ts";
import type { DesignerEventInput, FrameOptions } from "#contracts/frame-messages.ts";
import { Problem } from "#contracts/problem.ts";
import type { SessionView } from "#contracts/session.ts";
import { createImageClient, type ImageClient } from "#image/client.ts";
import { createApi } from "../api/client.ts";
import { NoAnswer } from "../api/request.ts";
import { createFlow } from "../flow/flow.ts";
import { createVersionWatch, problemEvent, unexpectedDetail } from "../flow/problem-event.ts";
import type { OpenSession } from "../flow/use-session.ts";
import { connectToHost } from "../host/connect.ts";
import type { HostLink } from "../host/host-link.ts";
import { randomId } from "../host/random-id.ts";
import { type AppLocale, chooseLocale } from "../locales/locale.ts";
import { createTranslate, type Translate } from "../locales/text.tsx";
import { createDesignStore } from "../store/design-store.ts";
import { answerHost, submitDesign } from "./answer-host.ts";
import { createLook, type Look } from "./look.ts";
import { createOptionsView, type ShowOptions } from "./options-view.ts";
import { createProblemReports, type ProblemReports, watchForErrors } from "./report-problems.ts";
import { listMissing } from "./requirements.ts";

export type ClosedReason =
  | "not-framed"
  | "no-answer"
  | "refused"
  | "no-connection"
  | "session-ended"
  | "product-unknown"
  | "browser-unsupported"
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
  /** Tells the issuer's page that the screen has broken. */
  readonly reportCrash?: (reason: "crashed" | "not-loaded", error: unknown) => void;
}

/** A worker that says nothing for so long may yet do its work, so the designer opens all the same. */
const workerTimeoutMs = 5000;

/** Connects to the issuer's page, opens the session and holds the state of the app. Call it once per page. */
export function startDesigner(): StoreApi<AppState> {
  const reports = createProblemReports();
  watchForErrors(window, (error) => reports.report("unexpected", error));
  const app = createStore<AppState>()(() => ({
    now: { phase: "connecting" },
    locale: chooseLocale(...likelyLanguages()),
    options: {},
    reportHeight: null,
    reportCrash: reports.report,
  }));
  void connect(app, reports, createLook()).then((now) => {
    app.setState({ now });
  });
  return app;
}

async function connect(app: StoreApi<AppState>, reports: ProblemReports, look: Look): Promise<AppPhase> {
  const missing = listMissing();
  // Said at once: the page may not be able to answer either.
  if (missing.length > 0) app.setState({ now: { phase: "closed", reason: "browser-unsupported" } });
  const show = createOptionsView(app, look);
  const host = await connectToHost();
  if (host.kind !== "connected") {
    if (missing.length > 0) return { phase: "closed", reason: "browser-unsupported" };
    const options = host.kind === "refused" ? host.options : {};
    return { phase: "closed", reason: (await show(options, likelyLanguages())) ? host.kind : "not-loaded" };
  }
  const { options } = host.start;
  if (missing.length === 0) app.setState({ reportHeight: host.reportHeight });
  host.onScheme(look.setScheme);
  // Texts and session are on their way at the same time.
  const texts = show(options, likelyLanguages());
  const emit = (event: DesignerEventInput): void =>
    host.send({ type: "event", event: { ...event, eventId: randomId() } });
  const close = async (closed: ClosedReason, cause?: string, known?: string): Promise<AppPhase> => {
    const reason = (await texts) || closed === "browser-unsupported" ? closed : "not-loaded";
    // The page waits for `ready` and must learn that it will not come.
    const detail = known ?? translateNow(app, `closed.${reason}.title`);
    emit(problemEvent(reason, detail, cause));
    answerHost(host, {
      onOptions: (changed) => void show(changed, likelyLanguages()),
      submit: () => Promise.resolve({ type: "submit-failed", code: reason, detail }),
    });
    return { phase: "closed", reason };
  };
  const refuse = (names: readonly string[]): Promise<AppPhase> =>
    close("browser-unsupported", undefined, `This browser lacks or blocks: ${names.join(", ")}.`);
  try {
    if (missing.length > 0) return await refuse(missing);
    const api = createApi(host);
    const image = createImageClient();
    const missingInWorker = image.listMissing(AbortSignal.timeout(workerTimeoutMs));
    const session = await api.open();
    const names = await missingInWorker;
    if (names.length > 0) return await refuse(names);
    const product = findProduct(session.productId);
    if (product === undefined) return await close("product-unknown");
    if (!(await show(options, [session.locale]))) return await close("not-loaded");
    const opened = openDesigner(app, { host, api, image, emit, session, product, show });
    // Before "ready" a problem would mean that the designer cannot be started.
    look.onMended((detail) => emit(problemEvent("theme-contrast", detail)));
    return opened;
  } catch (error) {
    return await close(closedReason(error), error instanceof NoAnswer ? undefined : describeCause(error));
  } finally {
    // After `ready` or what stands in its place: before that a problem means that the start has failed.
    reports.deliver(({ code, cause }) => {
      const detail = code === "unexpected" ? unexpectedDetail : translateNow(app, `closed.${code}.title`);
      emit(problemEvent(code, detail, cause));
    });
  }
}

/** A text in the language and words of the moment. */
function translateNow(app: StoreApi<AppState>, ...message: Parameters<Translate>): string {
  const { locale, options } = app.getState();
  return createTranslate(locale, options.messages)(...message);
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
  readonly host: HostLink;
  readonly api: ReturnType<typeof createApi>;
  readonly image: ImageClient;
  readonly emit: (event: DesignerEventInput) => void;
  readonly session: SessionView;
  readonly product: Product;
  readonly show: ShowOptions;
}

function openDesigner(app: StoreApi<AppState>, opened: Opened): AppPhase {
  const { host, api, image, emit, session, product, show } = opened;
  const design = createDesignStore(product);
  const translate: Translate = (id, values) => translateNow(app, id, values);
  const flow = createFlow({ api, image, design, submission: session.submission, emit, translate });
  const watchVersion = createVersionWatch(emit, translate);
  design.subscribe((now, before) => {
    const isEmpty = now.design.elements.length === 0;
    if (!now.moving && !isEmpty && (now.design !== before.design || before.moving)) emit({ type: "changed" });
  });
  flow.state.subscribe((now, before) => {
    if (now.step !== before.step) host.send({ type: "top" });
  });
  const onOptions = async (options: FrameOptions): Promise<void> => {
    if (await show(options, [session.locale])) return watchVersion(options);
    emit(problemEvent("language-not-loaded", languageNotLoaded));
  };
  answerHost(host, { onOptions: (options) => void onOptions(options), submit: () => submitDesign(flow) });
  emit({ type: "ready" });
  watchVersion(app.getState().options);
  return {
    phase: "open",
    product,
    issuerName: session.issuerName,
    design,
    flow,
    readPreview: api.readPreview,
  };
}

import { createStore, type StoreApi } from "zustand/vanilla";
import { dressProduct } from "#card/art.ts";
import { findProduct, offerProduct, type Product } from "#card/products.ts";
import { describeCause } from "#contracts/describe-cause.ts";
import type { CloseOutcome, DesignerEventInput, FrameOptions } from "#contracts/frame-messages.ts";
import { Problem } from "#contracts/problem.ts";
import type { SessionView } from "#contracts/session.ts";
import { ImageWorker } from "#image/image-worker.ts";
import { truePixels } from "#image/requirements.ts";
import { type Access, createAccess } from "../api/access.ts";
import { describeForeign } from "../api/describe-foreign.ts";
import { createProver } from "../api/prover.ts";
import { ForeignAnswer, NoAnswer, pageTransport, type Transport } from "../api/request.ts";
import { addTrace } from "../api/trace.ts";
import { hasDraftMark } from "../drafts/draft-mark.ts";
import type { AskPage } from "../flow/ask-page.ts";
import { createFirstFlow } from "../flow/first-flow.ts";
import { createFlowState } from "../flow/flow-state.ts";
import { createVersionWatch, problemEvent, unexpectedDetail } from "../flow/problem-event.ts";
import type { AskForImage } from "../flow/pick-image.ts";
import type { AboutCard, FirstSession, OpenSession } from "../flow/use-session.tsx";
import { connectToHost } from "../host/connect.ts";
import type { HostLink } from "../host/host-link.ts";
import { randomId } from "../host/random-id.ts";
import { type AppLocale, chooseLocale, loadLocale } from "../locales/locale.ts";
import { createTranslate, type Translate } from "../locales/text.tsx";
import { claimFocus } from "../ui/focus.ts";
import { answerHost, type SubmitAnswer } from "./answer-host.ts";
import { NotLoaded } from "./Closed.tsx";
import { createLayout, type Layout } from "./frame-layout.ts";
import { createLook, type Look } from "./look.ts";
import { createOptionsView, listLanguages, type ShowOptions, showAll } from "./options-view.ts";
import { createProblemReports, type ProblemReports, type ReportedCode, watchForErrors } from "./report-problems.ts";
import { listMissing } from "./requirements.ts";
import { studioPart } from "./studio-part.ts";
import { followUnusedEscape } from "./unused-escape.ts";

export type ClosedReason =
  | "not-framed"
  | "no-answer"
  | "refused"
  | "foreign-answer"
  | "no-connection"
  | "session-ended"
  | "product-unknown"
  | "browser-unsupported"
  | "pixels-protected"
  | "gone-elsewhere"
  | "not-loaded"
  | "crashed";

export type AppPhase =
  | { readonly phase: "connecting" }
  | { readonly phase: "closed"; readonly reason: ClosedReason }
  | FirstSession
  | OpenSession;

const languageNotLoaded =
  "The texts or colours that were asked for could not be loaded; the designer stays in the language it has.";

export interface AppState {
  readonly now: AppPhase;
  readonly locale: AppLocale;
  readonly options: FrameOptions;
  /** Keeps the frame as high as the element, until the returned function is called; null before there is a host. */
  readonly reportHeight: ((element: HTMLElement) => () => void) | null;
  readonly layout?: Layout;
  /** Tells the issuer's page that the screen has broken. */
  readonly reportCrash?: (reason: "crashed" | "not-loaded", error: unknown) => void;
}

/** A worker that says nothing for so long may yet do its work, so the designer opens all the same. */
const workerTimeoutMs = 5000;

/** Connects to the issuer's page, opens the session and holds the state of the app. Call it once per page. */
export function startDesigner(): StoreApi<AppState> {
  const reports = createProblemReports();
  watchForErrors(window, (error) => reports.report("unexpected", error));
  const layout = createLayout();
  const app = createStore<AppState>()(() => ({
    now: { phase: "connecting" },
    locale: chooseLocale(...listLanguages()),
    options: {},
    reportHeight: null,
    layout,
    reportCrash: (reason, error) => {
      // What has broken has no way out of its own.
      layout.giveBack();
      reports.report(reason, error);
    },
  }));
  app.subscribe(({ now }) => now.phase === "closed" && layout.giveBack());
  void connect(app, reports, createLook()).then((now) => {
    // One that is open is shown already, and may have gone on.
    if (now.phase === "closed") app.setState({ now });
  });
  return app;
}

/** What the first screen waits for and the page around has no part in: made while that is asked. */
function prepare() {
  const worker = new ImageWorker();
  // Most often the page asks for the session's language, which the server has written here.
  loadLocale(chooseLocale(...listLanguages()), "first-screen").catch(() => {});
  return {
    worker,
    missingInWorker: worker.listMissing(AbortSignal.timeout(workerTimeoutMs)),
    prover: createProver(pageTransport.baseUrl),
  };
}

async function connect(app: StoreApi<AppState>, reports: ProblemReports, look: Look): Promise<AppPhase> {
  const missing = listMissing();
  // Said at once: the page may not be able to answer either.
  if (missing.length > 0) app.setState({ now: { phase: "closed", reason: "browser-unsupported" } });
  const show = createOptionsView(app, look);
  const prepared = missing.length === 0 ? prepare() : undefined;
  const host = await connectToHost();
  if (host.kind !== "connected") {
    if (missing.length > 0) return { phase: "closed", reason: "browser-unsupported" };
    const options = "options" in host ? host.options : {};
    return {
      phase: "closed",
      reason: (await show(options, listLanguages(), "first-screen")) ? host.kind : "not-loaded",
    };
  }
  const { options } = host.start;
  if (missing.length === 0) app.setState({ reportHeight: host.reportHeight });
  host.onScheme(look.setScheme);
  app.getState().layout?.connect(host);
  nameFrame(app, host);
  // Texts and session are on their way at the same time.
  const texts = show(options, listLanguages(), "first-screen");
  // What the first screen does not need comes after what it does.
  texts.then(() => Promise.all([studioPart.load(), loadLocale(app.getState().locale)])).catch(() => {});
  const emit = createEmit(host);
  tellUnusedEscape(app, emit);
  const close = async (closed: ClosedReason, cause?: string, known?: string): Promise<AppPhase> => {
    const reason = (await texts) || closed === "browser-unsupported" ? closed : "not-loaded";
    // The page waits for `ready` and must learn that it will not come.
    const detail = known ?? translateNow(app, `closed.${reason}.title`);
    emit(problemEvent(reason, detail, cause));
    answerHost(host, {
      onOptions: (changed) => void show(changed, listLanguages()),
      submit: () => Promise.resolve({ type: "submit-failed", code: reason, detail }),
      // Of another visit: nobody here knows.
      close: () => Promise.resolve("kept"),
    });
    return { phase: "closed", reason };
  };
  const refuse = (names: readonly string[]): Promise<AppPhase> =>
    close("browser-unsupported", undefined, `This browser lacks or blocks: ${names.join(", ")}.`);
  try {
    if (prepared === undefined) return await refuse(missing);
    const { worker, missingInWorker, prover } = prepared;
    const transport = { ...pageTransport, onForeign: reports.reportForeign };
    const access = createAccess(transport, host, prover);
    const session = await access.open();
    const names = await missingInWorker;
    if (names.includes(truePixels)) return await close("pixels-protected");
    if (names.length > 0) return await refuse(names);
    const plain = findProduct(session.productId);
    if (plain === undefined) return await close("product-unknown");
    const { cardArt, issuerLogo } = session;
    const product = offerProduct(dressProduct(plain, cardArt, issuerLogo), offersOf(session));
    if (!(await show(options, listLanguages(session), "first-screen"))) return await close("not-loaded");
    const opened = await openDesigner(app, reports, { host, access, transport, worker, emit, session, product, show });
    // Before "ready" a problem would mean that the designer cannot be started.
    look.onMended((detail) => emit(problemEvent("theme-contrast", detail)));
    return opened;
  } catch (error) {
    return await close(closedReason(error), addTrace(error, causeOf(error)), detailOf(error));
  } finally {
    // After `ready` or what stands in its place: before that a problem means that the start has failed.
    reports.deliver(({ code, detail, cause }) => emit(problemEvent(code, detail ?? sayReported(app, code), cause)));
  }
}

const sayReported = (app: StoreApi<AppState>, code: ReportedCode): string =>
  code === "unexpected" ? unexpectedDetail : translateNow(app, `closed.${code}.title`);

/** A text in the language and words of the moment. */
function translateNow(app: StoreApi<AppState>, ...message: Parameters<Translate>): string {
  const { locale, options } = app.getState();
  return createTranslate(locale, options.messages)(...message);
}

const createEmit =
  (host: Pick<HostLink, "send">) =>
  (event: DesignerEventInput): void =>
    host.send({ type: "event", event: { ...event, eventId: randomId() } });

function tellUnusedEscape(app: StoreApi<AppState>, emit: (event: DesignerEventInput) => void): void {
  const isFull = (): boolean => app.getState().layout?.state.getState().isFull === true;
  followUnusedEscape(isFull, () => emit({ type: "escape" }));
}

/** Keeps the frame's accessible name on the issuer's page in the language and words that are shown. */
function nameFrame(app: StoreApi<AppState>, host: Pick<HostLink, "send">): void {
  let told = "";
  const tell = (): void => {
    const title = translateNow(app, "app.title");
    if (title === told) return;
    told = title;
    host.send({ type: "title", title });
  };
  tell();
  app.subscribe(tell);
}

/** What the issuer offers with its product, and of its own. */
function offersOf({ features, ownFilters, ownStickers, ownStickerGroup, ownTemplates }: SessionView) {
  return {
    ...(features && { features }),
    ...(ownFilters && { ownFilters }),
    ...(ownStickers && { ownStickers }),
    ...(ownStickerGroup && { ownStickerGroup }),
    ...(ownTemplates && { ownTemplates }),
  };
}

/** Where the issuer's page wants to be asked before a design is sent. */
function createAskPage({ start, ask }: HostLink): AskPage | undefined {
  return start.options.beforeSubmit === true
    ? (summary, signal) => ask("beforeSubmit", summary, signal).finally(claimFocus)
    : undefined;
}

/** Where the issuer's page has a picker of its own. */
function createAskForImage({ start, ask }: HostLink): AskForImage | undefined {
  return start.options.pickImage === true
    ? (request, signal) => ask("pickImage", request, signal).finally(claimFocus)
    : undefined;
}

function causeOf(error: unknown): string | undefined {
  return error instanceof NoAnswer ? undefined : describeCause(error);
}

/** For developers, where there is more to say than what the cardholder reads. */
function detailOf(error: unknown): string | undefined {
  return error instanceof ForeignAnswer ? describeForeign(error) : undefined;
}

function closedReason(error: unknown): ClosedReason {
  if (error instanceof NotLoaded) return "not-loaded";
  if (error instanceof ForeignAnswer) return "foreign-answer";
  const ended = error instanceof Problem && error.status >= 400 && error.status < 500 && !error.retryable;
  return ended ? "session-ended" : "no-connection";
}

interface Opened {
  readonly host: HostLink;
  readonly access: Access;
  readonly transport: Transport;
  readonly worker: ImageWorker;
  readonly emit: (event: DesignerEventInput) => void;
  readonly session: SessionView;
  readonly product: Product;
  readonly show: ShowOptions;
}

function describeCard(session: SessionView, product: Product, host: HostLink): AboutCard {
  const { issuerName, issuerNames, issuerLogo, productTexts } = session;
  const isOther = product.turnedId !== undefined && session.otherProductIds?.includes(product.turnedId) === true;
  const turnedProduct = isOther ? findProduct(product.turnedId ?? "") : undefined;
  const askForImage = createAskForImage(host);
  return { product, issuerName, issuerNames, issuerLogo, productTexts, turnedProduct, askForImage };
}

/** Photos and filters, in the worker. */
function openImages(
  { createImageClient, loadOwnFilters }: Awaited<ReturnType<typeof studioPart.load>>,
  { worker, product, transport }: Opened,
) {
  const filters = loadOwnFilters(product, transport, worker);
  return { image: createImageClient(worker, filters), filters };
}

/** Shows the session and tells the page so. The first screen waits for nothing more; a later one for what it is made of. */
async function openDesigner(app: StoreApi<AppState>, reports: ProblemReports, opened: Opened): Promise<AppPhase> {
  const { session, product, show, ...link } = opened;
  const { host, emit } = link;
  const { submission } = session;
  const about = describeCard(session, product, host);
  const state = createFlowState(submission);
  const { layout } = app.getState();
  layout?.follow(state);
  const wording = () => {
    const { locale, options } = app.getState();
    return { t: createTranslate(locale, options.messages), language: locale.language };
  };
  const { draftScope: scope } = session;
  const draftKey = scope === undefined ? undefined : { scope, productId: product.id };
  const hasDraft = session.hasDraft === true || (draftKey !== undefined && hasDraftMark(draftKey));
  const onGone = (): void => {
    app.setState({ now: { phase: "closed", reason: "gone-elsewhere" } });
    emit(problemEvent("gone-elsewhere", translateNow(app, "closed.gone-elsewhere.title")));
  };
  const deps = { ...link, state, draftKey, hasDraft, wording, layout, onGone };
  const flow = createFirstFlow(state, hasDraft && submission === null);
  const load = async (options: FrameOptions) => {
    const [studio] = await Promise.all([studioPart.load(), showAll(app, show(options, listLanguages(session)))]);
    const images = openImages(studio, opened);
    const whole = flow.handOver(() => studio.open(about, { ...deps, ...images, askPage: createAskPage(host) }));
    return { whole, submit: whole.submit, close: whole.close };
  };
  let loading = load(host.start.options);
  const now: AppPhase = submission === null ? { phase: "open", ...about, flow } : (await loading).whole;
  app.setState({ now });
  const watchVersion = createVersionWatch(emit, (...message) => translateNow(app, ...message));
  const goOn = ({ whole }: Awaited<typeof loading>): void => {
    app.setState({ now: whole });
    watchVersion(app.getState().options);
  };
  void loading.then(goOn, async () => {
    // The first screen stays for as long as nothing more is needed, and the connection may be back by then.
    await flow.isWanted();
    loading = load(app.getState().options);
    await loading.then(goOn, (error: unknown) => {
      reports.report("not-loaded", error);
      app.setState({ now: { phase: "closed", reason: "not-loaded" } });
    });
  });
  const onOptions = async (options: FrameOptions): Promise<void> => {
    if (!(await show(options, listLanguages(session))))
      return emit(problemEvent("language-not-loaded", languageNotLoaded));
    await loading;
    watchVersion(options);
  };
  const submit = async (): Promise<SubmitAnswer> => {
    const loaded = await loading.catch(() => null);
    if (loaded !== null) return loaded.submit();
    return { type: "submit-failed", code: "not-loaded", detail: translateNow(app, "closed.not-loaded.title") };
  };
  const close = (discard: boolean): Promise<CloseOutcome> =>
    loading.then((loaded) => loaded.close(discard)).catch(() => "kept");
  answerHost(host, { onOptions: (options) => void onOptions(options).catch(() => {}), submit, close });
  emit({ type: "ready" });
  return now;
}

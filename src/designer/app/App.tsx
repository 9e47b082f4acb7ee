import { type ReactNode, useEffect, useRef } from "react";
import { useStore } from "zustand/react";
import type { StoreApi } from "zustand/vanilla";
import { SessionProvider } from "../flow/use-session.tsx";
import { TextProvider, useText } from "../locales/text.tsx";
import { classNames } from "../ui/class-names.ts";
import { followFocus, keepFocusClear } from "../ui/focus.ts";
import { LiveRegion } from "../ui/LiveRegion.tsx";
import { followTyping } from "../ui/typing.ts";
import { CardBox, Workspace } from "../ui/Workspace.tsx";
import styles from "./App.module.css";
import { Closed, CrashBoundary } from "./Closed.tsx";
import { Designer } from "./Designer.tsx";
import type { Layout } from "./frame-layout.ts";
import type { AppPhase, AppState } from "./start.ts";

/** Everything on the page. */
export function App({ app }: { readonly app: StoreApi<AppState> }): ReactNode {
  const { now, locale, options, reportHeight, layout, reportCrash } = useStore(app);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (root.current !== null && reportHeight !== null) return reportHeight(root.current);
  }, [reportHeight]);
  useEffect(() => followTyping(), []);
  useEffect(() => keepFocusClear(), []);
  useEffect(() => followFocus(), []);
  // A file dropped beside everything, or before anything is there, would replace the page.
  useEffect(() => {
    const refuse = (event: Event): void => event.preventDefault();
    const listening = new AbortController();
    for (const type of ["dragover", "drop"]) document.addEventListener(type, refuse, { signal: listening.signal });
    return () => listening.abort();
  }, []);
  return (
    <TextProvider locale={locale} overrides={options.messages}>
      <div ref={root} className={styles.app}>
        <CrashBoundary onCrash={reportCrash}>
          <Phase now={now} layout={layout} />
        </CrashBoundary>
        <LiveRegion />
      </div>
    </TextProvider>
  );
}

function Phase({ now, layout }: { readonly now: AppPhase; readonly layout: Layout | undefined }): ReactNode {
  switch (now.phase) {
    case "connecting":
      return <Loading />;
    case "closed":
      return <Closed reason={now.reason} />;
    case "open":
      return (
        <SessionProvider value={now}>
          <Designer layout={layout} />
        </SessionProvider>
      );
  }
}

/** A skeleton of the first step. */
export function Loading(): ReactNode {
  const t = useText();
  const panel = (
    <>
      <div className={classNames(styles.line, styles.title)} />
      <div className={styles.line} />
      <div className={styles.line} />
    </>
  );
  return (
    <main aria-busy="true" className={styles.loading}>
      <h1 className="visually-hidden">{t("loading.title")}</h1>
      <Workspace
        stage={
          <CardBox>
            <div className={styles.shape} />
          </CardBox>
        }
        panel={panel}
      />
    </main>
  );
}

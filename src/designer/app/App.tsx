import { type ReactNode, useEffect, useRef } from "react";
import { useStore } from "zustand/react";
import type { StoreApi } from "zustand/vanilla";
import { DesignerProvider } from "../flow/use-flow.ts";
import { TextProvider } from "../locales/text.tsx";
import { DesignStoreProvider } from "../store/use-design-store.tsx";
import { LiveRegion } from "../ui/LiveRegion.tsx";
import styles from "./App.module.css";
import type { AppPhase, AppState } from "./app-state.ts";
import { Closed } from "./Closed.tsx";
import { CrashBoundary } from "./CrashBoundary.tsx";
import { Designer } from "./Designer.tsx";
import { Loading } from "./Loading.tsx";

/** Everything on the page. */
export function App({ app }: { readonly app: StoreApi<AppState> }): ReactNode {
  const { now, locale, options, reportHeight } = useStore(app);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (root.current !== null && reportHeight !== null) return reportHeight(root.current);
  }, [reportHeight]);
  return (
    <TextProvider locale={locale} overrides={options.messages}>
      <div ref={root} className={styles.app}>
        <CrashBoundary>
          <Phase now={now} />
        </CrashBoundary>
        <LiveRegion />
      </div>
    </TextProvider>
  );
}

function Phase({ now }: { readonly now: AppPhase }): ReactNode {
  switch (now.phase) {
    case "connecting":
      return <Loading />;
    case "closed":
      return <Closed reason={now.reason} />;
    case "open":
      return (
        <DesignerProvider value={now}>
          <DesignStoreProvider store={now.design}>
            <Designer />
          </DesignStoreProvider>
        </DesignerProvider>
      );
  }
}

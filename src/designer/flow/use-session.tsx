import { createContext, type ReactNode, use, useMemo } from "react";
import { useStore } from "zustand/react";
import type { Product } from "#card/products.ts";
import type { ImageClient } from "#image/client.ts";
import type { IssuerLogo, ProductTexts } from "#contracts/session.ts";
import { useLocale } from "../locales/text.tsx";
import type { DesignStore } from "../store/design-store.ts";
import type { FirstFlow } from "./first-flow.ts";
import type { Flow } from "./flow.ts";
import type { FlowState } from "./flow-state.ts";
import type { AskForImage } from "./pick-image.ts";

/** Which card this is, and whose. */
export interface AboutCard {
  readonly product: Product;
  readonly issuerName: string;
  /** By language; left out where `issuerName` is for all. */
  readonly issuerNames?: Readonly<Record<string, string>> | undefined;
  readonly issuerLogo?: IssuerLogo | undefined;
  /** The product the other way round, where the cardholder may have it instead. */
  readonly turnedProduct?: Product | undefined;
  /** What the issuer calls it; left out where it has no name. */
  readonly productTexts?: ProductTexts | undefined;
  /** Where the issuer's page has a picker of its own for photos. */
  readonly askForImage?: AskForImage | undefined;
}

/** What the first screen may use once the session is open. */
export interface FirstSession extends AboutCard {
  readonly phase: "open";
  readonly flow: FirstFlow;
}

/** What every step may use once all that comes after the first screen has been loaded. */
export interface OpenSession extends FirstSession {
  readonly flow: Flow;
  readonly design: DesignStore;
  /** Whether what the card platform shows of a picture looks like it. */
  readonly comparePictures: ImageClient["comparePictures"];
  readonly readPreview: (submissionId: string, widthPx: number, signal: AbortSignal) => Promise<Blob>;
}

const SessionContext = createContext<FirstSession | OpenSession | null>(null);

interface SessionProviderProps {
  readonly value: FirstSession | OpenSession;
  readonly children: ReactNode;
}

/** Its `issuerName` is that of the cardholder's language or, where the issuer has none in that, the English one. */
export function SessionProvider({ value, children }: SessionProviderProps): ReactNode {
  const { language } = useLocale();
  const session = useMemo(() => {
    const { issuerNames = {}, issuerName } = value;
    return { ...value, issuerName: issuerNames[language] ?? issuerNames["en"] ?? issuerName };
  }, [value, language]);
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** The session that is open: product, issuer, and what the first screen needs of the flow. */
export function useFirstSession(): FirstSession {
  const session = use(SessionContext);
  if (session === null) throw new Error("The session is used outside SessionProvider");
  return session;
}

/** Whether all that comes after the first screen is there. */
export function isWhole(session: FirstSession | OpenSession): session is OpenSession {
  return "design" in session;
}

/** The same for all that comes after the first screen, with the whole flow. */
export function useSession(): OpenSession {
  const session = useFirstSession();
  if (!isWhole(session)) throw new Error("The whole session is used before it is there");
  return session;
}

/** Where the cardholder is, kept up to date. */
export function useFlowState(): FlowState {
  return useStore(useFirstSession().flow.state);
}

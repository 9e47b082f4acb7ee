import { type CardDesigner, CardDesignerError } from "../options.ts";

export type { CloseOutcome, DesignerEvent, DesignSummary, PickRequest } from "#contracts/frame-messages.ts";
export type { SessionCredentials } from "#contracts/session-credentials.ts";
export type {
  Asked,
  BeforeSubmitAnswer,
  CardDesigner,
  CardDesignerError,
  Changes,
  Handle,
  Messages,
  Options,
  Receipt,
  ThemeTokens,
} from "../options.ts";

export interface ScriptOptions {
  /** Where the designer is served, such as `https://cards.example`. */
  readonly origin: string;
  /** Of your page's Content-Security-Policy, where that goes by nonces. */
  readonly nonce?: string | undefined;
}

const tryTimeoutMs = 20_000;
const maxTries = 2;
const pauseMs = 1_000;

/** The part of the Trusted Types API that is used here; TypeScript's DOM library does not have it yet. */
interface TrustedTypesFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** What may be a script's address under Trusted Types: of the page's own policies none lets it pass. */
const policy = (() => {
  try {
    const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypesFactory };
    return trustedTypes?.createPolicy("fullbleed", { createScriptURL: (url) => url });
  } catch {
    // The page allows no such policy. Where it asks for none, the address is taken as it is.
    return undefined;
  }
})();

/** Runs the script at `url`. Rejects when it does not come within 20 s, or may not. */
function runScript(url: string, nonce = ""): Promise<void> {
  const script = document.createElement("script");
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new Promise<void>((resolve, reject) => {
    timer = setTimeout(reject, tryTimeoutMs, new Error(`It did not come within ${tryTimeoutMs / 1000} s.`));
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error("It is blocked, or not there.")));
    script.nonce = nonce;
    script.src = policy?.createScriptURL(url) ?? url;
    document.head.append(script);
  }).finally(() => {
    clearTimeout(timer);
    script.remove();
  });
}

async function runScriptOrRetry(url: string, nonce?: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await runScript(url, nonce);
    } catch (cause) {
      const detail = `The designer's script did not run: ${url}. ${cause instanceof Error ? cause.message : ""}`;
      if (tries === maxTries) throw new CardDesignerError("script-not-loaded", detail);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

async function load(origin: string, nonce?: string): Promise<CardDesigner> {
  const url = `${origin}/embed/card-designer.js`;
  // A page may have the script itself, also at an exact address: its own tag needs no Trusted Types policy and may say `integrity`.
  const own = `${origin}/embed/card-designer`;
  const isThere = window.Fullbleed && Array.from(document.scripts).some(({ src }) => src.startsWith(own));
  if (!isThere) await runScriptOrRetry(url, nonce);
  if (!window.Fullbleed) throw new CardDesignerError("script-not-loaded", `Not the designer's script: ${url}.`);
  return window.Fullbleed.loadCardDesigner({ origin });
}

/** An address without its scheme, such as `localhost:4401`, is none, or one of a scheme "localhost". */
function readOrigin(address: string): string {
  try {
    const { origin, protocol } = new URL(address);
    if (/^https?:$/.test(protocol)) return origin;
  } catch {
    // Said below.
  }
  const detail = `origin has to be an address such as https://cards.example, not ${address}.`;
  throw new CardDesignerError("origin-unknown", detail);
}

const loads = new Map<string, Promise<CardDesigner>>();

/**
 * Loads the script of the designer that is served at `origin`, once, so that both are always of one version. Null on a server, which has no
 * page. Rejects with a `CardDesignerError`, `script-not-loaded` or `origin-unknown`; asked again it then tries again.
 */
export async function loadCardDesigner({ origin, nonce }: ScriptOptions): Promise<CardDesigner | null> {
  if (typeof document === "undefined") return null;
  const designerOrigin = readOrigin(origin);
  const loading = loads.get(designerOrigin) ?? load(designerOrigin, nonce);
  loads.set(designerOrigin, loading);
  try {
    return await loading;
  } catch (error) {
    if (loads.get(designerOrigin) === loading) loads.delete(designerOrigin);
    throw error;
  }
}

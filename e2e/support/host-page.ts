import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { asBank, type TestDemo } from "./stored-design.ts";

/** The product of each place's designer, by the id of the place. */
type Places = Readonly<Record<string, string>>;

/** What the page's own script leaves for a journey to look at. */
export interface HostWindow extends Window {
  readonly handles: Readonly<Record<string, { focus(): void; close(): Promise<unknown> }>>;
  readonly events: Readonly<Record<string, readonly { readonly type: string }[]>>;
  /** Whether the browser had kept the page, each time that it has come on screen. */
  readonly kept: readonly boolean[];
}

const script = (places: Places): string => `
  window.handles = {};
  window.events = {};
  window.kept = [];
  addEventListener("pageshow", ({ persisted }) => kept.push(persisted));
  const designer = await window.Fullbleed.loadCardDesigner();
  for (const [place, productId] of Object.entries(${JSON.stringify(places)})) {
    events[place] = [];
    handles[place] = designer.mount(document.getElementById(place), {
      fetchSession: async (why) => {
        const answer = await fetch("/api/card-session", { method: "POST", body: JSON.stringify({ why, productId }) });
        if (!answer.ok) throw new Error("no session: " + answer.status);
        return answer.json();
      },
      onEvent: (event) => events[place].push(event),
    });
  }`;

/** A bank's page of a journey's own, on a server of its own, to which one person is signed in. */
interface HostPage {
  readonly url: string;
  /** The `why` of each call of `fetchSession`. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** Serves a page with a designer in each of the places, between two links. Nothing in its headers forbids the browser to keep it. */
export async function serveHostPage(demo: TestDemo, places: Places): Promise<HostPage> {
  const asked: string[] = [];
  const sessions = new Map<string, string>();
  const cardholderId = `c-${crypto.randomUUID()}`;
  const call = async (path: string, body: object): Promise<{ sessionId: string; clientSecret: string }> => {
    const headers = { ...asBank(demo), "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body), signal: AbortSignal.timeout(60_000) };
    const answer = await fetch(`${demo.designerUrl}/v1/sessions${path}`, init);
    if (!answer.ok) throw new Error(`/v1/sessions${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as { sessionId: string; clientSecret: string };
  };
  const giveSession = async (request: IncomingMessage): Promise<string> => {
    const { why, productId } = (await json(request)) as { why: string; productId: string };
    asked.push(why);
    const known = sessions.get(productId);
    const { sessionId, clientSecret } = known
      ? await call(`/${known}/client-secrets`, {})
      : await call("", { cardholderId, productId, locale: "en", origins: [url] });
    sessions.set(productId, sessionId);
    return JSON.stringify({ sessionId, clientSecret });
  };
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A bank</title><a href="#">Before</a>
    ${Object.keys(places)
      .map((id) => `<div id="${id}"></div>`)
      .join("")}<a href="#">Behind</a>
    <script src="${demo.designerUrl}/embed/card-designer.js"></script><script type="module" src="/card.js"></script>`;
  const server = createServer((request, response) => {
    const answer = (type: string, text: string) => response.writeHead(200, { "content-type": type }).end(text);
    const fail = (error: unknown) => response.writeHead(502).end(String(error));
    if (request.url === "/api/card-session")
      giveSession(request).then((text) => answer("application/json", text), fail);
    else if (request.url === "/card.js") answer("text/javascript", script(places));
    else answer("text/html", page);
  });
  await once(server.listen(0), "listening");
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    stop: async () => {
      const closed = once(server, "close");
      server.close().closeAllConnections();
      await closed;
    },
  };
}

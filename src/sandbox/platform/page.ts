import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import * as z from "zod";
import type { ImageChecking } from "./image-checking.ts";
import { html, ledgerSection, picturesSection, switchesSection } from "./page-sections.ts";
import type { PlatformStore } from "./store.ts";
import { rejectionCode, switchesChange } from "./switches.ts";

/** The page's own files, by address. */
const assets = {
  "/page/page.css": { file: "page.css", type: "text/css; charset=utf-8" },
  "/page/page.js": { file: "page.js", type: "text/javascript; charset=utf-8" },
  "/page/icon.svg": { file: "icon.svg", type: "image/svg+xml" },
  // For the JSON, WSDL and pictures that the page links to: they name no icon, so browsers ask here.
  "/favicon.ico": { file: "icon.svg", type: "image/svg+xml" },
} as const;

const headers = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
} as const;

/** Sentences that a form may be answered with, by the name that travels in the address. */
const sentences: Readonly<Record<string, string>> = {
  set: "The switch is set.",
  wrong: "That was not understood. Nothing was changed.",
  decided: "The verdict is given.",
  late: "It had its verdict already. Nothing was changed.",
};

const number = z.string().trim().min(1).pipe(z.coerce.number());
const switchForms = z.object({
  mode: z.string().optional(),
  delaySeconds: number.optional(),
  slowSeconds: number.optional(),
  code: z.string().optional(),
  times: z.union([z.literal("").transform(() => null), number]).optional(),
});
const reviewForm = z.object({ decision: z.enum(["accept", "reject"]), code: rejectionCode.default("OTHER") });

/** Turns one form's fields into a change of one switch; undefined when they do not make one. */
function readSwitchForm(name: string, body: unknown) {
  const fields = switchForms.safeParse(body);
  if (!fields.success) return undefined;
  const { code, ...rest } = fields.data;
  const section = { ...rest, ...(code === undefined ? {} : { code: name === "sendImage" ? Number(code) : code }) };
  const change = switchesChange.safeParse({ [name]: section });
  return change.success ? change.data : undefined;
}

const shownPictures = 30;
const shownCalls = 50;

/** The page of the emulator: what it received, every call, and its switches. `said` is announced once, after a form. */
function writePage(store: PlatformStore, said: string | null): string {
  const images = store.listImages(shownPictures);
  const { text } = html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Card platform (sandbox)</title>
  <link rel="icon" href="/page/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/page/page.css">
  <script src="/page/page.js" type="module"></script>
</head>
<body>
  <header>
    <div class="bar">
      <img src="/page/icon.svg" alt="" width="28" height="28">
      <h1>Card platform</h1>
      <span class="badge">Sandbox</span>
      <nav aria-label="Interfaces">
        <a href="/PDS/ImageUpload.asmx?wsdl">WSDL</a>
        <a href="/sandbox/images">Pictures</a>
        <a href="/sandbox/switches">Switches</a>
      </nav>
    </div>
    <p class="strip">An imitation of Thales Perso Design Services for one machine. Nothing that arrives here is printed or passed on.</p>
  </header>
  <p role="status" id="said">${said ?? ""}</p>
  <main>
    ${picturesSection(images, store.findNotification)}
    ${switchesSection(store.readSwitches())}
    ${ledgerSection(store.listLatestCalls(shownCalls))}
  </main>
</body>
</html>
`;
  return text;
}

/** The page for people at `/`, its files, and its forms, which answer with the page again. */
export async function pageRoutes(
  app: FastifyInstance,
  { store, checking }: { store: PlatformStore; checking: ImageChecking },
): Promise<void> {
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: 4096 },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))),
  );
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(headers);
    const site = request.headers["sec-fetch-site"];
    const foreign = site !== undefined && site !== "same-origin" && site !== "none";
    if (request.method === "POST" && foreign)
      return reply.code(403).send({ message: "The forms are for this page only" });
  });
  app.get<{ Querystring: { said?: string } }>("/", async (request, reply) => {
    const { said = "" } = request.query;
    reply.type("text/html; charset=utf-8");
    return writePage(store, Object.hasOwn(sentences, said) ? (sentences[said] ?? null) : null);
  });
  for (const [address, { file, type }] of Object.entries(assets)) {
    app.get(address, async (_request, reply) =>
      reply.type(type).send(await readFile(new URL(`./page/${file}`, import.meta.url))),
    );
  }
  app.post<{ Params: { name: string } }>("/page/switches/:name", async (request, reply) => {
    const change = readSwitchForm(request.params.name, request.body);
    if (change !== undefined) store.changeSwitches(change);
    return reply.redirect(`/?said=${change === undefined ? "wrong" : "set"}`, 303);
  });
  app.post<{ Params: { id: string } }>("/page/images/:id/review", async (request, reply) => {
    const form = reviewForm.safeParse(request.body);
    if (!form.success) return reply.redirect("/?said=wrong", 303);
    const decided = checking.decide(request.params.id, form.data.decision === "accept" ? "00" : form.data.code);
    return reply.redirect(`/?said=${decided ? "decided" : "late"}`, 303);
  });
}

import type { FastifyInstance } from "fastify";
import * as z from "zod";
import type { Lifetime } from "../../emulator/lifetime.ts";
import { servePage, writePage } from "../../emulator/page.ts";
import { faultKinds, faultOrder } from "./faults.ts";
import { switchesSection } from "./page-forms.ts";
import { ledgerSection, picturesSection } from "./page-sections.ts";
import type { PlatformStore } from "./store.ts";
import { rejectionCode, switchesChange } from "./switches.ts";
import type { Platform } from "./work.ts";

/** Sentences that a form may be answered with, by the name that travels in the address. */
const sentences: Readonly<Record<string, string>> = {
  set: "The switch is set.",
  added: "The fault is set.",
  cleared: "All faults are cleared.",
  wrong: "That was not understood. Nothing was changed.",
  decided: "The verdict is given.",
  late: "It had its verdict already. Nothing was changed.",
};

const number = z.string().trim().min(1).pipe(z.coerce.number());
const yesOrNo = z.enum(["true", "false"]).transform((text) => text === "true");
const switchFields = z.object({
  mode: z.string().optional(),
  code: z.string().optional(),
  delaySeconds: number.optional(),
  previewDelaySeconds: number.optional(),
  searchDelaySeconds: number.optional(),
  strictNamespaces: yesOrNo.optional(),
  on: yesOrNo.optional(),
  seed: number.optional(),
  chancePercent: number.optional(),
  longestSeconds: number.optional(),
});
const faultFields = z.object({
  fault: z.string(),
  times: z.union([z.literal("").transform(() => null), number]),
  amount: z.union([z.literal("").transform(() => undefined), number]),
});
const reviewForm = z.object({ decision: z.enum(["accept", "reject"]), code: rejectionCode.default("OTHER") });

/** Changes one switch by one form's fields. False, and nothing is changed, when they make no sense. */
function setSwitch(store: PlatformStore, name: string, body: unknown): boolean {
  const fields = switchFields.safeParse(body);
  if (!fields.success) return false;
  const { chancePercent, ...rest } = fields.data;
  const chance = chancePercent === undefined ? {} : { chance: chancePercent / 100 };
  const change = switchesChange.safeParse({ [name]: { ...rest, ...chance } });
  if (!change.success) return false;
  try {
    store.changeSwitches(change.data);
    return true;
  } catch (error) {
    if (error instanceof z.ZodError) return false;
    throw error;
  }
}

/** Adds one form's fault. False, and nothing is added, when the fields make no sense. */
function addFault(store: PlatformStore, body: unknown): boolean {
  const fields = faultFields.safeParse(body);
  if (!fields.success) return false;
  const { times, amount } = fields.data;
  const [method, fault = ""] = fields.data.fault.split("/");
  const kind = Object.entries(faultKinds).find(([name]) => name === fault)?.[1];
  // The form has one field for all; a fault that counts nothing leaves it alone.
  const unit = kind !== undefined && "amount" in kind ? kind.amount.unit : undefined;
  const counted = unit === undefined || amount === undefined ? {} : { [unit]: amount };
  const order = faultOrder.safeParse({ method, fault, times, ...counted });
  if (order.success) store.addFault(order.data);
  return order.success;
}

const shownPictures = 30;
const shownCalls = 50;

/** The page of the emulator: what it received, every call, and its switches. `said` is announced once, after a form. */
function write(store: PlatformStore, said: string | null): string {
  const images = store.listImages(shownPictures);
  return writePage({
    name: "Card platform",
    about: "An imitation of Thales Perso Design Services for one machine.",
    links: {
      WSDL: "/PDS/ImageUpload.asmx?wsdl",
      Pictures: "/sandbox/images",
      Switches: "/sandbox/switches",
      Faults: "/sandbox/faults",
    },
    said: said ?? "",
    main: [
      picturesSection(images, store.listNotifications),
      switchesSection(store.readSwitches(), store.listFaults()),
      ledgerSection(store.listLatestCalls(shownCalls)),
    ],
  });
}

/** The page for people at `/`, its files, and its forms, which answer with the page again. */
export async function pageRoutes(
  app: FastifyInstance,
  { store, checking, lifetime }: Omit<Platform, "settings"> & { readonly lifetime: Lifetime },
): Promise<void> {
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: 4096 },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))),
  );
  servePage(app, new URL("./page/icon.svg", import.meta.url));
  app.addHook("onRequest", async (request, reply) => {
    const site = request.headers["sec-fetch-site"];
    const foreign = site !== undefined && site !== "same-origin" && site !== "none";
    if (request.method === "POST" && foreign)
      return reply.code(403).send({ message: "The forms are for this page only" });
  });
  app.get<{ Querystring: { said?: string } }>("/", async (request, reply) => {
    const { said = "" } = request.query;
    reply.type("text/html; charset=utf-8");
    return write(store, Object.hasOwn(sentences, said) ? (sentences[said] ?? null) : null);
  });
  app.post<{ Params: { name: string } }>("/page/switches/:name", async (request, reply) => {
    const said = setSwitch(store, request.params.name, request.body) ? "set" : "wrong";
    return reply.redirect(`/?said=${said}`, 303);
  });
  app.post("/page/faults", async (request, reply) =>
    reply.redirect(`/?said=${addFault(store, request.body) ? "added" : "wrong"}`, 303),
  );
  app.post("/page/faults/clear", async (_request, reply) => {
    store.clearFaults(null);
    lifetime.letGo();
    return reply.redirect("/?said=cleared", 303);
  });
  app.post<{ Params: { id: string } }>("/page/images/:id/review", async (request, reply) => {
    const form = reviewForm.safeParse(request.body);
    if (!form.success) return reply.redirect("/?said=wrong", 303);
    const decided = checking.decide(request.params.id, form.data.decision === "accept" ? "00" : form.data.code);
    return reply.redirect(`/?said=${decided ? "decided" : "late"}`, 303);
  });
}

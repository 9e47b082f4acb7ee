import * as z from "zod";
import { fraction } from "../../emulator/fraction.ts";

/** What draws a fault: each call, and each change of an image, once, for how the issuer is told of it. */
export const faultMethods = ["Create", "Upload", "Details", "List", "Data", "Decide", "Webhook"] as const;
export type FaultMethod = (typeof faultMethods)[number];

interface FaultKind {
  /** One sentence for people. */
  readonly says: string;
  readonly on: readonly FaultMethod[];
  /** Whether the platform does its work all the same. */
  readonly works: boolean;
}

const writes = ["Create", "Upload", "Decide"] as const;
const calls = [...writes, "Details", "List", "Data"] as const;

/** Everything that can go wrong on purpose. */
export const faultKinds = {
  refused: { says: "Breaks the connection before it reads anything", on: calls, works: false },
  "cut-reply": { says: "Does its work, and loses its answer", on: calls, works: true },
  late: { says: "Does its work at once, and answers so many seconds late", on: calls, works: true },
  "error-401": { says: "Answers 401 in its own form, nothing is done", on: calls, works: false },
  "error-404": { says: "Answers 404 in its own form, nothing is done", on: calls, works: false },
  "error-429": { says: "Answers 429 in its own form, nothing is done", on: calls, works: false },
  "error-500": { says: "Answers 500 in its own form, nothing is done", on: calls, works: false },
  "error-500-stored": { says: "Answers 500 in its own form, the work is done", on: writes, works: true },
  "page-200": { says: "A gateway answers 200 with a web page, nothing is done", on: calls, works: false },
  "page-403": { says: "A gateway answers 403 with a web page, nothing is done", on: calls, works: false },
  "page-503": { says: "A gateway answers 503 with a web page, nothing is done", on: calls, works: false },
  "page-502-stored": { says: "A gateway gives up with 502, the work is done behind it", on: writes, works: true },
  "error-422": { says: "Answers 422: it does not want this one", on: ["Create", "Upload", "Decide"], works: false },
  twice: { says: "Makes two entities and answers one", on: ["Create"], works: true },
  "twice-lost": { says: "Makes two entities, and loses its answer", on: ["Create"], works: true },
  "other-customer": { says: "Answers an entity of another customer", on: ["Create", "Details"], works: true },
  "other-customers": { says: "The list has an entity of another customer too", on: ["List"], works: true },
  "repeating-page": { says: "The list's next page is this one, for ever", on: ["List"], works: true },
  empty: { says: "The list has nothing in it", on: ["List"], works: true },
  early: { says: "The issuer is told before the call has been answered", on: ["Webhook"], works: true },
  "told-twice": { says: "The issuer is told everything twice", on: ["Webhook"], works: true },
  reordered: { says: "What the issuer is told waits for what comes after it", on: ["Webhook"], works: true },
  never: { says: "The issuer is told nothing", on: ["Webhook"], works: true },
  forged: { says: "Somebody else tells a rejection first, signed with another secret", on: ["Webhook"], works: true },
  replayed: { says: "The issuer is told, and once more as it was signed an hour ago", on: ["Webhook"], works: true },
  changed: { says: "One byte is changed on the way; then it comes as it was", on: ["Webhook"], works: true },
} as const satisfies Readonly<Record<string, FaultKind>>;

export type FaultName = keyof typeof faultKinds;
const faultNames = Object.keys(faultKinds) as FaultName[];

export function faultsOn(method: FaultMethod): FaultName[] {
  return faultNames.filter((name) => (faultKinds[name].on as readonly FaultMethod[]).includes(method));
}

export interface Fault {
  readonly name: FaultName;
  /** For those that wait. */
  readonly seconds: number;
}

const seconds = z.number().min(0).max(600);

/** As a test orders a fault for the next `times` calls. */
export const faultOrder = z
  .strictObject({
    method: z.enum(faultMethods),
    fault: z.enum(faultNames),
    seconds: seconds.default(5),
    times: z.int().min(1).max(100_000).default(1),
  })
  .refine(({ method, fault }) => faultsOn(method).includes(fault), "That method has no such fault");
export type FaultOrder = z.output<typeof faultOrder>;
export type FaultInput = z.input<typeof faultOrder>;

const chance = z.number().min(0).max(1);

/** How the platform is set up. */
export const switches = z.object({
  /** From an entity's creation until the list shows it. */
  listLagSeconds: seconds.default(0),
  /** Entities on one page of the list. */
  pageSize: z.int().min(1).max(100).default(20),
  /** Whether a repeated Idempotency-Key is recognised. */
  keepsKeys: z.boolean().default(true),
  /** Every fault now and then: each call draws one or none, the same for the same seed. */
  cruel: z
    .object({
      on: z.boolean().default(false),
      seed: z.int().min(0).max(2_147_483_647).default(1),
      /** Of each fault that `chances` does not name. */
      chance: chance.default(0.01),
      chances: z.partialRecord(z.enum(faultMethods), z.partialRecord(z.enum(faultNames), chance)).default({}),
      longestSeconds: seconds.default(10),
    })
    .prefault({}),
});
export type Switches = z.output<typeof switches>;

/** What the nth call of a method draws. */
export function drawFault({ cruel }: Switches, method: FaultMethod, nth: number): Fault | null {
  if (!cruel.on) return null;
  const drawn = fraction(`${cruel.seed}/${method}/${nth}`);
  let edge = 0;
  for (const name of faultsOn(method)) {
    edge += cruel.chances[method]?.[name] ?? cruel.chance;
    if (drawn < edge)
      return { name, seconds: fraction(`${cruel.seed}/${method}/${nth}/seconds`) * cruel.longestSeconds };
  }
  return null;
}

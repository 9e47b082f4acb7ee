import * as z from "zod";
import { fraction } from "../../emulator/fraction.ts";

/**
 * What draws a fault: each call of a method (SendImageWithDataCapture counts as SendImage; `Search` is GetImage by a data
 * capture field), and each picture that arrives, once for how the issuer is told of it (`Notification`) and once for when the
 * search finds it (`Index`).
 */
export const faultMethods = [
  "SendImage",
  "SetCustomDataCapture",
  "SetImageToPurge",
  "GetImage",
  "Search",
  "GetTemplate",
  "Notification",
  "Index",
] as const;
export type FaultMethod = (typeof faultMethods)[number];

interface FaultKind {
  /** One sentence for people. */
  readonly says: string;
  readonly on: readonly FaultMethod[];
  /** Whether the platform does its work all the same: keeps the picture, the value. */
  readonly works: boolean;
  /** What its number counts, what that is unless said, and, for bytes, the most that `cruel` draws. */
  readonly amount?: { readonly unit: "seconds" | "bytes"; readonly usual: number; readonly most?: number };
}

const send = ["SendImage"] as const;
const soap = ["SendImage", "SetCustomDataCapture", "SetImageToPurge"] as const;
const withCodes = ["SendImage", "SetImageToPurge"] as const;
const pictures = ["GetImage", "Search"] as const;
const imageApi = ["GetImage", "Search", "GetTemplate"] as const;
const calls = [...soap, ...imageApi] as const;

/** Everything that can go wrong on purpose. */
export const faultKinds = {
  refused: { says: "Breaks the connection before it reads anything", on: calls, works: false },
  "cut-request": {
    says: "Breaks the connection after so many bytes of the request",
    on: soap,
    works: false,
    amount: { unit: "bytes", usual: 100_000, most: 600_000 },
  },
  unread: { says: "Answers 503 before it has read the request", on: soap, works: false },
  "cut-reply": {
    says: "Does its work, and loses its answer after so many bytes",
    on: calls,
    works: true,
    amount: { unit: "bytes", usual: 0, most: 700 },
  },
  late: {
    says: "Does its work at once, and answers so many seconds late",
    on: calls,
    works: true,
    amount: { unit: "seconds", usual: 5 },
  },
  "minus-one": { says: "Answers -1, keeps nothing", on: soap, works: false },
  "minus-one-stored": { says: "Answers -1, yet has done its work", on: soap, works: true },
  "code-1": { says: "Answers 1: the picture or its id is not valid", on: withCodes, works: false },
  "code-2": { says: "Answers 2: the key is not valid", on: withCodes, works: false },
  "code-minus-2": { says: "Answers -2: authentication error", on: withCodes, works: false },
  "never-gone": { says: "Answers 0, and the picture stays", on: ["SetImageToPurge"], works: false },
  "empty-id": { says: "Keeps the picture, answers 0 without an id", on: send, works: true },
  "repeated-id": { says: "Answers 0 with the id of an earlier picture, keeps nothing", on: send, works: false },
  "repeated-id-stored": {
    says: "Keeps the picture under its own id, answers the id of an earlier one",
    on: send,
    works: true,
  },
  "page-200": { says: "A gateway answers 200 with a web page, nothing is done", on: calls, works: false },
  "page-200-stored": { says: "A gateway answers 200 with a web page, the work is done", on: soap, works: true },
  "page-403": { says: "A gateway answers 403 with a web page, nothing is done", on: calls, works: false },
  "page-404": { says: "A gateway answers 404 with a web page, nothing is done", on: calls, works: false },
  "page-503": { says: "A gateway answers 503 with a web page, nothing is done", on: calls, works: false },
  "page-502-stored": { says: "A gateway gives up with 502, the work is done behind it", on: soap, works: true },
  "page-504-stored": { says: "A gateway gives up with 504, the work is done behind it", on: soap, works: true },
  "fault-client": { says: "A SOAP fault that blames the caller, nothing is done", on: soap, works: false },
  "fault-server": { says: "A SOAP fault that blames the service, nothing is done", on: soap, works: false },
  "reply-gzip": { says: "A good answer, compressed although nobody asked for it", on: soap, works: true },
  "reply-mtom": { says: "A good answer as a multipart (MTOM) message", on: soap, works: true },
  "reply-other-soap": { says: "A good answer in the other version of SOAP", on: soap, works: true },
  "reply-utf16": { says: "A good answer in UTF-16", on: soap, works: true },
  "reply-bom": { says: "A good answer with a byte order mark before it", on: soap, works: true },
  "reply-white-space": { says: "A good answer with a line break before it", on: soap, works: true },
  "reply-braced-id": { says: "A good answer whose id is in braces and capitals", on: send, works: true },
  "error-400": { says: "Answers 400 Invalid Parameter", on: imageApi, works: false },
  "error-404": { says: "Answers 404 Design Not Found, though it is there", on: pictures, works: false },
  "error-500": { says: "Answers 500 Internal error", on: imageApi, works: false },
  "wrong-size": { says: "Answers a picture of 7 pixels' width", on: pictures, works: true },
  "pixel-wider": { says: "Answers a picture that is one pixel wider than asked", on: pictures, works: true },
  "header-only": { says: "Answers the first 33 bytes of the picture as if they were all", on: imageApi, works: true },
  early: { says: "The issuer is told before SendImage has been answered", on: ["Notification"], works: true },
  twice: { says: "The issuer is told everything twice", on: ["Notification"], works: true },
  reordered: { says: "The issuer is told the verdict first, then Pending", on: ["Notification"], works: true },
  never: { says: "The issuer is told nothing", on: ["Notification"], works: true },
  delayed: {
    says: "The issuer is told everything so many seconds late",
    on: ["Notification"],
    works: true,
    amount: { unit: "seconds", usual: 5 },
  },
  changed: {
    says: "The verdict is turned round so many seconds after it was given",
    on: ["Notification"],
    works: true,
    amount: { unit: "seconds", usual: 5 },
  },
  "no-data-capture": { says: "The issuer is told without DataCapture", on: ["Notification"], works: true },
  "search-late": {
    says: "The search finds the picture so many seconds later than others",
    on: ["Index"],
    works: true,
    amount: { unit: "seconds", usual: 5 },
  },
  "search-never": { says: "The search never finds the picture", on: ["Index"], works: true },
} as const satisfies Readonly<Record<string, FaultKind>>;

export type FaultName = keyof typeof faultKinds;
export const faultNames = Object.keys(faultKinds) as FaultName[];

/** One fault for one call or picture; `amount` in its kind's unit, 0 where it has none. */
export interface Fault {
  readonly name: FaultName;
  readonly amount: number;
}

function kindOf(name: FaultName): FaultKind {
  return faultKinds[name];
}

export function faultsOn(method: FaultMethod): FaultName[] {
  return faultNames.filter((name) => kindOf(name).on.includes(method));
}

/** Whether the platform does what it was asked for, whatever it answers. */
export function worksDespite(fault: Fault | null): boolean {
  return fault === null || kindOf(fault.name).works;
}

export const longestWaitSeconds = 600;
const seconds = z.number().min(0).max(longestWaitSeconds);

/** A fault for the next `times` calls; null: until it is taken away. */
export interface FaultOrder {
  readonly method: FaultMethod;
  readonly fault: Fault;
  readonly times: number | null;
}

/** As a test or the page orders a fault. `seconds` and `bytes` are for those that count them. */
export const faultOrder = z
  .strictObject({
    method: z.enum(faultMethods),
    fault: z.enum(faultNames),
    seconds: seconds.optional(),
    bytes: z
      .int()
      .min(0)
      .max(20 * 1024 * 1024)
      .optional(),
    times: z.int().min(1).max(100_000).nullable().default(1),
  })
  .transform(({ method, fault, times, ...given }, context): FaultOrder => {
    const { on, amount } = kindOf(fault);
    if (!on.includes(method)) context.addIssue(`${method} has no fault ${fault}`);
    for (const unit of ["seconds", "bytes"] as const) {
      if (given[unit] !== undefined && amount?.unit !== unit) context.addIssue(`${fault} has no ${unit}`);
    }
    const value = amount === undefined ? 0 : (given[amount.unit] ?? amount.usual);
    return { method, fault: { name: fault, amount: value }, times };
  });

export type FaultInput = z.input<typeof faultOrder>;

/** An order as it is shown: what `faultOrder` would read again. */
export function describeOrder({ method, fault, times }: FaultOrder): FaultInput {
  const unit = kindOf(fault.name).amount?.unit;
  return { method, fault: fault.name, ...(unit === undefined ? {} : { [unit]: fault.amount }), times };
}

const chance = z.number().min(0).max(1);

const chances = z
  .partialRecord(z.enum(faultMethods), z.partialRecord(z.enum(faultNames), chance))
  .superRefine((given, context) => {
    for (const [method, faults] of Object.entries(given)) {
      for (const name of Object.keys(faults ?? {})) {
        if (!faultsOn(method as FaultMethod).includes(name as FaultName))
          context.addIssue(`${method} has no fault ${name}`);
      }
    }
  });

/** Every fault now and then: each call and each arriving picture draws one fault or none. The same seed draws the same. */
export const cruelSwitch = z.object({
  on: z.boolean(),
  seed: z.int().min(0).max(2_147_483_647),
  /** Of each fault that `chances` does not name. */
  chance,
  /** Method, then fault. */
  chances,
  /** The most that a wait is drawn. */
  longestSeconds: seconds,
});
export type Cruel = z.infer<typeof cruelSwitch>;

function chanceOf({ chance, chances }: Cruel, method: FaultMethod, name: FaultName): number {
  return chances[method]?.[name] ?? chance;
}

/** The first method whose faults are together likelier than certain. */
export function findImpossible(cruel: Cruel): FaultMethod | undefined {
  return faultMethods.find(
    (method) => faultsOn(method).reduce((sum, name) => sum + chanceOf(cruel, method, name), 0) > 1 + 1e-9,
  );
}

/** What the nth call of a method draws. */
export function drawFault(cruel: Cruel, method: FaultMethod, nth: number): Fault | null {
  if (!cruel.on) return null;
  const drawn = fraction(`${cruel.seed}/${method}/${nth}`);
  let edge = 0;
  for (const name of faultsOn(method)) {
    edge += chanceOf(cruel, method, name);
    if (drawn >= edge) continue;
    const { amount } = kindOf(name);
    const part = fraction(`${cruel.seed}/${method}/${nth}/amount`);
    if (amount === undefined) return { name, amount: 0 };
    return amount.unit === "seconds"
      ? { name, amount: Math.round(part * cruel.longestSeconds * 1000) / 1000 }
      : { name, amount: Math.floor(part * (amount.most ?? amount.usual)) };
  }
  return null;
}

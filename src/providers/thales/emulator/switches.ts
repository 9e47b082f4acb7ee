import * as z from "zod";
import { cruelSwitch, findImpossible, longestWaitSeconds } from "./faults.ts";

const seconds = z.number().min(0).max(longestWaitSeconds);
/** As the platform's notifications carry it; "00" means "not rejected" and is no reason. */
export const rejectionCode = z
  .string()
  .regex(/^[A-Za-z0-9]{1,16}$/)
  .refine((code) => code !== "00", "00 means not rejected");

const reviewSwitch = z.object({
  mode: z.enum(["accept", "reject", "manual"]),
  /** From arrival to the verdict. */
  delaySeconds: seconds,
  /** For `reject`. */
  code: rejectionCode,
});

/** Of pictures that arrive from now on. */
const imageApiSwitch = z.object({
  /** From arrival until GetImage stops answering 404 by the picture's id. */
  previewDelaySeconds: seconds,
  /** From arrival, or from SetCustomDataCapture, until GetImage finds a picture by a data capture field. */
  searchDelaySeconds: seconds,
});

const soapSwitch = z.object({
  /** Elements of a request count only in their own namespace, as in .NET: others are read as null. */
  strictNamespaces: z.boolean(),
});

const dataCaptureSwitch = z.object({
  /** Fields that SetCustomDataCapture may not change: it answers 5. */
  lockedFields: z.array(z.string().min(1).max(100)).max(50),
});

/** Addresses that may call SetImageToPurge, with semicolons; null: no entry. */
const addressList = z.string().max(2000).nullable();

const purgeSwitch = z.object({
  /** From SetImageToPurge until the picture is gone. */
  delaySeconds: seconds,
  /** The setting AAM_Purge_WS_IP_Restrict in its three tables; a product's id to its entry. */
  allowedAddresses: z.object({
    product: z.record(z.string().max(100), z.string().max(2000)),
    partner: addressList,
    issuer: addressList,
  }),
});

/** How the platform is set up. What goes wrong on purpose is a fault: faults.ts. */
const switches = z.object({
  review: reviewSwitch,
  imageApi: imageApiSwitch,
  soap: soapSwitch,
  dataCapture: dataCaptureSwitch,
  purge: purgeSwitch,
  cruel: cruelSwitch,
});
export type Switches = z.infer<typeof switches>;

/** Sections and fields that are left out stay as they are. */
export const switchesChange = z.strictObject({
  review: reviewSwitch.partial().strict().optional(),
  imageApi: imageApiSwitch.partial().strict().optional(),
  soap: soapSwitch.partial().strict().optional(),
  dataCapture: dataCaptureSwitch.partial().strict().optional(),
  purge: purgeSwitch.partial().strict().optional(),
  cruel: cruelSwitch.partial().strict().optional(),
});
export type SwitchesChange = z.infer<typeof switchesChange>;

export const initialSwitches: Switches = {
  review: { mode: "accept", delaySeconds: 5, code: "INAPPROPRIATE" },
  imageApi: { previewDelaySeconds: 0, searchDelaySeconds: 0 },
  soap: { strictNamespaces: false },
  dataCapture: { lockedFields: [] },
  purge: { delaySeconds: 0, allowedAddresses: { product: {}, partner: null, issuer: null } },
  cruel: { on: false, seed: 1, chance: 0.01, chances: {}, longestSeconds: 10 },
};

/** Throws a ZodError when the chances of one method's faults are more than 1 together. */
export function applyChange(current: Switches, change: SwitchesChange): Switches {
  return switches
    .superRefine(({ cruel }, context) => {
      const method = findImpossible(cruel);
      if (method !== undefined) context.addIssue(`The chances of ${method}'s faults are more than 1 together`);
    })
    .parse({
      review: { ...current.review, ...change.review },
      imageApi: { ...current.imageApi, ...change.imageApi },
      soap: { ...current.soap, ...change.soap },
      dataCapture: { ...current.dataCapture, ...change.dataCapture },
      purge: { ...current.purge, ...change.purge },
      cruel: { ...current.cruel, ...change.cruel },
    });
}

/** What was kept, perhaps by an earlier version: switches that came since begin as they do, those that are gone are left out. */
export function readKept(text: string): Switches {
  const kept = JSON.parse(text) as Record<string, unknown>;
  return Object.keys(initialSwitches).reduce((current, name) => {
    const change = switchesChange.safeParse({ [name]: kept[name] });
    return change.success ? applyChange(current, change.data) : current;
  }, initialSwitches);
}

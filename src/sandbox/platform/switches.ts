import * as z from "zod";

const seconds = z.number().min(0).max(600);
/** As the platform's notifications carry it; "00" means "not rejected" and is no reason. */
export const rejectionCode = z
  .string()
  .regex(/^[A-Za-z0-9]{1,16}$/)
  .refine((code) => code !== "00", "00 means not rejected");

/**
 * What SendImage does with the next calls.
 * `normal` as documented; `slow` stores and answers late; `down` reads the request and answers 503; `code` stores nothing and
 * answers `code`. `drop`, `stored-minus-one`, `garbage` and `empty-id` store the picture and then lose or spoil the answer;
 * `reset` breaks the connection before reading the request.
 */
const sendImageModes = [
  "normal",
  "slow",
  "down",
  "drop",
  "reset",
  "code",
  "stored-minus-one",
  "garbage",
  "empty-id",
] as const;

const sendImageSwitch = z.object({
  mode: z.enum(sendImageModes),
  /** For `slow`. */
  delaySeconds: seconds,
  /** For `code`. */
  code: z.literal([-2, -1, 1, 2]),
  /** Calls until the switch falls back to `normal`; null: until it is set again. */
  times: z.int().min(1).max(1000).nullable(),
});

const reviewSwitch = z.object({
  mode: z.enum(["accept", "reject", "manual"]),
  /** From acceptance to the verdict. */
  delaySeconds: seconds,
  /** For `reject`. */
  code: rejectionCode,
});

/**
 * What GetImage does. `normal` as documented; `slow` answers late; `down` answers 503; `wrong` answers a picture of another size
 * than was asked for.
 */
const previewModes = ["normal", "slow", "down", "wrong"] as const;

const previewSwitch = z.object({
  mode: z.enum(previewModes),
  /** For `slow`: from the question to the answer. */
  slowSeconds: seconds,
  /** From acceptance until GetImage stops answering 404. */
  delaySeconds: seconds,
});

const switches = z.object({ sendImage: sendImageSwitch, review: reviewSwitch, preview: previewSwitch });
export type Switches = z.infer<typeof switches>;

/** Sections and fields that are left out stay as they are. */
export const switchesChange = z.strictObject({
  sendImage: sendImageSwitch.partial().strict().optional(),
  review: reviewSwitch.partial().strict().optional(),
  preview: previewSwitch.partial().strict().optional(),
});
export type SwitchesChange = z.infer<typeof switchesChange>;

export const initialSwitches: Switches = {
  sendImage: { mode: "normal", delaySeconds: 5, code: -1, times: null },
  review: { mode: "accept", delaySeconds: 5, code: "INAPPROPRIATE" },
  preview: { mode: "normal", slowSeconds: 5, delaySeconds: 0 },
};

/** A mode that is set anew without `times` lasts until it is set again, whatever an earlier one had left. */
export function applyChange(current: Switches, change: SwitchesChange): Switches {
  const times = change.sendImage?.mode === undefined ? current.sendImage.times : null;
  return switches.parse({
    sendImage: { ...current.sendImage, times, ...change.sendImage },
    review: { ...current.review, ...change.review },
    preview: { ...current.preview, ...change.preview },
  });
}

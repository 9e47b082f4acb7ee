import type { SubmissionRecord, SubmissionState } from "#contracts/submission.ts";

/** A picture as the platform lists it. */
export interface PlatformImage {
  readonly cardImageId: string;
  /** What it has in common with its submission. */
  readonly mark: string;
  readonly sha256: string;
  readonly receivedAt: number;
  readonly searchableFrom: number | null;
  readonly notifications: readonly { readonly carriesReference: boolean; readonly deliveredAt: number | null }[];
}

/** What a cardholder was told is safe. */
export interface Acknowledged {
  readonly submissionId: string;
  /** Of what the platform is to have. */
  readonly sha256: string;
}

export const underWay: ReadonlySet<SubmissionState> = new Set(["stored", "queued", "sending", "unknown"]);
const onPlatform: ReadonlySet<SubmissionState> = new Set([
  "accepted-no-id",
  "accepted",
  "in-review",
  "approved",
  "rejected",
]);

const wasTold = ({ notifications }: PlatformImage): boolean =>
  notifications.some(({ carriesReference, deliveredAt }) => carriesReference && deliveredAt !== null);

/** Both ledgers beside each other: what was acknowledged, what the server says of it, what the platform has. */
export function compareLedgers(
  acknowledged: readonly Acknowledged[],
  records: ReadonlyMap<string, SubmissionRecord>,
  images: readonly PlatformImage[],
  markOf: (record: SubmissionRecord) => string,
  quietWindowMs: number,
) {
  // What is held is looked for once in a quiet window: only a look that is over by now could have told.
  const isFound = ({ searchableFrom }: PlatformImage): boolean =>
    searchableFrom !== null && searchableFrom + 2 * quietWindowMs < Date.now();
  const answered = new Set([...records.values()].map(({ cardImageId }) => cardImageId));
  const byMark = Map.groupBy(images, (image) => image.mark);
  const complaints: string[] = [];
  const counts = { lost: 0, doubled: 0, held: 0, heldNeedless: 0, unresolvedWithoutReason: 0 };
  const count = (name: keyof typeof counts, what: string): void => {
    counts[name] += 1;
    if (name !== "held") complaints.push(`${name}: ${what}`);
  };
  const states: Partial<Record<SubmissionState, number>> = {};
  for (const { submissionId, sha256 } of acknowledged) {
    const record = records.get(submissionId);
    if (record === undefined) {
      count("lost", `${submissionId} is not on the server`);
      continue;
    }
    const { state, reference, note, cardImageId } = record;
    states[state] = (states[state] ?? 0) + 1;
    const stored = byMark.get(markOf(record)) ?? [];
    const what = `${submissionId} (${reference}) is ${state}, note ${note ?? "none"}, platform has ${stored.length}`;
    const isThere = stored.some(
      (image) => image.sha256 === sha256 && (cardImageId === null || image.cardImageId === cardImageId),
    );
    if (stored.length > 1) count("doubled", what);
    if (onPlatform.has(state) && !isThere) count("lost", what);
    if (underWay.has(state) || (state === "held" && note === null)) count("unresolvedWithoutReason", what);
    if (state !== "held") continue;
    count("held", what);
    // After so many doubtful attempts absence lets nothing be sent again.
    const isSpent = /doubtful attempts|nobody knows which/.test(note ?? "");
    const couldTell =
      stored.length === 0
        ? !isSpent &&
          images.some(
            (image) => image.receivedAt > record.updatedAt && isFound(image) && answered.has(image.cardImageId),
          )
        : stored.some((image) => isFound(image) || wasTold(image));
    if (couldTell) count("heldNeedless", what);
  }
  return { ...counts, states, complaints };
}

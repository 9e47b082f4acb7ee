import { cardholderExport, type PurgeReport, purgeReport } from "#contracts/purge.ts";
import { toOneLine } from "#contracts/one-line.ts";
import { createClient, type Surroundings, UsageError } from "./cli-client.ts";

export const purgeHelp = `  fullbleed purge SUBMISSION            what would be deleted; with --confirm it is, here and at the card platform
  fullbleed purge --cardholder ID       the same for all that is held about one cardholder
  fullbleed export CARDHOLDER           all that is held about one cardholder, as JSON`;

interface Values {
  readonly cardholder?: string | undefined;
  readonly reason?: string | undefined;
  readonly by?: string | undefined;
  readonly confirm: boolean;
}

function write({ isDone, submissions, sessions, designs, drafts, photos, warnings }: PurgeReport): string[] {
  const each = submissions.map((one) =>
    [`  ${one.submissionId}`, one.state, one.productId, one.platform, one.cardImageId ?? "no image id"].join("  "),
  );
  const counts = `${designs} designs, ${drafts} drafts, ${photos} photos, ${sessions} sessions`;
  const what = `${submissions.length} submissions, ${counts}`;
  if (isDone)
    return [
      `Deleted here: ${what}. The card platform is being told; a submission is purged once it has the picture no more.`,
      ...each,
      ...warnings,
    ];
  return [`Would be deleted: ${what}. Nothing has been deleted yet: --confirm does it.`, ...each, ...warnings];
}

/** `fullbleed purge …`, of which `words` are what follows. Throws UsageError and Refused. */
export async function runPurge(
  surroundings: Surroundings,
  words: readonly string[],
  { cardholder, reason, by, confirm }: Values,
): Promise<{ answer: PurgeReport; lines: readonly string[] }> {
  const [submission, ...more] = words;
  if ((submission === undefined) === (cardholder === undefined) || more.length > 0)
    throw new UsageError("purge takes a submission's id, or --cardholder ID.");
  if (reason === undefined || toOneLine(reason).trim() === "") throw new UsageError("purge needs --reason TEXT.");
  const path =
    cardholder === undefined
      ? `submissions/${encodeURIComponent(submission ?? "")}/purge`
      : `cardholders/${encodeURIComponent(cardholder)}/purge`;
  const body = { reason, confirm, ...(by !== undefined && { by }) };
  const answer = await createClient(surroundings)(purgeReport, path, body);
  return { answer, lines: write(answer) };
}

/** `fullbleed export CARDHOLDER`. Throws UsageError and Refused. */
export async function runExport(surroundings: Surroundings, words: readonly string[]): Promise<string> {
  const [cardholder, ...more] = words;
  if (cardholder === undefined || more.length > 0) throw new UsageError("export takes a cardholder's id.");
  const path = `cardholders/${encodeURIComponent(cardholder)}/export`;
  return JSON.stringify(await createClient(surroundings)(cardholderExport, path), null, 2);
}

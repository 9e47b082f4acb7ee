import type { PurgeReport } from "#contracts/purge.ts";
import { removeFiles } from "../drafts/drafts.ts";
import { forgetCardholder, hasDraftOf } from "../drafts/forget.ts";
import type { Providers } from "../providers.ts";
import { deletedStates, isDeleted } from "../state/machine.ts";
import { takeTurn } from "../state/transition.ts";
import type { Store, SubmissionTable } from "../store/schema.ts";
import { forgetKeys, type PurgeContext, type PurgeOrder, purgeSubmissions } from "./ask.ts";
import { type LogPosition, markApplied } from "./log.ts";

/** Of one issuer. */
export interface Cardholder {
  readonly issuerId: string;
  readonly cardholderId: string;
}

const most = 200;
const slice = 50;

function sessionsOf(store: Store, { issuerId, cardholderId }: Cardholder, until = Number.MAX_SAFE_INTEGER) {
  return store
    .selectFrom("sessions")
    .where("issuer_id", "=", issuerId)
    .where("cardholder_id", "=", cardholderId)
    .where("created_at", "<=", until);
}

function keptOf(store: Store, { issuerId, cardholderId }: Cardholder) {
  return store
    .selectFrom("submissions")
    .selectAll()
    .where("issuer_id", "=", issuerId)
    .where("cardholder_id", "=", cardholderId)
    .where("state", "not in", [...deletedStates]);
}

/** Drafts, or the photos of drafts. */
export function draftsOf(store: Store, table: "drafts" | "assets", { issuerId, cardholderId }: Cardholder) {
  return store.selectFrom(table).where("issuer_id", "=", issuerId).where("cardholder_id", "=", cardholderId);
}

/** Whether anything at all is held about the cardholder, tombstones among it. */
export async function isKnown(store: Store, of: Cardholder): Promise<boolean> {
  const session = await sessionsOf(store, of).select("id").limit(1).executeTakeFirst();
  if (session !== undefined) return true;
  // A draft outlives its session.
  for (const table of ["drafts", "assets"] as const)
    if ((await draftsOf(store, table, of).select("sha256").limit(1).executeTakeFirst()) !== undefined) return true;
  return false;
}

async function countDrafts(store: Store, of: Cardholder): Promise<Pick<PurgeReport, "drafts" | "photos">> {
  const count = async (table: "drafts" | "assets"): Promise<number> =>
    (
      await draftsOf(store, table, of)
        .select(({ fn }) => fn.countAll<number>().as("n"))
        .executeTakeFirst()
    )?.n ?? 0;
  return { drafts: await count("drafts"), photos: await count("assets") };
}

/** What the platform has, or may have. */
const onPlatform: ReadonlySet<SubmissionTable["state"]> = new Set([
  "sending",
  "unknown",
  "held",
  "accepted-no-id",
  "accepted",
  "in-review",
  "approved",
  "rejected",
]);
const onCards: ReadonlySet<SubmissionTable["state"]> = new Set(["accepted-no-id", "accepted", "in-review", "approved"]);
const inDoubt: ReadonlySet<SubmissionTable["state"]> = new Set(["sending", "unknown", "held"]);

type Reported = PurgeReport["submissions"][number];

function warn(submissions: readonly Reported[]): string[] {
  const count = (holds: (one: Reported) => boolean): number => submissions.filter(holds).length;
  const there = (one: Reported): boolean => onPlatform.has(one.state);
  const cards = count(({ state }) => onCards.has(state));
  const doubts = count(({ state }) => inDoubt.has(state));
  const elsewhere = count((one) => there(one) && one.purge === "elsewhere");
  const unsupported = count((one) => there(one) && one.purge === "unsupported");
  const missing = count((one) => there(one) && one.purge === null);
  const sentences: readonly [number, string][] = [
    [
      cards,
      "accepted for a card: no card can be made, replaced or reissued with it any more, and its image id at the card platform will show nothing",
    ],
    [doubts, "may be at the card platform, or not: deleted there as soon as that is known"],
    [elsewhere, "cannot be deleted at the card platform by this server, which has no key for that: delete it there"],
    [unsupported, "stays at its card platform, which cannot delete a picture that it has"],
    [missing, "waits for the settings of its card platform, which are missing"],
  ];
  return sentences.filter(([n]) => n > 0).map(([n, sentence]) => `Pictures: ${n}. Each ${sentence}.`);
}

function toReported(providers: Pick<Providers, "of">, row: SubmissionTable): Reported {
  return {
    submissionId: row.id,
    productId: row.product_id,
    state: row.state,
    cardImageId: row.card_image_id,
    platform: row.provider,
    purge: providers.of(row).capabilities(row.product_id).purge,
  };
}

interface ReportContext {
  readonly store: Store;
  readonly providers: Pick<Providers, "of">;
}

/** What is deleted with this one. */
export async function reportSubmission(
  { store, providers }: ReportContext,
  row: SubmissionTable,
): Promise<Omit<PurgeReport, "isDone">> {
  const submissions = isDeleted(row) ? [] : [toReported(providers, row)];
  const design = await store
    .selectFrom("designs")
    .select("sha256")
    .where("session_id", "=", row.session_id)
    .where("sha256", "=", row.design_sha256)
    .executeTakeFirst();
  const drafts = !isDeleted(row) && (await hasDraftOf(store, row)) ? 1 : 0;
  // All that a draft can have is printed: one.
  const counts = { sessions: 0, designs: design === undefined ? 0 : 1, drafts, photos: drafts };
  return { submissions, ...counts, warnings: warn(submissions) };
}

/** What is deleted with all that is held about the cardholder. */
export async function reportCardholder(
  { store, providers }: ReportContext,
  of: Cardholder,
): Promise<Omit<PurgeReport, "isDone">> {
  const rows = await keptOf(store, of).orderBy("created_at", "desc").limit(most).execute();
  const submissions = rows.map((row) => toReported(providers, row));
  const sessions = await sessionsOf(store, of)
    .where("expires_at", ">", 0)
    .select(({ fn }) => fn.countAll<number>().as("n"))
    .executeTakeFirst();
  const designs = await store
    .selectFrom("designs")
    .select(({ fn }) => fn.countAll<number>().as("n"))
    .where("session_id", "in", sessionsOf(store, of).select("id"))
    .executeTakeFirst();
  const counts = { sessions: sessions?.n ?? 0, designs: designs?.n ?? 0, ...(await countDrafts(store, of)) };
  return { submissions, ...counts, warnings: warn(submissions) };
}

/**
 * Ends the sessions that were opened by then: those in which something was sent stay as what the tombstones refer to, with
 * nothing of the cardholder's in them. What is on its way into them is refused from now on. Drafts go too; gives their photos' files.
 */
async function endSessions(
  store: Store,
  of: Cardholder,
  until: number,
  end: LogPosition | undefined,
): Promise<string[]> {
  return store.transaction().execute(async (trx) => {
    await takeTurn(trx, of.issuerId);
    const all = () => sessionsOf(trx, of, until).select("id");
    await trx.deleteFrom("designs").where("session_id", "in", all()).execute();
    await trx
      .updateTable("sessions")
      .set({ expires_at: 0, data_capture: "{}", hosted: null })
      .where("id", "in", all())
      .execute();
    const unused = () =>
      all().where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom("submissions").select("submissions.id").whereRef("session_id", "=", "sessions.id"))),
      );
    await trx.deleteFrom("credentials").where("session_id", "in", unused()).execute();
    await trx.deleteFrom("sessions").where("id", "in", unused()).execute();
    await markApplied(trx, end);
    return forgetCardholder(trx, { issuer_id: of.issuerId, cardholder_id: of.cardholderId }, until);
  });
}

/** What was sent in sessions that a deletion has ended is deleted: that is over only then. Of one cardholder, or of all. */
export async function purgeEnded(context: PurgeContext, order: PurgeOrder, of?: Cardholder): Promise<number> {
  let count = 0;
  for (;;) {
    const rows = await context.store
      .selectFrom("sessions")
      .innerJoin("submissions", "submissions.session_id", "sessions.id")
      .select(["submissions.id", "submissions.issuer_id", "submissions.state"])
      .where("sessions.expires_at", "=", 0)
      .where("submissions.state", "not in", [...deletedStates])
      .$if(of !== undefined, (query) =>
        query
          .where("sessions.issuer_id", "=", of?.issuerId ?? "")
          .where("sessions.cardholder_id", "=", of?.cardholderId ?? ""),
      )
      .limit(slice)
      .execute();
    count += await purgeSubmissions(context, rows, order);
    if (rows.length < slice) return count;
  }
}

/**
 * Deletes everything that is held about one cardholder of an issuer: submissions, designs, sessions and what was to be written
 * beside a picture; with `until` (epoch ms), what came by then. Repeating it is safe.
 */
export async function purgeCardholder(
  context: PurgeContext,
  of: Cardholder,
  order: PurgeOrder,
  until?: number,
): Promise<number> {
  const { store, purgeLog } = context;
  const newest = await sessionsOf(store, of)
    .select(({ fn }) => fn.max<number | null>("created_at").as("at"))
    .executeTakeFirst();
  const draft = await draftsOf(store, "drafts", of)
    .select(({ fn }) => fn.max<number | null>("changed_at" as never).as("at"))
    .executeTakeFirst();
  // No clock that was set back meanwhile hides anything.
  const latest = until ?? Math.max(context.now(), newest?.at ?? 0, draft?.at ?? 0);
  const files = await purgeLog.during({ at: latest, ...of }, (end) =>
    endSessions(store, of, until ?? Number.MAX_SAFE_INTEGER, end),
  );
  await removeFiles(context, files);
  const count = await purgeEnded(context, order, of);
  // With nothing that was sent, only sessions and drafts have gone.
  if (count === 0) await forgetKeys(context);
  return count;
}

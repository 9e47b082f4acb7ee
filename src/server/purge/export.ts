import type { CardholderExport } from "#contracts/purge.ts";
import type { Providers } from "../providers.ts";
import { readHosted } from "../sessions/hosted.ts";
import { readHistory } from "../state/history.ts";
import type { DesignTable, SessionTable, Store, SubmissionTable } from "../store/schema.ts";
import type { Cardholder } from "./cardholder.ts";

const everything = Number.MAX_SAFE_INTEGER;

function toSession(session: SessionTable, designs: readonly DesignTable[]): CardholderExport["sessions"][number] {
  return {
    sessionId: session.id,
    productId: session.product_id,
    otherProductIds: JSON.parse(session.other_products) as string[],
    locale: session.locale,
    origins: JSON.parse(session.origins) as string[],
    hosted: readHosted(session),
    dataCapture: JSON.parse(session.data_capture) as Record<string, string>,
    createdAt: session.created_at,
    expiresAt: session.expires_at,
    revokedAt: session.revoked_at,
    designs: designs.map(({ sha256, created_at, document }) => ({
      designSha256: sha256,
      createdAt: created_at,
      document: JSON.parse(document) as unknown,
    })),
  };
}

async function toSubmission(
  store: Store,
  providers: Pick<Providers, "of">,
  row: SubmissionTable,
): Promise<CardholderExport["submissions"][number]> {
  const kept = await store.selectFrom("pictures").select("file").where("submission_id", "=", row.id).executeTakeFirst();
  const picture = {
    sha256: row.picture_sha256,
    bytes: row.picture_bytes,
    mediaType: row.media_type,
    path: `/v1/submissions/${row.id}/picture`,
  };
  return { ...(await readHistory(store, providers, row.id, everything)), picture: kept === undefined ? null : picture };
}

async function listDrafts(store: Store, of: Cardholder): Promise<Pick<CardholderExport, "drafts" | "photos">> {
  const own = { issuer_id: of.issuerId, cardholder_id: of.cardholderId };
  const drafts = await store
    .selectFrom("drafts")
    .selectAll()
    .where(({ and }) => and(own))
    .execute();
  const assets = await store
    .selectFrom("assets")
    .selectAll()
    .where(({ and }) => and(own))
    .execute();
  return {
    drafts: drafts.map((draft) => ({
      productId: draft.product_id,
      draftSha256: draft.sha256,
      changedAt: draft.changed_at,
      document: JSON.parse(draft.document) as unknown,
    })),
    photos: assets.map(({ product_id: productId, sha256, bytes, media_type: mediaType, stored_at: storedAt }) => ({
      productId,
      sha256,
      bytes,
      mediaType,
      storedAt,
      path: `/v1/cardholders/${encodeURIComponent(of.cardholderId)}/photos/${productId}/${sha256}`,
    })),
  };
}

/** All that is held about one cardholder of an issuer. */
export async function exportCardholder(
  { store, providers, now }: { store: Store; providers: Pick<Providers, "of">; now(): number },
  { issuerId, cardholderId }: Cardholder,
): Promise<CardholderExport> {
  const sessions = await store
    .selectFrom("sessions")
    .selectAll()
    .where("issuer_id", "=", issuerId)
    .where("cardholder_id", "=", cardholderId)
    .orderBy("created_at", "desc")
    .execute();
  const rows = await store
    .selectFrom("submissions")
    .selectAll()
    .where("issuer_id", "=", issuerId)
    .where("cardholder_id", "=", cardholderId)
    .orderBy("created_at", "desc")
    .execute();
  const opened = [];
  for (const session of sessions) {
    const designs = await store.selectFrom("designs").selectAll().where("session_id", "=", session.id).execute();
    opened.push(toSession(session, designs));
  }
  const submissions = [];
  for (const row of rows) submissions.push(await toSubmission(store, providers, row));
  const drafts = await listDrafts(store, { issuerId, cardholderId });
  return { cardholderId, exportedAt: now(), sessions: opened, ...drafts, submissions };
}

import type { Store, SubmissionTable } from "../store/schema.ts";
import type { BlobStore, Found } from "./blob-store.ts";

type Asked = Pick<SubmissionTable, "id" | "picture_sha256">;

/** The picture of a submission, unsealed. Throws when it cannot be read at this moment. */
export async function readPicture(store: Store, blobs: BlobStore, { id, picture_sha256 }: Asked): Promise<Found> {
  const find = () => store.selectFrom("pictures").selectAll().where("submission_id", "=", id).executeTakeFirst();
  const seen = await find();
  const found = seen === undefined ? "absent" : await blobs.get(seen, picture_sha256);
  if (found !== "absent") return found;
  // One of before may have been sealed at this very moment.
  const now = await find();
  return now === undefined || now.file === seen?.file ? found : blobs.get(now, picture_sha256);
}

import path from "node:path";
import { expect, test } from "vitest";
import { openFileBlobStore } from "../blobs/file-blob-store.ts";
import { openStore } from "../store/open.ts";
import { onlyProvider } from "../testing/app.ts";
import { accepted, openCourierBench, type Send } from "../testing/courier.ts";
import { createCourier } from "./courier.ts";

test("two couriers, each with a connection of its own to one database, send each picture once", async () => {
  const bench = await openCourierBench();
  const ids = Array.from({ length: 20 }, (_, index) => `s${index}`);
  for (const id of ids) await bench.queue(id);
  const sent: string[] = [];
  const send: Send = async ({ cardholderId }) => {
    sent.push(cardholderId);
    return accepted(`img-${cardholderId}`);
  };
  const store = await openStore(path.join(bench.folder, "db.sqlite"));
  const blobs = await openFileBlobStore(path.join(bench.folder, "pictures"), 1_000);
  const providers = onlyProvider({ ...bench.plain, send });
  const other = createCourier({
    ...bench.context,
    store,
    blobs,
    providers,
    sendTimeoutMs: 15_000,
    policy: { pollMs: 20 },
  });
  await Promise.all([bench.start(send), other.start()]);
  for (const id of ids) await bench.reaches(id, "accepted");
  await other.stop();
  await store.destroy();
  await bench.close();
  expect(sent.toSorted()).toEqual(ids.toSorted());
});

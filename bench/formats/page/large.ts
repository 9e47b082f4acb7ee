// Runs in the browser: opens a large photo and prints it, all of it or a part, as the address says.
import { clampPlacement, coverPlacement } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { createImageClient, PhotoProblem } from "#image/client.ts";
import { designOf } from "#image/testing/open-photo.ts";

const [product] = products;
const zoom = Number(new URLSearchParams(location.search).get("zoom") ?? 1);

async function run(): Promise<string> {
  const client = createImageClient();
  // The worker and the kernel are there before the photo is.
  const small = await client.openPhoto(await (await fetch("/small")).blob(), product);
  await client.renderPicture(designOf(small, coverPlacement(small, product), product), [small], product);
  small.close();
  await fetch("/ready", { method: "POST" });
  const photo = await client.openPhoto(await (await fetch("/large")).blob(), product);
  await fetch("/opened", { method: "POST" });
  const cover = coverPlacement(photo, product);
  const placement = clampPlacement({ ...cover, mmPerPx: cover.mmPerPx * zoom }, photo, product);
  const { sha256 } = await client.renderPicture(designOf(photo, placement, product), [photo], product);
  return sha256;
}

const said = await run().catch(
  (error: unknown) => `failed: ${error instanceof PhotoProblem ? error.code : String(error)}`,
);
await fetch("/done", { method: "POST", body: said });

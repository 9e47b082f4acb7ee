import { products } from "#card/products.ts";
import { createDesign, type Design } from "#design/design.ts";
import { installTrustedTypes } from "#designer/trusted-types.ts";
import { createImageClient, type OpenPhoto, PhotoProblem } from "#image/client.ts";
import { ImageWorker } from "#image/image-worker.ts";
import type { MadePhoto, PageAnswer, PageJobs, PhotoJob } from "./picture-jobs.ts";

const [product] = products;
const faults: string[] = [];
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  faults.push(`${violatedDirective}: ${blockedURI}`),
);
addEventListener("error", ({ message }) => faults.push(message));
addEventListener("unhandledrejection", ({ reason }) => faults.push(String(reason)));
installTrustedTypes();

const worker = new ImageWorker();
const client = createImageClient(worker);

async function digestShown({ preview }: OpenPhoto): Promise<string> {
  const { width, height } = preview;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  if (context === null) throw new Error("there is no canvas");
  context.drawImage(preview, 0, 0);
  const digest = await crypto.subtle.digest("SHA-256", context.getImageData(0, 0, width, height).data);
  return new Uint8Array(digest).toString();
}

/** Opens, looks at and renders it as the designer does; the picture goes to Node. */
async function make(job: PhotoJob, at: number): Promise<MadePhoto> {
  const file = await (await fetch(`/files/${at}`)).blob();
  const photo = await client.openPhoto(file, product);
  const { sha256, widthPx, heightPx, transparent, coloursMayDiffer } = photo;
  const { placement, ground, look } = job;
  const empty = createDesign(product);
  const element = { kind: "photo", id: "photo", sha256, widthPx, heightPx, placement } as const;
  const design: Design = { ...empty, ground: ground ?? empty.ground, elements: [element], look };
  const { png, sha256: pictureSha256 } = await client.renderPicture(design, [photo], product);
  await fetch(`/pictures/${at}`, { method: "POST", body: png });
  const shown = await digestShown(photo);
  photo.close();
  return { widthPx, heightPx, transparent, coloursMayDiffer, shown, sha256: pictureSha256 };
}

function paintAll(): Promise<PageAnswer["painted"]> {
  const painting = new Worker(new URL("./painting/worker.ts", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    painting.addEventListener("message", ({ data }: MessageEvent<PageAnswer["painted"]>) => resolve(data));
    painting.addEventListener("error", ({ message }) => reject(new Error(`vectors are not painted: ${message}`)));
  });
}

async function makeAll({ isPainting, photos }: PageJobs): Promise<PageAnswer> {
  const checked = await worker.ask({ kind: "check" }, {});
  const missing = checked.kind === "checked" ? checked.missing : [checked.kind];
  const made: Record<string, MadePhoto | { problem: string }> = {};
  for (const [at, job] of photos.entries()) {
    made[job.name] = await make(job, at).catch((error: unknown) => {
      const cause = error instanceof PhotoProblem && error.code !== "damaged-image" ? `: ${String(error.cause)}` : "";
      return { problem: `${error instanceof Error ? error.message : String(error)}${cause}` };
    });
  }
  const painted = isPainting ? await paintAll() : {};
  return { missing, faults, made, painted };
}

const body = await fetch("/jobs")
  .then((response) => response.json() as Promise<PageJobs>)
  .then(makeAll)
  .then(JSON.stringify, (error: unknown) => String(error));
await fetch("/answer", { method: "POST", body });

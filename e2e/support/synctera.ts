import type { Demo } from "#sandbox/launcher/demo.ts";
import type { CallLine, StoredImage } from "#providers/synctera/emulator/store.ts";

async function ask(demo: Demo, path: string): Promise<Response> {
  const response = await fetch(`${demo.syncteraUrl}/sandbox/${path}`, { signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response;
}

/** Every card image that Synctera has, oldest first. */
export async function cardImages(demo: Demo): Promise<StoredImage[]> {
  return ((await (await ask(demo, "images")).json()) as { images: StoredImage[] }).images;
}

/** The JPEG of a card image. */
export async function cardImageData(demo: Demo, id: string): Promise<Uint8Array> {
  return new Uint8Array(await (await ask(demo, `images/${id}/picture`)).arrayBuffer());
}

/** The calls about a card image that changed something, oldest first. */
export async function writesOf(demo: Demo, id: string): Promise<CallLine["method"][]> {
  const { calls } = (await (await ask(demo, "ledger")).json()) as { calls: CallLine[] };
  const isWrite = ({ method }: CallLine) => ["Create", "Upload", "Decide"].includes(method);
  return calls.filter((call) => call.cardImageId === id && isWrite(call)).map(({ method }) => method);
}

import type { Demo } from "#sandbox/launcher/demo.ts";
import type { FaultInput } from "#providers/thales/emulator/faults.ts";
import type { SwitchesChange } from "#providers/thales/emulator/switches.ts";

/** One call that the platform received, as its ledger keeps it. */
export interface Call {
  readonly method: string;
  readonly sha256: string | null;
  readonly bytes: number | null;
  readonly resultCode: number | null;
  readonly cardImageId: string | null;
}

async function ask(demo: Demo, path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(`${demo.platformUrl}${path}`, { ...init, signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response;
}

function sendJson(demo: Demo, method: string, path: string, body: object): Promise<Response> {
  return ask(demo, path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** Every SendImage call that carried these very bytes. */
export async function callsWith(demo: Demo, sha256: string): Promise<Call[]> {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`"${sha256}" is no SHA-256`);
  const { calls } = (await (await ask(demo, "/sandbox/ledger?limit=5000")).json()) as { calls: Call[] };
  return calls.filter((call) => call.sha256 === sha256);
}

/** What the platform keeps, newest first. */
export async function keptPictures(demo: Demo): Promise<{ cardImageId: string; sha256: string }[]> {
  const { images } = (await (await ask(demo, "/sandbox/images?limit=100")).json()) as {
    images: { cardImageId: string; sha256: string }[];
  };
  return images;
}

/** The bytes that the platform keeps for this picture. */
export async function keptPicture(demo: Demo, cardImageId: string): Promise<Uint8Array> {
  return new Uint8Array(await (await ask(demo, `/sandbox/images/${cardImageId}/picture`)).arrayBuffer());
}

/** Sets the platform's switches; what is left out stays as it is. */
export async function setSwitches(demo: Demo, change: SwitchesChange): Promise<void> {
  await sendJson(demo, "PUT", "/sandbox/switches", change);
}

/** What goes wrong with the platform's next call, or with as many as `times` says. */
export async function addFault(demo: Demo, fault: FaultInput): Promise<void> {
  await sendJson(demo, "POST", "/sandbox/faults", fault);
}

export async function clearFaults(demo: Demo): Promise<void> {
  await ask(demo, "/sandbox/faults", { method: "DELETE" });
}

export async function rejectPicture(demo: Demo, cardImageId: string, code: string): Promise<void> {
  await sendJson(demo, "POST", `/sandbox/images/${cardImageId}/review`, { decision: "reject", code });
}

/** A person's verdict on the picture that came last; it waits for one as long as the review is `manual`. */
export async function judgeNewestPicture(
  demo: Demo,
  verdict: { decision: "accept" } | { decision: "reject"; code: string },
): Promise<void> {
  const [newest] = await keptPictures(demo);
  if (newest === undefined) throw new Error("the platform has no picture to judge");
  await sendJson(demo, "POST", `/sandbox/images/${newest.cardImageId}/review`, verdict);
}

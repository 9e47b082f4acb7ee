import { vi } from "vitest";
import { capturedField, type Marks } from "./canary-marks.ts";
import type { Needle, Source } from "./canary-search.ts";

/** Who asks, by what it shows. */
function partyOf(authorization: string, { secrets }: Marks): string {
  if (authorization.endsWith(secrets.issuerKey)) return "the issuer";
  if (authorization.endsWith(secrets.secondIssuerKey)) return "the second issuer";
  return authorization.includes("tok_") ? "a frame" : "anybody";
}

/** Without ids. */
const toPattern = (path: string): string => path.replaceAll(/[^/]{20,}/g, "ID");

const secretForm = /\b(?:cs|tok)_[A-Za-z0-9_-]{43}|whsec_[A-Za-z0-9+/=]{24,}/g;

/**
 * From now on every answer to this process is written down, whoever of its helpers has asked, and what is given out in it is a
 * secret too. Sessions of the first bank are opened with a name in their data capture.
 */
export function recordReplies(marks: Marks, nameOf: (host: string) => string) {
  const replies: Source[] = [];
  const proofs = new Set<string>();
  const given = new Set<string>();
  const reading: Promise<void>[] = [];
  const really = fetch;

  async function keep(name: string, response: Response): Promise<void> {
    const head = `${response.status} ${response.statusText}\n${[...response.headers].map((one) => one.join(": ")).join("\n")}\n`;
    const pieces: Uint8Array[] = [];
    try {
      for await (const piece of response.body ?? []) pieces.push(piece);
    } catch {
      // What has come until its reader left is what it has seen.
    }
    const body = Buffer.concat(pieces);
    for (const [secret] of body.toString("latin1").matchAll(secretForm)) given.add(secret);
    replies.push({ name: `${name}, its head`, bytes: Buffer.from(head) }, { name, bytes: body });
  }

  vi.stubGlobal("fetch", async (input: string | URL, init: RequestInit = {}) => {
    const url = new URL(input);
    const { method = "GET", body } = init;
    const authorization = new Headers(init.headers).get("authorization") ?? "";
    const proof = new Headers(init.headers).get("dpop");
    if (proof !== null) proofs.add(proof);
    const isOpened = url.pathname === "/v1/sessions" && typeof body === "string" && body.includes(marks.cardholder);
    const captured = { dataCapture: { [capturedField]: marks.captured } };
    const sent = isOpened ? JSON.stringify({ ...JSON.parse(body), ...captured }) : body;
    const response = await really(url, { ...init, ...(sent !== undefined && sent !== null && { body: sent }) });
    const name = `answer of ${nameOf(url.host)} to ${partyOf(authorization, marks)}: ${method} ${toPattern(url.pathname)}`;
    reading.push(keep(name, response.clone()));
    return response;
  });
  return {
    replies,
    /** Secrets that were given out, without what all of a kind begin with. */
    listGiven: (): Needle[] =>
      [...given].map((secret) => {
        const [kind = ""] = secret.split("_", 1);
        return { name: `given out: ${kind}`, bytes: Buffer.from(secret.slice(kind.length + 1)) };
      }),
    /** Of each proof of a key that was shown, what it says and its signature: its head says only whose it is. */
    listProofs: (): Needle[] =>
      [...proofs].flatMap((proof) =>
        proof
          .split(".")
          .slice(1)
          .map((part) => ({ name: "proof of a key", bytes: Buffer.from(part) })),
      ),
    /** Resolves when every answer has ended, and no more is written down. */
    async end(): Promise<void> {
      vi.unstubAllGlobals();
      await Promise.allSettled(reading);
    },
  };
}

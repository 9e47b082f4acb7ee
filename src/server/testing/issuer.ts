import { randomUUID } from "node:crypto";
import { writeAgreement } from "#contracts/agreement.ts";
import type { SessionSecret, TokenAnswer } from "#contracts/session.ts";
import type { DesignStored, SubmissionView } from "#contracts/submission.ts";
import type { Design } from "#design/design.ts";
import type { DesignDocument } from "#design/document.ts";
import { writeSha256 } from "../upload/digest.ts";
import { testEnv } from "./env.ts";
import { sha256Of } from "./picture.ts";

/** What a designer's frame does, over HTTP. */
export interface Frame {
  readonly cardholderId: string;
  readonly sessionId: string;
  readonly authorization: string;
  putDesign(design?: DesignDocument): Promise<string>;
  headersFor(picture: Uint8Array, designSha256: string, key?: string): Record<string, string>;
  send(picture: Uint8Array, designSha256: string, key?: string): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
}

const file = { sha256: "a".repeat(64), widthPx: 4000, heightPx: 3000 };
const placement = { xMm: 0, yMm: 0, mmPerPx: 0.03, rotationDeg: 0, mirrored: false };
export const testAgreement = { rulesVersion: "1", agreedAt: 1_767_225_600_000 };

export const testDesign: Design = {
  version: 2,
  productId: "photo-landscape",
  ground: "#ffffff",
  elements: [{ kind: "photo", id: "photo", ...file, placement }],
};

/** The same card as another document: its photo has this id. */
export function designWithId(id: string): Design {
  return { ...testDesign, elements: testDesign.elements.map((photo) => ({ ...photo, id })) };
}

/** The same card as the first designers stored it. */
export const firstDesign = {
  version: 1,
  productId: "photo-landscape",
  photo: file,
  placement,
  agreement: testAgreement,
} as const satisfies DesignDocument;

async function postJson<Answer>(url: string, body: unknown, authorization?: string): Promise<Answer> {
  const headers = { "content-type": "application/json", ...(authorization !== undefined && { authorization }) };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** Opens a session at the server `url`, as the issuer's server does, and enters it; for a cardholder of its own unless named. */
export async function enterSession(
  url: string,
  issuerKey: string = testEnv.FULLBLEED_ISSUER_KEY,
  productId = "photo-landscape",
  cardholderId = `c-${randomUUID()}`,
  origins: readonly string[] = ["https://bank.example"],
): Promise<Frame> {
  const request = { cardholderId, productId, origins };
  const { sessionId, clientSecret } = await postJson<SessionSecret>(
    `${url}/v1/sessions`,
    request,
    `Bearer ${issuerKey}`,
  );
  const path = `${url}/v1/sessions/${sessionId}`;
  const { token } = await postJson<TokenAnswer>(`${path}/tokens`, { clientSecret });
  const authorization = `Bearer ${token}`;
  const headersFor: Frame["headersFor"] = (picture, designSha256, key = "key-1") => ({
    authorization,
    "content-type": "image/png",
    "content-digest": writeSha256(sha256Of(picture)),
    "design-digest": writeSha256(designSha256),
    agreement: writeAgreement(testAgreement),
    "idempotency-key": key,
  });
  return {
    cardholderId,
    sessionId,
    authorization,
    headersFor,
    async putDesign(design = { ...testDesign, productId }) {
      const headers = { authorization, "content-type": "application/json" };
      const response = await fetch(`${path}/design`, { method: "PUT", headers, body: JSON.stringify(design) });
      if (!response.ok) throw new Error(`PUT design: ${response.status} ${await response.text()}`);
      return ((await response.json()) as DesignStored).designSha256;
    },
    send: (picture, designSha256, key) =>
      fetch(`${path}/submissions`, {
        method: "POST",
        headers: headersFor(picture, designSha256, key),
        body: picture as Uint8Array<ArrayBuffer>,
      }),
    get: (wanted, headers = {}) => fetch(`${url}${wanted}`, { headers: { authorization, ...headers } }),
  };
}

/** Sends one picture and gives the acknowledged submission. Throws when it is not acknowledged. */
export async function sendOne(frame: Frame, picture: Uint8Array, key?: string): Promise<SubmissionView> {
  const response = await frame.send(picture, await frame.putDesign(), key);
  if (response.status !== 202) throw new Error(`not acknowledged: ${response.status} ${await response.text()}`);
  return (await response.json()) as SubmissionView;
}

/** Status and problem code of an answer, such as `404 not-found`. */
export async function codeOf(response: Response): Promise<string> {
  return `${response.status} ${((await response.json()) as { code: string }).code}`;
}

import { randomUUID } from "node:crypto";
import { writeAgreement } from "#contracts/agreement.ts";
import type { SessionSecret, TokenAnswer } from "#contracts/session.ts";
import type { DesignStored, SubmissionView } from "#contracts/submission.ts";
import type { Design } from "#design/design.ts";
import type { DesignDocument } from "#design/document.ts";
import { writeSha256 } from "../upload/digest.ts";
import { testEnv } from "./env.ts";
import { sha256Of } from "./picture.ts";
import { createProver, type Prover } from "./prover.ts";

/** What a designer's frame does, over HTTP. */
export interface Frame {
  readonly cardholderId: string;
  readonly sessionId: string;
  readonly token: string;
  readonly prover: Prover;
  /** The headers of one call with the token. `path` with or without its query; `origin` where the server is found by now. */
  show(method: string, path: string, origin?: string): { authorization: string; dpop: string };
  /** It goes on where the server is found after a restart, and where browsers find that. */
  moveTo(url: string, origin?: string): void;
  putDesign(design?: DesignDocument): Promise<string>;
  headersFor(picture: Uint8Array, designSha256: string, key?: string): Record<string, string>;
  send(picture: Uint8Array, designSha256: string, key?: string): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** One call below the session's own address, as `PUT draft`. */
  ask(what: string, headers?: Record<string, string>, body?: Uint8Array | string): Promise<Response>;
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

async function postJson(url: string, body: unknown, headers: Record<string, string>): Promise<Response> {
  const all = { "content-type": "application/json", ...headers };
  const response = await fetch(url, { method: "POST", headers: all, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response;
}

const origins = new Map<string, string | Promise<string>>();

/** Says at which address browsers would find the server at `url`. What is not said is asked of the server, which takes a while. */
export function knowOrigin(url: string, origin: string): void {
  origins.set(url, origin);
}

async function askForOrigin(url: string): Promise<string> {
  const { servers } = (await (await fetch(`${url}/v1/openapi.json`)).json()) as { servers: { url: string }[] };
  return servers[0]?.url ?? url;
}

function originOf(url: string): string | Promise<string> {
  const origin = origins.get(url) ?? askForOrigin(url);
  origins.set(url, origin);
  return origin;
}

/** Opens a session at the server `url`, as the issuer's server does, and enters it; for a cardholder of its own unless named. */
export async function enterSession(
  url: string,
  issuerKey: string = testEnv.FULLBLEED_ISSUER_KEY,
  productId = "photo-landscape",
  cardholderId = `c-${randomUUID()}`,
  framedBy: readonly string[] = ["https://bank.example"],
): Promise<Frame> {
  const request = { cardholderId, productId, origins: framedBy };
  const asIssuer = { authorization: `Bearer ${issuerKey}` };
  const opened = await postJson(`${url}/v1/sessions`, request, asIssuer);
  const { sessionId, clientSecret } = (await opened.json()) as SessionSecret;
  let [at, publicOrigin] = [url, await originOf(url)];
  const prover = createProver(publicOrigin);
  const path = `/v1/sessions/${sessionId}`;
  const entering = { method: "POST", path: `${path}/tokens` };
  const entered = await postJson(url + entering.path, { clientSecret }, { dpop: prover.prove(entering) });
  const { token } = (await entered.json()) as TokenAnswer;
  let nonce = entered.headers.get("dpop-nonce") ?? "";

  const show: Frame["show"] = (method, wanted, origin = publicOrigin) => {
    const htu = `${origin}${wanted.split("?", 1)[0]}`;
    return prover.show({ method, path: wanted, token, nonce }, { claims: { htu } });
  };
  /** Once more with the nonce of the answer where that of before is too old. */
  const call = async (
    method: string,
    wanted: string,
    headers: Record<string, string>,
    body?: Uint8Array | string,
  ): Promise<Response> => {
    const ask = () =>
      fetch(at + wanted, {
        method,
        headers: { ...show(method, wanted), ...headers },
        ...(body !== undefined && { body: body as Uint8Array<ArrayBuffer> | string }),
      });
    const first = await ask();
    nonce = first.headers.get("dpop-nonce") ?? nonce;
    const isOutdated = first.status === 401 && (await first.clone().text()).includes('"proof-outdated"');
    return isOutdated ? ask() : first;
  };
  const describe = (picture: Uint8Array, designSha256: string, key = "key-1"): Record<string, string> => ({
    "content-type": "image/png",
    "content-digest": writeSha256(sha256Of(picture)),
    "design-digest": writeSha256(designSha256),
    agreement: writeAgreement(testAgreement),
    "idempotency-key": key,
  });
  return {
    cardholderId,
    sessionId,
    token,
    prover,
    show,
    headersFor: (...sent) => ({ ...show("POST", `${path}/submissions`), ...describe(...sent) }),
    moveTo(next, origin = publicOrigin) {
      [at, publicOrigin] = [next, origin];
    },
    async putDesign(design = { ...testDesign, productId }) {
      const json = { "content-type": "application/json" };
      const response = await call("PUT", `${path}/design`, json, JSON.stringify(design));
      if (!response.ok) throw new Error(`PUT design: ${response.status} ${await response.text()}`);
      return ((await response.json()) as DesignStored).designSha256;
    },
    send: (picture, designSha256, key) =>
      call("POST", `${path}/submissions`, describe(picture, designSha256, key), picture),
    get: (wanted, headers = {}) => call("GET", wanted, headers),
    ask(what, headers = {}, body?: Uint8Array | string) {
      const [method = "", below = ""] = what.split(" ");
      return call(method, `${path}/${below}`, headers, body);
    },
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

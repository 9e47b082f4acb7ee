import { randomBytes, randomUUID } from "node:crypto";
import { findProduct } from "#card/products.ts";
import { problemDetails } from "#contracts/problem-details.ts";
import { type Finding, ok, unchecked, wrong } from "#providers/diagnosis.ts";
import { createFreshFetch, type Outbound, readBounded, TransportError } from "#providers/fresh-fetch.ts";
import type { Config } from "../config.ts";
import { settings } from "../settings.ts";

const { variable } = settings.publicUrl;
const timeoutMs = 20_000;
const megabyte = 1024 * 1024;
const signature = Buffer.from("89504e470d0a1a0a", "hex");

/** As many bytes as the largest picture that an issuer's product may have, which cannot be packed, and no line of hyphens in them. */
function makePicture({ issuers }: Pick<Config, "issuers">): Buffer {
  const offered = issuers.flatMap(({ products }) => Object.keys(products));
  const size = Math.max(...offered.map((id) => findProduct(id)?.maxPictureBytes ?? 0), 2 * megabyte);
  const noise = randomBytes(size - signature.length);
  for (let at = noise.indexOf("-"); at >= 0; at = noise.indexOf("-", at)) noise[at] = 0;
  return Buffer.concat([signature, noise]);
}

/** As the designer sends it, but for no session and with no token, so that our server refuses it and keeps nothing. */
function describeRequest(picture: Buffer) {
  const boundary = `card-${randomUUID()}`;
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="file"\r\n\r\n`;
  const digest = `sha-256=:${randomBytes(32).toString("base64")}:`;
  return {
    method: "POST",
    headers: {
      "content-type": `multipart/form-data; boundary=${boundary}`,
      "picture-digest": digest,
      "design-digest": digest,
      "idempotency-key": randomUUID(),
    },
    body: Buffer.concat([Buffer.from(head), picture, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

/** Of an answer that is one of ours; undefined for any other. */
function readOurCode(contentType: string | null, body: Uint8Array | undefined): string | undefined {
  if (contentType?.startsWith("application/problem+json") !== true) return undefined;
  try {
    return problemDetails.safeParse(JSON.parse(Buffer.from(body ?? []).toString())).data?.code;
  } catch {
    return undefined;
  }
}

const ruled =
  "That is a rule of a firewall, which its log names: let POST with multipart/form-data on /v1/ through, as docs/deployment.md says.";
const advices: Readonly<Record<number, string>> = {
  401: "It asks for a sign-in of its own: let /v1/ through to the server.",
  403: ruled,
  405: "Allow GET and POST on /v1/.",
  406: ruled,
  415: "Allow multipart/form-data on /v1/.",
  429: "Raise its limit: the server has limits of its own.",
};

/** By whoever has read enough. */
const brokenOff: readonly string[] = ["ECONNRESET", "ECONNABORTED", "EPIPE"];

function adviseSize(bytes: number): string {
  const needed = Math.ceil(bytes / megabyte) + 1;
  return `Allow ${needed} MB there, and more for photos: nginx client_max_body_size, ModSecurity SecRequestBodyLimit; docs/deployment.md has both.`;
}

function judgeAnswer(status: number, code: string | undefined, bytes: number): Finding {
  if (code === "not-authenticated")
    return ok(variable, `A body of ${bytes} bytes gets through, as large as a picture may be; photos were not tried.`);
  if (code !== undefined)
    return unchecked(variable, `Whether pictures get through: the server answered ${code}. Run it again in a minute.`);
  const says = `What is in front of the server answers a body of ${bytes} bytes, as large as a picture may be, with HTTP ${status} itself.`;
  const isSize = status === 413 || status >= 500;
  return wrong(variable, `${says} ${isSize ? adviseSize(bytes) : (advices[status] ?? ruled)}`);
}

/** Whether a picture gets through what is in front of the server, of which it is known that small requests do. */
export async function checkUpload(config: Pick<Config, "publicUrl" | "issuers">, ca: Outbound["ca"]): Promise<Finding> {
  const request = describeRequest(makePicture(config));
  const bytes = request.body.byteLength;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const url = `${config.publicUrl}/v1/sessions/doctor/submissions`;
    const response = await createFreshFetch(ca && { ca })(url, { ...request, signal });
    const body = await readBounded(response, 64 * 1024);
    return judgeAnswer(response.status, readOurCode(response.headers.get("content-type"), body), bytes);
  } catch (error) {
    const code = error instanceof TransportError ? error.code : "unknown";
    if (code === "ETIMEDOUT")
      return unchecked(variable, `A body of ${bytes} bytes was not answered within ${timeoutMs / 1000} s.`);
    // Anything else, as where it has just stopped, says nothing about size.
    if (!(error instanceof TransportError && (error.isForeign || brokenOff.includes(code))))
      return unchecked(
        variable,
        `Whether pictures get through: the connection failed (${code}). Run it again in a minute.`,
      );
    return wrong(
      variable,
      `What is in front of the server breaks a body of ${bytes} bytes off (${code}), as large as a picture may be. ${adviseSize(bytes)}`,
    );
  }
}

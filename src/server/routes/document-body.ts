import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { Problem } from "#contracts/problem.ts";
import type { DesignDocument } from "#design/document.ts";
import type { App } from "../parts.ts";
import { hasRepeatedName } from "../repeated-names.ts";
import type { SessionTable } from "../store/schema.ts";

/** As much as may be drawn, and a hundred elements beside that. */
const maxDocumentBytes = 256 * 1024;

/** A design document as it arrived. */
export interface ArrivedDocument {
  readonly text: string;
  /** Of its bytes. */
  readonly sha256: string;
}

function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Problem("bad-request", { detail: "The body is not UTF-8.", cause });
  }
}

function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem("bad-request", { detail: "The body is not valid JSON.", cause });
  }
}

/**
 * Reads this scope's bodies as design documents. Gives what tells one that its schema has passed: its very bytes, which are stored.
 * Throws Problem("bad-request") where it is not for the session's product, or would say different things to different readers.
 */
export function readDocuments(
  app: App,
): (request: FastifyRequest<{ Body: DesignDocument }>, session: SessionTable) => ArrivedDocument {
  const arrived = new WeakMap<FastifyRequest, ArrivedDocument>();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    "application/json",
    { parseAs: "buffer", bodyLimit: maxDocumentBytes },
    async (request: FastifyRequest, bytes: Buffer) => {
      const text = decodeText(bytes);
      arrived.set(request, { text, sha256: createHash("sha256").update(bytes).digest("hex") });
      return parseDocument(text);
    },
  );
  return (request, session) => {
    const document = arrived.get(request);
    if (document === undefined)
      throw new Problem("bad-request", { detail: "The body is empty, and JSON is expected." });
    if (request.body.productId !== session.product_id) {
      throw new Problem("bad-request", { detail: `body.productId: this session is for ${session.product_id}.` });
    }
    if (hasRepeatedName(document.text))
      throw new Problem("bad-request", { detail: "The body has an object in which a name stands twice." });
    return document;
  };
}

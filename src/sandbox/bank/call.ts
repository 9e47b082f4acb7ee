import type { BankConfig } from "./config.ts";

const callTimeoutMs = 10_000;

interface Answer {
  readonly status: number;
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** Of JSON; null where there is nothing. Throws when it is none. */
  json(): unknown;
}

interface Call {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls of the designer's server with the bank's secret key. Each ends within 10 s, and throws when there is no answer. */
export type CallDesigner = (method: string, path: string, call?: Call) => Promise<Answer>;

export function createCall({ designerUrl, issuerKey }: BankConfig, stopped?: AbortSignal): CallDesigner {
  return async (method, path, { body, headers = {} } = {}) => {
    const timeout = AbortSignal.timeout(callTimeoutMs);
    const answer = await fetch(`${designerUrl}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${issuerKey}`,
        ...(body && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: "error",
      signal: stopped ? AbortSignal.any([timeout, stopped]) : timeout,
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return {
      status: answer.status,
      mediaType: answer.headers.get("content-type") ?? "",
      bytes,
      json: () => (bytes.length === 0 ? null : JSON.parse(bytes.toString())),
    };
  };
}

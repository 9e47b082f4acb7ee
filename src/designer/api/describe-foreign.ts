import type { ForeignAnswer } from "./request.ts";

/** The address as the interface's description has it: ids and digests name a person's visit. */
function templateOf(path: string): string {
  return path
    .replace(/\?.*/s, "")
    .replace(/\/(sessions|submissions)\/[^/]+/, (_, name: string) => `/${name}/{${name.slice(0, -1)}Id}`)
    .replace(/\/assets\/[^/]+/, "/assets/{sha256}");
}

const blockedByRule =
  "That is a firewall's rule: allow GET and POST on /v1/ with application/json and multipart/form-data.";

const advices: Readonly<Record<number, string>> = {
  401: "It asks for a sign-in of its own: let /v1/ through to the server.",
  403: blockedByRule,
  405: "It does not let the method through: allow GET and POST on /v1/.",
  406: blockedByRule,
  408: "It did not wait until all was sent: give /v1/ as long as the server gives it.",
  413: "It takes no body of this size: allow on /v1/ what docs/deployment.md names (nginx: client_max_body_size).",
  415: "It does not know the kind of content: allow application/json and multipart/form-data on /v1/.",
  429: "It limits how much may be asked: the server has limits of its own, for which it has to know the addresses.",
};

function adviceFor(status: number): string {
  if (status < 400)
    return "That is a page in place of the answer: let /v1/ through to the server, and its answers back.";
  if (status >= 500)
    return "It had no answer of the server in time, takes no body of this size, or has failed: its own log says why.";
  return advices[status] ?? "Let /v1/ through to the server, and its answers back as they are.";
}

/** For whoever runs what stands before the server: what was asked, what came instead, and what to allow. No ids, no secrets. */
export function describeForeign({ status, contentType, asked }: ForeignAnswer): string {
  const sent = asked.sentBytes === 0 ? "" : ` (${asked.sentBytes} bytes sent)`;
  const type = contentType?.split(";", 1)[0] ?? "no content type";
  return (
    `${asked.method} ${templateOf(asked.path)}${sent} was answered ${status} with ${type}, not by the designer's server. ` +
    `${adviceFor(status)} See docs/deployment.md.`
  );
}

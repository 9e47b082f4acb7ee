import { isIPv6 } from "node:net";

/** Who sends an upload: limits are shared out fairly by issuer, and by address. */
export interface Sender {
  readonly issuerId: string;
  readonly sessionId: string;
  readonly address: string;
}

/** The first 64 bits of an IPv6 address: whoever has one has all the rest of them too (RFC 6177). */
function toNetwork(address: string): string {
  const [start = "", end] = (address.split("%", 1)[0] ?? "").split("::");
  const before = start === "" ? [] : start.split(":");
  const after = end === undefined || end === "" ? [] : end.split(":");
  const zeros = end === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}

/** Some proxies write the port into X-Forwarded-For, which would make an address of its own of each connection. */
function withoutPort(ip: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(ip)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(ip)?.[1] ?? ip;
}

/** Where a request comes from, as far as one sender can be told from another by it. */
export function readAddress(request: { readonly ip: string | undefined }): string {
  // A connection that was lost before anybody looked has no address any more.
  const ip = withoutPort(request.ip ?? "");
  if (!isIPv6(ip)) return ip.slice(0, 64);
  // An IPv4 address, as a socket that listens for both kinds gives it.
  return /^::ffff:([\d.]+)$/i.exec(ip)?.[1] ?? toNetwork(ip);
}

import { isIP } from "node:net";

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use: end the program that listens there, or set another port",
  EACCES: "this server's user may not listen at so low a port: set one from 1024 on",
  EADDRNOTAVAIL: "this machine has no such address: set one of its own, such as 127.0.0.1",
  ENOTFOUND: "there is no host of that name: set an address of this machine, such as 127.0.0.1",
};

/** Why it cannot be listened there and what to do, to follow a colon. */
export function describeListenFailure(cause: unknown): string {
  const { code = "unknown" } = cause as NodeJS.ErrnoException;
  return reasons[code] ?? `listening fails with ${code}`;
}

interface Place {
  readonly host: string;
  readonly port: number;
}

/** Where the server listens, and where its metrics do. */
export interface Listening extends Place {
  readonly metricsListen?: Place | undefined;
}

const everyAddress = new Set(["0.0.0.0", "::"]);

/** As the system compares addresses, as far as that is known without asking for a name. */
function toComparable(host: string): string {
  const name = host.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
  return isIP(name) === 6 ? (URL.parse(`http://[${name}]`)?.hostname ?? name).slice(1, -1) : name;
}

function isSameAddress(one: string, other: string): boolean {
  const [a, b] = [toComparable(one), toComparable(other)];
  const isLocal = (host: string): boolean => ["localhost", "127.0.0.1", "::1"].includes(host);
  if (a === b || everyAddress.has(a) || everyAddress.has(b)) return true;
  return (a === "localhost" || b === "localhost") && isLocal(a) && isLocal(b);
}

/** What is wrong with metrics at the very port to which the proxy leads, where everybody could read them; undefined: nothing. */
export function findListenClash({ host, port, metricsListen }: Partial<Listening>): string | undefined {
  if (metricsListen === undefined || host === undefined || port === undefined || port === 0) return undefined;
  if (metricsListen.port !== port || !isSameAddress(host, metricsListen.host)) return undefined;
  return "FULLBLEED_METRICS_LISTEN is not valid: FULLBLEED_HOST and FULLBLEED_PORT have the same address and port: expected another port.";
}

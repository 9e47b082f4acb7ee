import dns from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { toOneLine } from "#contracts/one-line.ts";
import { hostOf, portOf } from "#providers/no-proxy.ts";
import { isEncryptedOrLocal } from "#providers/encrypted-or-local.ts";

/** IANA's special-purpose IPv4 addresses (RFC 6890 and its updates), and multicast. */
const specialIpv4 =
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4";
/** Inside 2000::/3: Teredo and its neighbours, documentation, 6to4. */
const specialIpv6 = "2001::/23 2001:db8::/32 2002::/16 3fff::/20";
/** All that is routed on the internet. What maps or translates IPv4 lies outside, as do local and multicast addresses. */
const globalIpv6 = "2000::/3";

function toBlockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    list.addSubnet(address, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
  }
  return list;
}

const special = toBlockList(`${specialIpv4} ${specialIpv6}`.split(" "));
const global = toBlockList([globalIpv6]);

/** Ports that browsers do not fetch from, since other protocols could take the request for theirs (WHATWG Fetch, "bad port"). */
const badPorts: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
  111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532,
  540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061,
  6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/** Code of the error of a connection to where none may be made. */
export const notAllowed = "ADDRESS_NOT_ALLOWED";

/** Where webhooks may go. */
export interface AddressGuard {
  /** Why this is no address for webhooks, as the end of a sentence that begins with it; undefined when it is one. */
  refuse(url: string): string | undefined;
  /**
   * Rejects with the code `ADDRESS_NOT_ALLOWED` when the host is, or resolves to, an address that is not allowed, with `ETIMEDOUT`
   * when `signal` is aborted before that is known; passes what does not resolve.
   */
  check(url: URL, signal?: AbortSignal | null): Promise<void>;
  /** Resolves a name for one connection, or fails with `ADDRESS_NOT_ALLOWED`: what has been looked at is what is connected to. */
  readonly lookup: LookupFunction;
}

type Found = (error: NodeJS.ErrnoException | null, addresses: readonly dns.LookupAddress[]) => void;

/** RFC 6761: names that nobody outside is asked for. */
const localNames = /^(?:.+\.)?localhost\.?$/i;
/** For each of two tries; a name server that has not answered by then never will. */
const dnsTimeoutMs = 1500;

/**
 * The addresses of a name, by a resolver of our own: the system's has a few threads for all of the process, and a name server that does
 * not answer would hold up every other connection. The system is asked for what only it may know, such as its hosts file.
 */
function createNameLookup(resolver: dns.Resolver): (hostname: string, found: Found) => void {
  const askSystem = (hostname: string, found: Found): void =>
    dns.lookup(hostname, { all: true }, (error, addresses) => found(error, addresses ?? []));
  return (hostname, found) => {
    if (localNames.test(hostname)) return askSystem(hostname, found);
    const answers: dns.LookupAddress[] = [];
    const errors: NodeJS.ErrnoException[] = [];
    let waiting = 2;
    const take =
      (family: 4 | 6) =>
      (error: NodeJS.ErrnoException | null, addresses: readonly string[] = []): void => {
        if (error !== null) errors.push(error);
        answers.push(...addresses.map((address) => ({ address, family })));
        waiting -= 1;
        if (waiting > 0) return;
        if (answers.length > 0) return found(null, answers);
        const silent = errors.find(({ code }) => code === dns.TIMEOUT);
        if (silent !== undefined) return found(silent, []);
        askSystem(hostname, found);
      };
    resolver.resolve4(hostname, take(4));
    resolver.resolve6(hostname, take(6));
  };
}

/** Public addresses are allowed, and those in `networks` (CIDR, or single ones). */
export function createAddressGuard(
  networks: readonly string[],
  resolver = new dns.Resolver({ timeout: dnsTimeoutMs, tries: 2 }),
): AddressGuard {
  const lookUpName = createNameLookup(resolver);
  const allowed = toBlockList(networks);
  const isAllowed = (address: string): boolean => {
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (isIP(address) === 0 || allowed.check(address, family)) return isIP(address) !== 0;
    return !special.check(address, family) && (family === "ipv4" || global.check(address, family));
  };
  const lookup: LookupFunction = (hostname, options, callback) => {
    lookUpName(hostname, (error, addresses) => {
      if (error !== null) return callback(error, "");
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isAllowed(address)))
        return callback(Object.assign(new Error(notAllowed), { code: notAllowed }), "");
      return options.all === true ? callback(null, [...addresses]) : callback(null, first.address, first.family);
    });
  };
  return {
    lookup,
    refuse(text) {
      const url = URL.parse(text);
      if (url === null) return "is no web address";
      if (/\s/.test(text) || toOneLine(text) !== text) return "has a blank or a character in it that cannot be seen";
      if (url.username !== "" || url.password !== "") return "has a user or password in it";
      if (url.hash !== "" || text.includes("#")) return "has a fragment";
      if (!isEncryptedOrLocal(url)) return "does not begin with https";
      if (url.protocol === "http:" && networks.length === 0) return "does not begin with https";
      if (badPorts.has(url.port === "0" ? 0 : portOf(url))) return "has a port that is another protocol's";
      const host = hostOf(url);
      if (isIP(host) !== 0 && !isAllowed(host)) return "is not in a public network";
      return undefined;
    },
    check: (url, signal) =>
      new Promise((resolve, reject) => {
        const host = hostOf(url);
        const refusal = Object.assign(new Error(notAllowed), { code: notAllowed });
        const giveUp = (): void => reject(Object.assign(new Error("ETIMEDOUT"), { code: "ETIMEDOUT" }));
        if (signal?.aborted === true) return giveUp();
        signal?.addEventListener("abort", giveUp, { once: true });
        if (isIP(host) !== 0) return isAllowed(host) ? resolve() : reject(refusal);
        lookup(host, { all: true }, (error) => (error?.code === notAllowed ? reject(refusal) : resolve()));
      }),
  };
}

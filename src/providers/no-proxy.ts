import { BlockList, isIP } from "node:net";

type Test = (host: string) => boolean;

const hostName = /^(?:\*?\.)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?$/;

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

function readNetwork(entry: string): Test | undefined {
  const [address = "", bits = "", ...more] = entry.split("/");
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (more.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most) return undefined;
  const network = new BlockList();
  network.addSubnet(address, Number(bits), familyOf(address));
  return (host) => isIP(host) > 0 && network.check(host, familyOf(host));
}

function readHost(entry: string): Test | undefined {
  if (entry === "*") return () => true;
  const address = entry.replace(/^\[|\]$/g, "");
  if (isIP(address) > 0) return (host) => host === address;
  const name = hostName.exec(entry)?.[1];
  return name === undefined ? undefined : (host) => host === name || host.endsWith(`.${name}`);
}

/**
 * What an entry of a list of hosts to be reached without a proxy says about an address, undefined for what is none: a host with
 * all below it (`bank.example`, also written `.bank.example` or `*.bank.example`) or an IP address, each perhaps with `:port`; a
 * network (`10.0.0.0/8`); `*` for everything.
 */
export function readExemption(entry: string): ((url: URL) => boolean) | undefined {
  const text = entry.trim().toLowerCase();
  const [, host = text, port] = /^([^:]+|\[[^\]]+\]):(\d{1,5})$/.exec(text) ?? [];
  const test = text.includes("/") ? readNetwork(text) : readHost(host);
  if (test === undefined) return undefined;
  return (url) => (port === undefined || Number(port) === portOf(url)) && test(hostOf(url).replace(/\.$/, ""));
}

/** Without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

/** The port in the address, or its scheme's. */
export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === "https:" ? 443 : 80);
}

import { createSocket } from "node:dgram";
import dns from "node:dns";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createAddressGuard } from "./addresses.ts";

const guard = createAddressGuard([]);
const local = createAddressGuard(["127.0.0.0/8", "::1", "10.20.0.0/16"]);
afterEach(() => void vi.restoreAllMocks());

test.each([
  "https://hooks.bank.example/cards?x=1",
  "https://hooks.bank.example:8443/",
  "https://93.184.216.34/",
  "https://[2606:2800:220:1::1]/",
])("%s is an address for webhooks", (url) => {
  expect(guard.refuse(url)).toBeUndefined();
});

describe("no address for webhooks is", () => {
  test.each([
    ["hooks", "is no web address"],
    ["https://user:password@bank.example/", "has a user or password in it"],
    ["https://user@bank.example/", "has a user or password in it"],
    ["https://bank.example/#part", "has a fragment"],
    ["https://bank.example/#", "has a fragment"],
    ["http://bank.example/", "does not begin with https"],
    ["http://localhost/", "does not begin with https"],
    ["http://127.0.0.1/", "does not begin with https"],
    ["ftp://bank.example/", "does not begin with https"],
    ["file:///etc/passwd", "does not begin with https"],
    [" https://bank.example/", "has a blank or a character in it that cannot be seen"],
    ["https://bank.example/a\n\u001b[2J", "has a blank or a character in it that cannot be seen"],
    ["https://bank.example/\u202egpj", "has a blank or a character in it that cannot be seen"],
    ["https://bank.example:25/", "has a port that is another protocol's"],
    ["https://bank.example:6000/", "has a port that is another protocol's"],
    ["https://bank.example:0/", "has a port that is another protocol's"],
  ])("%s, since it %s", (url, why) => {
    expect(guard.refuse(url)).toBe(why);
  });

  test.each([
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "１２７.0.0.1",
    "0",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "2852039166",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:93.184.216.34]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::5db8:d822]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2001::1]",
    "[2001:db8::1]",
    "[100::1]",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
  ])("https://%s/, which is not in a public network", (host) => {
    expect(guard.refuse(`https://${host}/`)).toBe("is not in a public network");
  });
});

test("what the setting lists is allowed, http to this machine with it, and nothing else", () => {
  for (const url of ["http://127.0.0.1:4400/x", "http://localhost:4400/x", "https://[::1]/", "https://10.20.3.4/"])
    expect(local.refuse(url)).toBeUndefined();
  expect(local.refuse("https://10.21.0.1/")).toBe("is not in a public network");
  expect(local.refuse("http://10.20.3.4/")).toBe("does not begin with https");
  expect(createAddressGuard(["10.20.0.0/16"]).refuse("http://127.0.0.1/")).toBe("is not in a public network");
});

/** What every name resolves to. */
function resolveTo(addresses: readonly string[]): void {
  const answer = (family: 4 | 6) => (_host: string, callback: (error: Error | null, found?: string[]) => void) => {
    const found = addresses.filter((address) => address.includes(":") === (family === 6));
    if (found.length > 0) callback(null, found);
    else callback(Object.assign(new Error("no data"), { code: dns.NODATA }));
  };
  vi.spyOn(dns.Resolver.prototype, "resolve4").mockImplementation(answer(4) as never);
  vi.spyOn(dns.Resolver.prototype, "resolve6").mockImplementation(answer(6) as never);
  const nothing = (_host: string, _options: object, callback: (error: null, found: object[]) => void) =>
    callback(null, []);
  vi.spyOn(dns, "lookup").mockImplementation(nothing as never);
}

const lookUp = (all: boolean) =>
  new Promise((resolve) => {
    guard.lookup("bank.example", { all }, (error, address) => resolve(error?.code ?? address));
  });

test.each([
  ["of this machine", ["127.0.0.1"]],
  ["of the cloud's metadata", ["169.254.169.254"]],
  ["of this machine, as IPv6", ["::ffff:127.0.0.1"]],
  ["of which one is private", ["93.184.216.34", "10.0.0.1"]],
  ["of which there is none", []],
])("a name that resolves to addresses %s is not connected to", async (_, addresses) => {
  resolveTo(addresses);
  expect(await lookUp(true)).toBe("ADDRESS_NOT_ALLOWED");
  expect(await lookUp(false)).toBe("ADDRESS_NOT_ALLOWED");
  await expect(guard.check(new URL("https://bank.example/"))).rejects.toThrow("ADDRESS_NOT_ALLOWED");
});

test("a name that resolves to public addresses is connected to at one of these", async () => {
  resolveTo(["93.184.216.34", "2606:2800:220:1::1"]);
  expect(await lookUp(false)).toBe("93.184.216.34");
  expect(await lookUp(true)).toHaveLength(2);
});

test("names whose server never answers take none of the threads that look up all other names", async () => {
  const silent = createSocket("udp4");
  onTestFinished(() => void silent.close());
  await new Promise<void>((resolve) => silent.bind(0, "127.0.0.1", resolve));
  const resolver = new dns.Resolver({ timeout: 100, tries: 1 });
  resolver.setServers([`127.0.0.1:${silent.address().port}`]);
  const system = vi.spyOn(dns, "lookup");
  const patient = createAddressGuard([], resolver);
  const codes = Array.from(
    { length: 12 },
    (_, index) =>
      new Promise((resolve) => patient.lookup(`dead${index}.example`, { all: true }, (error) => resolve(error?.code))),
  );
  expect(new Set(await Promise.all(codes))).toEqual(new Set([dns.TIMEOUT]));
  expect(system).not.toHaveBeenCalled();
});

test("what only the system knows, such as a name of its hosts file, is asked of it", async () => {
  resolveTo([]);
  const system = vi
    .spyOn(dns, "lookup")
    .mockImplementation(((_host: string, _options: object, callback: (error: null, found: object[]) => void) =>
      callback(null, [{ address: "93.184.216.34", family: 4 }])) as never);
  expect(await lookUp(false)).toBe("93.184.216.34");
  expect(system).toHaveBeenCalledOnce();
});

import { createServer } from "node:net";

const mostPorts = 100;

/** Whether nothing listens on this port, neither on every address nor on the loopback address alone. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, undefined)) && (await canListen(port, "127.0.0.1"));
}

function canListen(port: number, host: string | undefined): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once("error", () => answer(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => answer(true)));
  });
}

/**
 * The first free port from `first` on that is not in `taken`. Port 0 asks the system for any free one.
 * Throws when the next hundred are all busy.
 */
export async function findFreePort(first: number, taken: ReadonlySet<number> = new Set()): Promise<number> {
  if (first === 0) return findAnyPort(taken);
  for (let port = first; port < Math.min(first + mostPorts, 65_536); port += 1) {
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error(`Every port from ${first} to ${first + mostPorts - 1} is busy.`);
}

async function findAnyPort(taken: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < mostPorts; attempt += 1) {
    const port = await askSystem();
    if (!taken.has(port)) return port;
  }
  throw new Error("The system has no free port.");
}

function askSystem(): Promise<number> {
  return new Promise((answer, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen({ port: 0, exclusive: true }, () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => answer(port));
    });
  });
}

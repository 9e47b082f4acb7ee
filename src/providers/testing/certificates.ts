import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

export interface Pair {
  /** Paths of PEM files. */
  readonly certificate: string;
  readonly key: string;
}

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"], timeout: 30_000 });
}

/** Makes `name.pem` and `name.key` in `folder`: signed by `issuer`, or a certificate authority when left out. */
export function makePair(folder: string, name: string, issuer?: Pair, days = 1): Pair {
  const pair = { certificate: path.join(folder, `${name}.pem`), key: path.join(folder, `${name}.key`) };
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", String(days)];
  const signed = ["-CA", issuer?.certificate ?? "", "-CAkey", issuer?.key ?? ""];
  const use = ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-addext", "basicConstraints=critical,CA:false"];
  const files = ["-subj", `/CN=${name}`, "-out", pair.certificate, "-keyout", pair.key];
  openssl("req", "-x509", ...kind, ...files, ...(issuer === undefined ? [] : [...signed, ...use]));
  return pair;
}

/** A pair that is good no more since yesterday. */
export function makeExpiredPair(folder: string, name: string, issuer: Pair): Pair {
  const pair = makePair(folder, name, issuer);
  const request = path.join(folder, `${name}.csr`);
  openssl(
    "x509",
    "-x509toreq",
    "-in",
    pair.certificate,
    "-signkey",
    pair.key,
    "-copy_extensions",
    "copyall",
    "-out",
    request,
  );
  const signed = ["-CA", issuer.certificate, "-CAkey", issuer.key, "-copy_extensions", "copyall", "-days", "-1"];
  openssl("x509", "-req", "-in", request, ...signed, "-CAcreateserial", "-out", pair.certificate);
  return pair;
}

/** The same key, encrypted. */
export function encryptKey(key: string, passphrase: string): string {
  const encrypted = `${key}.encrypted`;
  openssl("pkcs8", "-topk8", "-in", key, "-out", encrypted, "-passout", `pass:${passphrase}`);
  return encrypted;
}

export function readPair({ certificate, key }: Pair): { certificate: string; key: string } {
  return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
}

import { X509Certificate } from "node:crypto";
import { type Finding, ok, wrong } from "#providers/diagnosis.ts";
import type { Outbound } from "#providers/fresh-fetch.ts";
import { outboundSettings } from "../outbound-settings.ts";

const soonMs = 14 * 24 * 60 * 60 * 1000;

function checkDate(variable: string, pem: readonly string[], now: number): Finding {
  const [first] = pem.map((one) => new X509Certificate(one).validToDate.getTime()).toSorted((a, b) => a - b);
  const date = new Date(first ?? 0).toISOString().slice(0, 10);
  if ((first ?? 0) < now) return wrong(variable, `A certificate in it has expired (${date}). Replace it.`);
  if ((first ?? 0) - now < soonMs) return wrong(variable, `A certificate in it expires soon, on ${date}. Replace it.`);
  return ok(variable, `Good until ${date}.`);
}

/** Until when our own certificates are good. */
export function checkOutboundDates({ ca, client }: Outbound, now: number): Finding[] {
  return [
    ...(ca === undefined ? [] : [checkDate(outboundSettings.outboundCa.variable, ca, now)]),
    ...(client === undefined
      ? []
      : [checkDate(outboundSettings.outboundClientCertificate.variable, [client.certificate], now)]),
  ];
}

import { join } from "node:path";
import type { ProgramPlan } from "./program.ts";
import type { DemoSecrets } from "./secrets.ts";

/** The demo's programs. */
export type ProgramName = "platform" | "server" | "bank";

export type Ports = Readonly<Record<ProgramName, number>>;
export type ProgramPlans = Readonly<Record<ProgramName, ProgramPlan>>;

/** Where each program of the demo is reached: the bank on another site than the designer, so the frame is cross-site. */
export function addresses(ports: Ports): Readonly<Record<ProgramName, string>> {
  return {
    platform: `http://127.0.0.1:${ports.platform}`,
    server: `http://127.0.0.1:${ports.server}`,
    bank: `http://localhost:${ports.bank}`,
  };
}

/** What to run for the demo, with every setting that one program needs to reach another. */
export function planPrograms(dataFolder: string, ports: Ports, secrets: DemoSecrets): ProgramPlans {
  const urls = addresses(ports);
  const sandbox = join(import.meta.dirname, "..");
  const handoverKeys = JSON.stringify(secrets.handoverKeys);
  const logFile = (name: ProgramName) => join(dataFolder, `${name}.log`);
  return {
    platform: {
      name: "platform",
      file: join(sandbox, "platform", "main.ts"),
      healthUrl: `${urls.platform}/health`,
      logFile: logFile("platform"),
      env: {
        PDS_HOST: "127.0.0.1",
        PDS_PORT: String(ports.platform),
        PDS_DATA: join(dataFolder, "platform"),
        PDS_HANDOVER_KEYS: handoverKeys,
        PDS_IMAGE_DELIVERY_KEY: secrets.imageDeliveryKey,
        PDS_NOTIFY_URL: `${urls.server}/v1/platform/thales/notifications`,
        PDS_NOTIFY_SECRET: secrets.notificationSecret,
      },
    },
    server: {
      name: "server",
      file: join(sandbox, "..", "server", "main.ts"),
      healthUrl: `${urls.server}/health/ready`,
      logFile: logFile("server"),
      env: {
        FULLBLEED_HOST: "127.0.0.1",
        FULLBLEED_PORT: String(ports.server),
        FULLBLEED_DATA: join(dataFolder, "server"),
        FULLBLEED_PUBLIC_URL: urls.server,
        FULLBLEED_ISSUER_NAME: "Harbour Bank",
        FULLBLEED_ISSUER_KEY: secrets.issuerKey,
        FULLBLEED_PROVIDER: "thales",
        FULLBLEED_THALES_SOAP_URL: `${urls.platform}/PDS/ImageUpload.asmx`,
        FULLBLEED_THALES_GET_IMAGE_URL: `${urls.platform}/ImageAPI/GetImage`,
        FULLBLEED_THALES_HANDOVER_KEYS: handoverKeys,
        FULLBLEED_THALES_IMAGE_DELIVERY_KEY: secrets.imageDeliveryKey,
        FULLBLEED_THALES_NOTIFICATION_SECRET: secrets.notificationSecret,
      },
    },
    bank: {
      name: "bank",
      file: join(sandbox, "bank", "main.ts"),
      healthUrl: `${urls.bank}/health`,
      logFile: logFile("bank"),
      env: {
        BANK_PORT: String(ports.bank),
        BANK_DATA: join(dataFolder, "bank"),
        BANK_DESIGNER_URL: urls.server,
        BANK_ISSUER_KEY: secrets.issuerKey,
        BANK_PLATFORM_URL: urls.platform,
      },
    },
  };
}

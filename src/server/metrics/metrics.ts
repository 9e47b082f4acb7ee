import { readFileSync } from "node:fs";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Of a send as its attempt has ended; `given-up`: its submission was deleted meanwhile. */
export const sendOutcomes = [
  "accepted",
  "image-refused",
  "order-refused",
  "misconfigured",
  "not-sent",
  "undeliverable",
  "unknown",
  "given-up",
] as const;
export type CountedOutcome = (typeof sendOutcomes)[number];

/** What runs by itself now and then. */
export const sweeps = ["expired", "orphans", "by-age", "plain-pictures", "drafts"] as const;
export type Sweep = (typeof sweeps)[number];

const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const callSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60];
const acceptanceSeconds = [1, 2, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400];

/** Of this package. */
export function readVersion(): string {
  const file = new URL("../../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** What is counted where it happens: nothing else knows it. */
function createCounted(registers: [Registry]) {
  return {
    requests: new Histogram({
      name: "fullbleed_http_request_duration_seconds",
      help: "Requests by the pattern of their route, the client's own time for its body included; event streams are left out",
      labelNames: ["method", "route", "status"],
      buckets: requestSeconds,
      registers,
    }),
    problems: new Counter({
      name: "fullbleed_http_problems_total",
      help: "Requests that were answered with a problem, by its code",
      labelNames: ["route", "code"],
      registers,
    }),
    platformCalls: new Histogram({
      name: "fullbleed_platform_call_duration_seconds",
      help: "Calls to the card platform by operation and what came of them",
      labelNames: ["platform", "operation", "outcome"],
      buckets: callSeconds,
      registers,
    }),
    webhookTries: new Counter({
      name: "fullbleed_webhook_tries_total",
      help: "Tries to deliver a webhook: delivered, again (tried again later), given-up (that event) or disabled (the endpoint)",
      labelNames: ["issuer", "outcome"],
      registers,
    }),
    sweeps: new Counter({
      name: "fullbleed_sweeps_total",
      help: "Passes of what deletes and tidies by itself: done or failed",
      labelNames: ["sweep", "outcome"],
      registers,
    }),
    sweptAt: new Gauge({
      name: "fullbleed_sweep_last_success_timestamp_seconds",
      help: "When a pass was last done; the server's start before the first",
      labelNames: ["sweep"],
      registers,
    }),
    pictureChecks: new Counter({
      name: "fullbleed_picture_checks_total",
      help: "Pictures compared with their design: equal, differs, photo-alone (nothing to compare), too-slow or failed (the check itself)",
      labelNames: ["issuer", "outcome"],
      registers,
    }),
    logLines: new Counter({
      name: "fullbleed_log_lines_total",
      help: "Lines in the log by level: each error is for a person to read",
      labelNames: ["level"],
      registers,
    }),
  };
}

/** What the history of submissions tells as it grows: see `followHistory`. */
function createTold(registers: [Registry]) {
  return {
    submissions: new Gauge({
      name: "fullbleed_submissions",
      help: "Submissions by their state",
      labelNames: ["issuer", "state"],
      registers,
    }),
    stateChanges: new Counter({
      name: "fullbleed_state_changes_total",
      help: "Changes of a submission's state, by the new state and what has brought it about",
      labelNames: ["platform", "state", "cause"],
      registers,
    }),
    sends: new Counter({
      name: "fullbleed_sends_total",
      help: "Attempts to send a picture, by how they have ended",
      labelNames: ["issuer", "platform", "product", "outcome"],
      registers,
    }),
    acceptance: new Histogram({
      name: "fullbleed_acceptance_duration_seconds",
      help: "From a picture's acknowledgement to the platform's having it",
      labelNames: ["platform", "product"],
      buckets: acceptanceSeconds,
      registers,
    }),
  };
}

/** What is looked up when somebody asks. */
function createLookedUp(registers: [Registry]) {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name: `fullbleed_${name}`, help, labelNames, registers });
  return {
    oldest: gauge(
      "submissions_oldest_seconds",
      "Since the oldest submission in this state was acknowledged; 0 when there is none",
      "issuer",
      "state",
    ),
    paused: gauge(
      "sending_paused",
      "1 while a product's pictures wait for its platform, which has failed or refused our settings",
      "issuer",
      "platform",
      "product",
    ),
    jobsDue: gauge("jobs_due", "Jobs that are due, those that are being done included", "kind"),
    jobsOverdue: gauge("jobs_overdue_seconds", "For how long the longest due job has been due", "kind"),
    purges: gauge("purges", "Deleted submissions whose picture the platform has or may have, by purgeState", "state"),
    purgesOldest: gauge("purges_oldest_seconds", "Since the oldest of them was deleted here", "state"),
    endpoints: gauge(
      "webhook_endpoints",
      "Webhook endpoints: ok, trying (the next event was not taken yet), or why they are disabled",
      "issuer",
      "state",
    ),
    webhookLag: gauge("webhook_lag_events", "Events that the enabled endpoint furthest behind has not taken", "issuer"),
    webhookLagSeconds: gauge(
      "webhook_lag_seconds",
      "Age of the oldest event that an enabled endpoint waits for",
      "issuer",
    ),
    ready: gauge("ready", "1 while this check of /health/ready passes", "check"),
    lineBusy: gauge("line_busy", "Pictures being checked and stored, or previews being asked for, now", "line"),
    lineWaiting: gauge("line_waiting", "Those that wait for their turn", "line"),
    uploadBytes: gauge("upload_memory_bytes", "Memory held by pictures that are coming in"),
    uploadLimit: gauge("upload_memory_limit_bytes", "Most that they may hold; then one is turned away"),
    streams: gauge("event_streams", "Event streams that are open"),
  };
}

type Instruments = ReturnType<typeof createCounted> & ReturnType<typeof createTold> & ReturnType<typeof createLookedUp>;
type Look = (instruments: Instruments) => void | Promise<void>;

/** Everything that the server tells by numbers. No label ever names a person, a session, a submission or a file. */
export interface Metrics extends Instruments {
  /** Asked before each collection, for what is looked up. */
  onCollect(look: Look): void;
  /** All of it in Prometheus's text format. What cannot be looked up now is left out. */
  collect(): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers: [Registry] = [registry];
  collectDefaultMetrics({ register: registry });
  const lookedUp = createLookedUp(registers);
  const instruments: Instruments = { ...createCounted(registers), ...createTold(registers), ...lookedUp };
  const info = "The version of this server";
  const build = new Gauge({ name: "fullbleed_build_info", help: info, labelNames: ["version"], registers });
  build.set({ version: readVersion() }, 1);
  for (const level of ["fatal", "error", "warn"]) instruments.logLines.inc({ level }, 0);
  for (const sweep of sweeps) {
    instruments.sweptAt.set({ sweep }, Date.now() / 1000);
    for (const outcome of ["done", "failed"]) instruments.sweeps.inc({ sweep, outcome }, 0);
  }
  const looks: Look[] = [];
  return {
    ...instruments,
    contentType: registry.contentType,
    onCollect: (look) => void looks.push(look),
    async collect() {
      // What was known before must not pass for what is: a gauge that nobody sets now is absent.
      for (const gauge of Object.values(lookedUp)) gauge.reset();
      await Promise.allSettled(looks.map(async (look) => look(instruments)));
      return registry.metrics();
    },
  };
}

/** Counts the passes of a loop. */
export function measureSweep(
  metrics: Metrics | undefined,
  sweep: Sweep,
  pass: () => Promise<number>,
): () => Promise<number> {
  if (metrics === undefined) return pass;
  return async () => {
    try {
      const restMs = await pass();
      metrics.sweeps.inc({ sweep, outcome: "done" });
      metrics.sweptAt.set({ sweep }, Date.now() / 1000);
      return restMs;
    } catch (cause) {
      metrics.sweeps.inc({ sweep, outcome: "failed" });
      throw cause;
    }
  };
}

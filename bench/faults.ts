// Pictures through a server that is killed at random moments, to a platform with all its faults on; then both ledgers compared.
import { parseArgs } from "node:util";
import { build } from "../scripts/build.mjs";
import { runFaults } from "../src/sandbox/testing/fault-run.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    submissions: { type: "string", default: "5000" },
    chance: { type: "string", default: "0.01" },
    seed: { type: "string", default: "1" },
    lag: { type: "string", default: "2" },
    window: { type: "string", default: "12" },
    "no-notifications": { type: "boolean", default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
await build();
const outcome = await runFaults({
  kills: Number(values.kills),
  submissions: Number(values.submissions),
  chance: Number(values.chance),
  seed: Number(values.seed),
  searchLagSeconds: Number(values.lag),
  quietWindowSeconds: Number(values.window),
  notifies: !values["no-notifications"],
  say,
});
for (const [state, count] of Object.entries(outcome.states)) say(`${String(count).padStart(6)}  ${state}`);
for (const complaint of outcome.complaints.slice(0, 50)) say(complaint);
say(`${outcome.seconds} s`);
say(
  `faults kills=${outcome.kills} submissions=${outcome.acknowledged} lost=${outcome.lost} doubled=${outcome.doubled} ` +
    `decided=${outcome.decided} wrong_verdicts=${outcome.wrongVerdicts} held=${outcome.held} held_needless=${outcome.heldNeedless} unresolved_without_reason=${outcome.unresolvedWithoutReason}`,
);

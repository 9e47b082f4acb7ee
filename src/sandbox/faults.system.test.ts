import { expect, test } from "vitest";
import { runFaults } from "./testing/fault-run.ts";

/** `npm run bench -- faults` is the long run. */
const kills = 8;
const submissions = 120;

test(`${submissions} pictures through ${kills} kills and every fault of the platform: none lost, none twice, none held without need`, {
  timeout: 10 * 60_000,
}, async () => {
  const seed = Date.now() % 1_000_000;
  const outcome = await runFaults({
    kills,
    submissions,
    chance: 0.02,
    seed,
    searchLagSeconds: 1,
    quietWindowSeconds: 12,
    notifies: true,
  });
  process.stdout.write(`faults, seed ${seed}: ${JSON.stringify(outcome.states)}, ${outcome.seconds} s\n`);
  expect(outcome.complaints, `seed ${seed}`).toEqual([]);
  expect(outcome).toMatchObject({ kills, lost: 0, doubled: 0, heldNeedless: 0, unresolvedWithoutReason: 0 });
  expect(outcome.wrongVerdicts).toBe(0);
  expect(outcome.decided).toBeGreaterThan(submissions / 4);
  expect(outcome.acknowledged).toBeGreaterThanOrEqual(submissions);
});

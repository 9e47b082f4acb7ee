// Ends a program of ours together with everything that it started.

const isWindows = process.platform === "win32";

/** @param {import("node:child_process").ChildProcess} child @param {NodeJS.Signals} signal */
function signalGroup({ pid }, signal) {
  if (pid === undefined) return;
  try {
    process.kill(isWindows ? pid : -pid, signal);
  } catch {
    // It is gone.
  }
}

/**
 * Ends a program that leads its group, with everything it started: politely, then by force, `forceAfterMs` later.
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 * @param {number} forceAfterMs
 */
export function endGroup(child, signal, forceAfterMs) {
  signalGroup(child, signal);
  const force = () => {
    signalGroup(child, "SIGKILL");
    // Whoever left the group may hold the other ends of these, and nobody would hear that the program has ended.
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  setTimeout(force, forceAfterMs).unref();
}

/**
 * Ends the program when this process is told to end, and then this process: in a group of its own, the program hears no
 * Ctrl-C. Answers what to call when the program is gone.
 * @param {(signal: NodeJS.Signals) => void} end
 */
export function passSignalsOn(end) {
  const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
  /** @type {NodeJS.Signals | undefined} */
  let heard;
  /** @param {NodeJS.Signals} signal */
  const hear = (signal) => {
    heard ??= signal;
    end(signal);
  };
  for (const signal of signals) process.on(signal, hear);
  return () => {
    for (const signal of signals) process.off(signal, hear);
    if (heard !== undefined) process.kill(process.pid, heard);
  };
}

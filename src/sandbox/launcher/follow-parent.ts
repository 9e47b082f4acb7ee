/** Loaded before a program of the demo (`node --import`): the program ends when the launcher is gone, however it went. */
const graceMs = 20_000;

process.once("disconnect", () => {
  setTimeout(() => process.exit(1), graceMs).unref();
  process.kill(process.pid, "SIGTERM");
});
// Listening must not keep a program alive that has nothing left to do.
process.channel?.unref();

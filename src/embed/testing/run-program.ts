import { execFile } from "node:child_process";

/** What a program prints. Rejects with that when it fails, or takes longer than four minutes. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { ...options, timeout: 240_000 }, (error, out, err) => {
      if (error) reject(new Error(`${program} ${args.join(" ")}:\n${out}${err}`));
      else resolve(out);
    });
  });
}

/** So far a phone is turned out of how it is held for the card to turn as far as it does, in degrees. */
const phoneDegrees = 25;

const stillness = "(prefers-reduced-motion: reduce)";

/** Safari on iPhone and iPad has it, which asks the person, and newer Chromium. */
interface AskingSensor {
  requestPermission?(): Promise<"granted" | "denied">;
}

interface Angles {
  readonly beta: number;
  readonly gamma: number;
}

/** How far a phone is turned to the right and towards the person, each from -1 to 1, and how it is held from now on. */
export function turnFrom(held: Angles, now: Angles, screenDegrees = 0): { x: number; y: number; held: Angles } {
  // Who turns on past the range, or lies down, holds it anew: the card never sticks at its end.
  const follow = (from: number, to: number): number =>
    Math.abs(to - from) > 90 ? to : Math.min(Math.max(from, to - phoneDegrees), to + phoneDegrees);
  const next = { beta: follow(held.beta, now.beta), gamma: follow(held.gamma, now.gamma) };
  const [beta, gamma] = [(now.beta - next.beta) / phoneDegrees, (now.gamma - next.gamma) / phoneDegrees];
  const radians = (screenDegrees * Math.PI) / 180;
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  return { x: gamma * cos + beta * sin, y: beta * cos - gamma * sin, held: next };
}

/** The person was asked and has allowed it: another card need not be tapped. */
let isAllowed = false;

/** Whether the person has to be asked before the sensors may be read, and has not allowed it. */
export function mustAskPerson(): boolean {
  if (!("DeviceOrientationEvent" in window)) return false;
  return (DeviceOrientationEvent as AskingSensor).requestPermission !== undefined && !isAllowed;
}

/** Whether the sensors may be read, for which a person who has to be asked is asked by a tap alone. */
async function mayRead(isTap: boolean): Promise<boolean> {
  if (!("DeviceOrientationEvent" in window)) return false;
  const sensor = DeviceOrientationEvent as AskingSensor;
  if (sensor.requestPermission === undefined || isAllowed) return true;
  if (isTap) isAllowed = (await sensor.requestPermission().catch(() => "denied")) === "granted";
  return isAllowed;
}

/**
 * Calls `onTurn` with how far the phone is turned, each from -1 to 1, until `signal` is aborted; with (0, 0) when motion is to be
 * reduced from now on. Where the person has to be asked, nothing happens before the `tap` that is returned is called from a tap.
 * Where there are no sensors, or none may be read, nothing happens at all.
 */
export function watchPhone(onTurn: (x: number, y: number) => void, signal: AbortSignal): { tap(): Promise<void> } {
  const still = matchMedia(stillness);
  let listening: AbortController | undefined;
  let held: Angles | undefined;

  const onOrientation = ({ beta, gamma }: DeviceOrientationEvent): void => {
    // A device without sensors says so once.
    if (beta === null || gamma === null) return;
    const turn = turnFrom(held ?? { beta, gamma }, { beta, gamma }, screen.orientation?.angle);
    held = turn.held;
    onTurn(turn.x, turn.y);
  };
  const stop = (): void => {
    listening?.abort();
    listening = undefined;
    held = undefined;
  };
  const start = async (isTap: boolean): Promise<void> => {
    if (still.matches || !(await mayRead(isTap)) || signal.aborted || still.matches || listening) return;
    listening = new AbortController();
    window.addEventListener("deviceorientation", onOrientation, { signal: listening.signal });
  };
  const onStill = (): void => {
    if (!still.matches) return void start(false);
    stop();
    onTurn(0, 0);
  };
  still.addEventListener("change", onStill, { signal });
  signal.addEventListener("abort", stop);
  void start(false);
  return { tap: () => start(true) };
}

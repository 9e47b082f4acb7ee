/** Why a path is not drawn. */
export type PathFault =
  /** It is not what `readPath` reads. */
  | "not-a-path"
  /** It has more numbers than `maxPathNumbers`, or is too intricate where it lies on the card. */
  | "too-complex"
  /** A number is beyond a million, or one of its points a hundred million pixels from the card. */
  | "too-far";

/** Commands and coordinates: twice what the longest path of a design document holds. */
export const maxPathNumbers = 65_536;
const maxNumber = 1e6;

/** A command's number in the WebAssembly is its place here. */
const commands = [
  { letter: "M", coordinates: 2 },
  { letter: "L", coordinates: 2 },
  { letter: "Q", coordinates: 4 },
  { letter: "C", coordinates: 6 },
  { letter: "Z", coordinates: 0 },
] as const;
const [move, line] = [0, 1];

const commandPattern = / *([MLQCZ])/y;
const numberPattern = / *(-?(?:\d+(?:\.\d+)?|\.\d+))/y;
const endPattern = / *$/y;

/** A path's text, read from its beginning. */
class PathText {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found?.[1];
  }

  takeCommand(): number | undefined {
    const letter = this.#take(commandPattern);
    return letter === undefined ? undefined : commands.findIndex((each) => each.letter === letter);
  }

  takeNumber(): number | undefined {
    const digits = this.#take(numberPattern);
    return digits === undefined ? undefined : Number(digits);
  }

  isOver(): boolean {
    endPattern.lastIndex = this.#at;
    return endPattern.test(this.#text);
  }
}

/**
 * The numbers of a path in SVG's path language that has absolute M, L, Q, C and Z, numbers without exponents, and spaces alone: 0 x y
 * for M, 1 x y for L, 2 and two points for Q, 3 and three points for C, 4 for Z. As there, coordinates that follow a command's own are
 * those of the same command again, after M of L.
 */
export function readPath(path: string): Float64Array | PathFault {
  const text = new PathText(path);
  const numbers: number[] = [];
  let command = text.takeCommand();
  if (command !== move) return "not-a-path";
  while (command !== undefined) {
    numbers.push(command);
    const { coordinates } = commands[command] as (typeof commands)[number];
    for (let left: number = coordinates; left > 0; left -= 1) {
      const number = text.takeNumber();
      if (number === undefined) return "not-a-path";
      if (Math.abs(number) > maxNumber) return "too-far";
      numbers.push(number);
    }
    if (numbers.length > maxPathNumbers) return "too-complex";
    command =
      text.takeCommand() ?? (coordinates === 0 || text.isOver() ? undefined : command === move ? line : command);
  }
  return text.isOver() ? Float64Array.from(numbers) : "not-a-path";
}

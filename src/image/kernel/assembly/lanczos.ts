/** Where the kernel ends, in units of its zeros. */
export const lobes: f64 = 3;

// Taylor's series over a quarter of a turn to 1e-15; a sine of the engine's own could differ in its last bit.
function sinPi(x: f64): f64 {
  const whole = nearest(x);
  const angle = (x - whole) * Math.PI;
  const square = angle * angle;
  let sum = 1 - square * (1.0 / 420);
  sum = 1 - sum * square * (1.0 / 342);
  sum = 1 - sum * square * (1.0 / 272);
  sum = 1 - sum * square * (1.0 / 210);
  sum = 1 - sum * square * (1.0 / 156);
  sum = 1 - sum * square * (1.0 / 110);
  sum = 1 - sum * square * (1.0 / 72);
  sum = 1 - sum * square * (1.0 / 42);
  sum = 1 - sum * square * (1.0 / 20);
  sum = 1 - sum * square * (1.0 / 6);
  return (<i64>whole & 1) === 0 ? sum * angle : -sum * angle;
}

/** sinc(x) sinc(x / 3) for -3 < x < 3. */
export function lanczos(x: f64): f64 {
  if (abs(x) >= lobes) return 0;
  if (abs(x) < 1e-9) return 1;
  return (lobes * sinPi(x) * sinPi(x / lobes)) / (Math.PI * Math.PI * x * x);
}

// The six weights of a pixel by its place between two raster pixels. Between two of 512 places a straight line is within 2e-6.
export const phaseBits = 9;
export const phases = 1 << phaseBits;
export const phaseBytes: usize = 32;
export const phaseTable = memory.data((512 + 1) * 32, 16);

function fillPhases(): void {
  for (let phase = 0; phase <= phases; phase++) {
    for (let tap = 0; tap < 6; tap++) {
      const weight = lanczos(<f64>phase / <f64>phases + 2 - <f64>tap);
      store<f32>(phaseTable + <usize>phase * phaseBytes + ((<usize>tap) << 2), <f32>weight);
    }
  }
}
fillPhases();

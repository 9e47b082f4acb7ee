/** Of one path, once its curves are straight lines. */
export const maxEdges = 1 << 18;
/** How often a path's edges cross lines of samples. */
export const maxCrossings = 1 << 24;
/** Of all paths of a picture together, a crossing and four pixels of a path's rectangle alike: three seconds, and many times what people lay on a card. */
export const maxWork: i64 = 1 << 28;
/** In pixels, of a corner: a kilometre of card. Beyond it a double would not tell parts of a pixel from each other. */
export const maxDistance: f64 = 1e8;

/** What `fill` answers. */
export const done = 0;
export const tooFar = 1;
export const tooComplex = 2;

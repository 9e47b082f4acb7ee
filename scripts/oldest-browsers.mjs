/** The oldest browsers that the designer, the loader and the demo's pages run on; docs/embed.md promises them. */
export const oldestBrowsers = /** @type {const} */ ({ chrome: "109", firefox: "115", safari: "16.4" });

/** The same as the bundler names them. */
export const buildTarget = Object.entries(oldestBrowsers).map(([name, version]) => name + version);

import react from "@vitejs/plugin-react";
import { defineConfig, type UserConfig } from "vite";

/** The designer: a page of its own, served by our server under a strict CSP, so nothing may be inlined. */
const designer: UserConfig = {
  base: "/designer/",
  plugins: [react()],
  worker: { format: "es" },
  build: {
    outDir: "dist/designer",
    emptyOutDir: true,
    target: "es2024",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: "hidden",
  },
};

/** The loader for the issuer's page: one classic script, `dist/embed/card-designer.js`. */
const embed: UserConfig = {
  publicDir: false,
  build: {
    outDir: "dist/embed",
    emptyOutDir: true,
    target: "es2024",
    minify: true,
    sourcemap: "hidden",
    lib: { entry: "src/embed/main.ts", formats: ["iife"], name: "FullbleedLoader", fileName: () => "card-designer.js" },
  },
};

export default defineConfig(({ mode }) => (mode === "embed" ? embed : designer));

import type { Template } from "../template.ts";

const flat = { rotationDeg: 0, mirrored: false } as const;

/** A template as a bank would make it: a frame, a logo, a text to be filled, a shape to be coloured, one that is the cardholder's, and a hint. */
export const club: Template = {
  id: "club",
  version: 2,
  names: { en: "Club", de: "Verein" },
  products: ["photo-landscape"],
  elements: [
    {
      element: {
        kind: "shape",
        id: "stripe",
        shape: "rectangle",
        fill: "#1b6b47",
        box: { xMm: 0, yMm: 4, widthMm: 60, heightMm: 6, ...flat },
      },
      locks: { move: true, content: true, remove: true },
      slot: { names: { en: "Stripe" } },
      prints: true,
    },
    {
      element: {
        kind: "text",
        id: "since",
        text: "Since 1921",
        face: "classic",
        align: "centre",
        fill: "#ffffff",
        box: { xMm: 0, yMm: 4, widthMm: 40, heightMm: 5, ...flat },
      },
      locks: { move: true, style: true, content: true, remove: true },
      prints: true,
    },
    {
      element: {
        kind: "shape",
        id: "star",
        shape: "star",
        fill: "#f6c544",
        box: { xMm: 20, yMm: -10, widthMm: 10, heightMm: 9, ...flat },
      },
      locks: {},
      prints: true,
    },
    {
      element: {
        kind: "text",
        id: "name",
        text: "Name",
        face: "hand",
        align: "centre",
        fill: "#ffffff",
        box: { xMm: 9, yMm: -8, widthMm: 40, heightMm: 9, ...flat },
      },
      locks: { move: true, style: true },
      slot: { names: { en: "Your name", de: "Ihr Name" } },
      prints: true,
    },
    {
      element: {
        kind: "drawing",
        id: "logo",
        box: { xMm: 30, yMm: 20, widthMm: 12, heightMm: 6, ...flat },
        art: {
          width: 20,
          height: 10,
          ops: [
            { path: "M0 0L20 0L20 10L0 10Z", fill: "#123456", rule: "nonzero" },
            { path: "M2 2L18 2L18 8L2 8Z", fill: "#ffffff", rule: "nonzero" },
          ],
        },
      },
      locks: { move: true, style: true, content: true, remove: true },
      prints: true,
      onTop: true,
    },
    {
      element: {
        kind: "shape",
        id: "face-here",
        shape: "ellipse",
        fill: "#ffffff",
        box: { xMm: -20, yMm: 0, widthMm: 20, heightMm: 26, ...flat },
      },
      locks: { move: true, style: true, content: true, remove: true },
      prints: false,
    },
  ],
};

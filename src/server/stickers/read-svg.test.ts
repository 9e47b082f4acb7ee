import { expect, it } from "vitest";
import { maxOps } from "#design/elements.ts";
import { readSvg, svgLimits } from "./read-svg.ts";

const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"`;
const svg = (content: string, attributes = ""): string => `${open} ${attributes}>${content}</svg>`;
const square = `<path d="M0 0h32v32z"/>`;
const read = (text: string | Uint8Array) =>
  readSvg(typeof text === "string" ? new TextEncoder().encode(text) : text, 32);
const toOutlines = /convert strokes to outlines/;
const pathsOf = (content: string, attributes = ""): string[] =>
  read(svg(content, attributes)).ops.map(({ path }) => path);

it.each<[string, string | Uint8Array, RegExp]>([
  ["nothing", "", /is not one <svg>|is not well-formed/],
  ["no XML", "GIF89a", /is not/],
  ["no UTF-8", Uint8Array.of(60, 115, 118, 103, 255), /UTF-8/],
  ["UTF-16", Buffer.from(`\ufeff${svg(square)}`, "utf16le"), /UTF-8/],
  ["not closed", `${open}><path d="M0 0h1v1z"/>`, /not well-formed|is not one/],
  ["an attribute twice", svg(`<path d="M0 0h1v1z" d="M0 0h2v2z"/>`), /not well-formed/],
  ["two roots", svg(square) + svg(square), /is not one <svg>|not well-formed/],
  ["another root", `<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>`, /is not one <svg>/],
  ["no namespace", `<svg viewBox="0 0 1 1">${square}</svg>`, /xmlns=/],
  ["a DOCTYPE", `<!DOCTYPE svg>${svg(square)}`, /DOCTYPE/],
  ["an entity", `<!DOCTYPE svg [<!ENTITY a "x">]>${svg("<title>&a;</title>")}`, /DOCTYPE/],
  [
    "a billion laughs",
    `<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>${svg(square)}`,
    /DOCTYPE/,
  ],
  ["a file", `<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>${svg("<desc>&a;</desc>")}`, /DOCTYPE/],
  ["a DOCTYPE that seems to be in a comment", `<!-- --><!DOCTYPE svg>${svg(square)}<!-- -->`, /DOCTYPE/],
  ["a reference", svg(`<title>&#60;</title>${square}`), /reference/],
  ["CDATA", svg(`<title><![CDATA[x]]></title>${square}`), /CDATA/],
  ["a style sheet from elsewhere", `<?xml-stylesheet href="https://example.com/a.css"?>${svg(square)}`, /processing/],
  ["a script", svg(`<script>alert(1)</script>${square}`), /has <script>/],
  ["a script of another spelling", svg(`<SCRIPT/>${square}`), /has <SCRIPT>/],
  ["a script with a prefix", svg(`<svg:script xmlns:svg="http://www.w3.org/2000/svg"/>${square}`), /has <svg:script>/],
  ["a foreign object", svg(`<foreignObject><body/></foreignObject>${square}`), /has <foreignObject>/],
  ["a style", svg(`<style>*{fill:red}</style>${square}`), /has <style>/],
  ["an image", svg(`<image href="https://example.com/a.png"/>${square}`), /has <image>/],
  ["an image in the file", svg(`<image href="data:image/png;base64,AAAA"/>${square}`), /has <image>/],
  ["a filter", svg(`<filter id="a"><feFlood/></filter>${square}`), /has <filter>/],
  ["a use", svg(`<g id="a">${square}</g><use href="#a"/>`), /has <use>/],
  ["definitions", svg(`<defs>${square}</defs>`), /has <defs>/],
  ["a gradient", svg(`<linearGradient id="a"/>${square}`), /has <linearGradient>/],
  ["a line", svg(`<line x1="0" y1="0" x2="9" y2="9"/>`), /has <line>/],
  ["text", svg(`<text>Bank</text>`), /has <text>/],
  ["an animation", svg(`<path d="M0 0h9v9z"><animate attributeName="d"/></path>`), /something within <path>/],
  ["bare words", svg(`Bank${square}`), /has text/],
  ["a link", svg(`<a href="https://example.com">${square}</a>`), /has <a>/],
  ["what happens on loading", svg(square, `onload="alert(1)"`), /"onload" on <svg>/],
  ["what happens on a click", svg(`<path d="M0 0h9v9z" onclick="a()"/>`), /"onclick" on <path>/],
  ["a style of its own", svg(`<path d="M0 0h9v9z" style="fill:url(//example.com)"/>`), /"style" on <path>/],
  ["a class", svg(`<path class="a" d="M0 0h9v9z"/>`), /"class" on <path>/],
  ["a stroke", svg(`<path d="M0 0h9v9z" stroke="#000"/>`), /"stroke" on <path>/],
  ["opacity", svg(`<g opacity=".5">${square}</g>`), /"opacity" on <g>/],
  ["a mask", svg(`<g mask="url(#a)">${square}</g>`), /"mask" on <g>/],
  ["a fill from elsewhere", svg(`<path d="M0 0h9v9z" fill="url(https://example.com/#a)"/>`), /has the fill "url/],
  ["a colour of the page", svg(`<path d="M0 0h9v9z" fill="currentColor"/>`), /has the fill "currentcolor"/],
  ["no known rule", svg(`<path d="M0 0h9v9z" fill-rule="odd"/>`), /fill-rule/],
  ["no numbers", svg(`<rect width="50%" height="9"/>`), /has a width that is not a number/],
  ["half a pair", svg(`<polygon points="0 0 9 9 9"/>`), /points/],
  ["a path that is none", svg(`<path d="M0 0 url(a)"/>`), /path that cannot be read at its character 7/],
  ["a path that begins in the air", svg(`<path d="L9 9z"/>`), /cannot be read at its character 2/],
  ["a path with half a curve", svg(`<path d="M0 0C1 1 2 2 3"/>`), /cannot be read/],
  ["a number without end", svg(`<path d="M0 0L1e999 0z"/>`), /beyond its viewBox/],
  ["a transform that is none", svg(`<g transform="spin(9)">${square}</g>`), /transform "spin"/],
  ["a transform of a name without end", svg(`<g transform="${"a".repeat(190_000)}">${square}</g>`), /cannot be read/],
  ["a transform with an end", svg(`<g transform="scale(2);x">${square}</g>`), /transform that cannot be read/],
  ["a transform without numbers", svg(`<g transform="scale(NaN)">${square}</g>`), /transform "scale" without numbers/],
  ["a matrix of nothing", svg(`<g transform="matrix(1 0)">${square}</g>`), /transform "matrix" with 2/],
  ["no area", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 9">${square}</svg>`, /without an area/],
  ["no viewBox", `<svg xmlns="http://www.w3.org/2000/svg">${square}</svg>`, /without an area/],
  ["half a viewBox", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9">${square}</svg>`, /viewBox of four/],
  ["a ribbon", `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 9">${square}</svg>`, /as long as wide/],
  [
    "a colour that is none but a word of the language",
    svg(`<path d="M0 0h9v9z" fill="constructor"/>`),
    /has the fill "con/,
  ],
  ["an element that is one", svg(`<isPrototypeOf/>${square}`), /has <isPrototypeOf>: expected only/],
  ["a curve that swings out", svg(`<path d="M0 0C0 -9 32 -9 32 0V9H0z"/>`), /beyond its viewBox/],
  ["a curve far out", svg(`<path d="M0 0Q1e30 -1e30 9 9z"/>`), /beyond its viewBox/],
  ["comments that are not closed", svg("<!--".repeat(49_000)), /DOCTYPE/],
  ["what lies beyond the picture", svg(`<path d="M0 0h99v9z"/>`), /beyond its viewBox/],
  ["nothing that is seen", svg(`<path fill="none" d="M0 0h9v9z"/>`), /draws nothing/],
  ["lines that enclose nothing", svg(`<path d="M2 2L30 30"/><polyline points="2 30 16 16 30 2"/>`), toOutlines],
  ["a line there and back", svg(`<path d="M2 2H30V30H2L2 30H30V2Z"/>`), toOutlines],
  ["a curve there and back", svg(`<path d="M2 2C9 20 20 9 30 30C20 9 9 20 2 2Z"/>`), toOutlines],
  ["an area that is left out again", svg(`<path fill-rule="evenodd" d="M0 0h9v9zM0 0h9v9z"/>`), toOutlines],
  ["strokes alone", svg(`<g fill="none" stroke="#000" stroke-width="2"><path d="M2 2L30 30"/></g>`), toOutlines],
  ["a width of strokes", svg(`<path d="M0 0h9v9z" stroke-width="2"/>`), toOutlines],
  ["strokes whose colour is missing", svg(`<path fill="none" d="M2 2L30 30"/>`), toOutlines],
  ["a line", svg(`<line x1="2" y1="2" x2="30" y2="30"/>`), toOutlines],
  ["too many bytes", svg(`${square}<!--${" ".repeat(svgLimits.bytes)}-->`), /larger than/],
  ["too many elements", svg("<g/>".repeat(svgLimits.elements + 1)), /more than 1000 elements/],
  ["too many outlines", svg(`<path d="M0 0h9v9z"/>`.repeat(maxOps + 1)), /more than 500 outlines/],
  ["too long a path", svg(`<path d="M0 0${"h1h-1".repeat(12_000)}"/>`), /longer than 60000/],
  ["too deep", svg("<g>".repeat(200) + square + "</g>".repeat(200)), /deep/],
])("refuses %s", (_name, text, why) => {
  expect(() => read(text)).toThrow(why);
});

it.each([
  ["two triangles from one outline", `<path d="M2 2L30 30V2L2 30Z"/>`],
  ["a hairline", `<rect x="2" y="16" width="28" height="0.1"/>`],
  ["a dot beside a line", `<path d="M2 2L30 30"/><circle cx="28" cy="4" r="0.2"/>`],
])("takes %s, which shows something", (_name, content) => {
  expect(read(svg(content)).ops).not.toEqual([]);
});

it("takes every shape, each in its own outline", () => {
  expect(pathsOf(`<rect x="1" y="2" width="3" height="4"/>`)).toEqual(["M1 2L4 2L4 6L1 6Z"]);
  expect(pathsOf(`<polygon points="1,1 9,1 5,9"/><polyline points="1 1 9 1 5 9"/>`)).toEqual([
    "M1 1L9 1L5 9Z",
    "M1 1L9 1L5 9Z",
  ]);
  const [circle] = pathsOf(`<circle cx="16" cy="16" r="8"/>`);
  expect(circle).toBe(
    "M8 16C8 11.58 11.58 8 16 8C20.42 8 24 11.58 24 16C24 20.42 20.42 24 16 24C11.58 24 8 20.42 8 16Z",
  );
  expect(pathsOf(`<ellipse cx="16" cy="16" rx="8" ry="8"/>`)).toEqual([circle]);
  expect(pathsOf(`<rect x="8" y="8" width="16" height="16" rx="8"/>`)[0]).toMatch(/^M16 8L16 8C20.42 8 24 11.58 24 16/);
});

it("writes relative, short and smooth commands out", () => {
  expect(pathsOf(`<path d="m1 1 2 0v2H1z m 4 4h2"/>`)).toEqual(["M1 1L3 1L3 3L1 3ZM5 5L7 5"]);
  expect(pathsOf(`<path d="M0 0c1 1 2 1 3 0s2-1 3 0"/>`)).toEqual(["M0 0C1 1 2 1 3 0C4 -1 5 -1 6 0"]);
  expect(pathsOf(`<path d="M0 2q1 2 2 0t2 0"/>`)).toEqual(["M0 2Q1 4 2 2Q3 0 4 2"]);
  expect(pathsOf(`<path d="M0 0S1 1 2 0T4 4"/>`)).toEqual(["M0 0C0 0 1 1 2 0Q2 0 4 4"]);
  // Flags of an arc need nothing behind them.
  expect(pathsOf(`<path d="M8 16a8 8 0 0116 0z"/>`)).toEqual(pathsOf(`<path d="M8 16a8 8 0 0 1 16 0z"/>`));
  expect(pathsOf(`<path d="M1.5.5.5-.25.5.5"/>`)).toEqual(["M1.5 0.5L0.5 -0.25L0.5 0.5"]);
});

it("takes a curve whose control points alone lie outside", () => {
  expect(pathsOf(`<path d="M0 9C0 -2 32 -2 32 9z"/>`)).toEqual(["M0 9C0 -2 32 -2 32 9Z"]);
});

it("inherits colour and rule, and applies transforms from the inside out", () => {
  const { ops } = read(
    svg(
      `<g fill="#F80" transform="translate(10 0)"><path transform="scale(2)" d="M0 0h1v1z"/><g fill-rule="evenodd" fill="white"><path transform="rotate(90 2 2)" d="M2 2h2v2z"/></g></g>`,
      `fill="none"`,
    ),
  );
  expect(ops).toEqual([
    { path: "M10 0L12 0L12 2Z", fill: "#ff8800", rule: "nonzero" },
    { path: "M12 2L12 4L10 4Z", fill: "#ffffff", rule: "evenodd" },
  ]);
});

it("fits the viewBox into the asked size, and leaves out what says nothing about the drawing", () => {
  const text = `<?xml version="1.0" encoding="UTF-8"?><!-- <script> -->\n<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10" viewBox="10 10 20 10"><title>Bank</title><path id="a" d="M10 10h20v10z"/></svg>`;
  expect(readSvg(new TextEncoder().encode(text), 320)).toEqual({
    width: 320,
    height: 160,
    ops: [{ path: "M0 0L320 0L320 160Z", fill: "#000000", rule: "nonzero" }],
  });
});

it("takes drawings of ten thousand lines there and back, whatever they show, without being held by them", () => {
  const zigzag = (times: number): string => `<path d="M0 0${"V32V0".repeat(times)}"/>`;
  expect(() => read(svg(zigzag(100)))).toThrow(toOutlines);
  expect(read(svg(zigzag(2000))).ops).toHaveLength(1);
  expect(read(svg(zigzag(1200).repeat(30))).ops).toHaveLength(30);
});

it("refuses as many files with a number of digits without end as an issuer may have, and is not held by them", () => {
  const digits = `${"1".repeat(190_000)}x`;
  for (let file = 0; file < 12; file += 1) {
    expect(() => read(svg(`<rect width="${digits}"/>`))).toThrow(/has a width that is not a number/);
    expect(() => read(svg(`<g transform="scale(${digits})">${square}</g>`))).toThrow(/without numbers/);
  }
});

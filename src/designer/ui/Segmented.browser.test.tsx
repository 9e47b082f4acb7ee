import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { page } from "vitest/browser";
import "../styles/tokens.css";
import "../styles/base.css";
import { Segmented } from "./Segmented.tsx";

let root: Root;
let host: HTMLElement;

beforeEach(async () => {
  await page.viewport(1280, 720);
  host = document.body.appendChild(document.createElement("div"));
  // A panel's content.
  host.style.inlineSize = "324px";
  root = createRoot(host);
});
afterEach(() => {
  root.unmount();
  host.remove();
});

const words = [
  "Photo",
  "Cadrage",
  "Licht",
  "Filtros",
  "Plantillas",
  "Text",
  "Pegatinas",
  "Formen",
  "Zeichnen",
  "Modèles",
];

async function show(count: number): Promise<readonly DOMRect[]> {
  const options = Array.from({ length: count }, (_, at) => ({
    value: `${at}`,
    label: words[at % words.length] as string,
    icon: "photo" as const,
  }));
  root.render(<Segmented label="Tools" options={options} value="0" onChange={() => {}} />);
  await expect.poll(() => host.querySelectorAll("label").length).toBe(count);
  return [...host.querySelectorAll("label")].map((option) => option.getBoundingClientRect());
}

it("on a desktop has options of one size in even rows, and none alone in a row", async () => {
  for (let count = 2; count <= 12; count++) {
    const boxes = await show(count);
    const [first] = boxes as [DOMRect];
    const rows = [...Map.groupBy(boxes, ({ top }) => top).values()];
    expect(rows.length, `rows of ${count}`).toBe(Math.ceil(count / 4));
    for (const { width, height } of boxes) {
      expect(width, `width of ${count}`).toBeCloseTo(first.width, 1);
      expect(height, `height of ${count}`).toBeCloseTo(first.height, 1);
    }
    expect(rows.at(-1)!.length, `the last row of ${count}`).toBeGreaterThan(1);
    for (const label of host.querySelectorAll("label"))
      expect(label.scrollWidth, label.textContent).toBeLessThanOrEqual(label.clientWidth);
  }
});

import { expect } from "vitest";
import { eventTypes, findFrame, inFrame } from "../testing/visit.ts";
import { test } from "./testing/form-page.ts";

test.for(["react", "element"] as const)(
  "%s: a picker of the page's own is asked for the photo, which is the one of now",
  async (form, { open }) => {
    const page = await open(form);
    await page.evaluate(`window.picked = [];
      window.pick = (name) => (request, { signal }) => { picked.push([name, request.source, signal.aborted]); return new Blob([name]); }; 0`);
    if (form === "react") {
      await page.evaluate(
        "forms.react({ ...options, pickImage: pick('first') }).then((shown) => { window.shown = shown; })",
      );
    } else {
      await page.evaluate(`window.element = document.createElement("card-designer");
        element.setAttribute("origin", new URLSearchParams(location.search).get("designer"));
        Object.assign(element, { pickImage: pick("first"), fetchSession: options.fetchSession });
        element.addEventListener("ready", ({ detail }) => options.onEvent(detail));
        document.querySelector("#mount").append(element); 0`);
    }
    await expect.poll(() => eventTypes(page)).toEqual(["ready"]);
    const frame = await findFrame(page);
    expect(await inFrame(frame, ({ link }) => link)).toMatchObject({ start: { options: { pickImage: true } } });
    const request = JSON.stringify({ source: "camera", accept: ["image/jpeg"], maxBytes: 9 });
    const ask = `link.ask("pickImage", ${request}, new AbortController().signal).then((file) => file.text())`;
    expect(await frame.evaluate(ask)).toBe("first");
    await page.evaluate(
      form === "react" ? "shown.change({ pickImage: pick('second') })" : "element.pickImage = pick('second'); 0",
    );
    expect(await frame.evaluate(ask)).toBe("second");
    expect(await page.evaluate("picked")).toEqual([
      ["first", "camera", false],
      ["second", "camera", false],
    ]);
  },
);
